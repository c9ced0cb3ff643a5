"""The buttons of the self-checks: a run stands nowhere else, and none of them names anything about health."""

from dataclasses import dataclass
from typing import ClassVar, NewType

from tipbot.bot.presses import Press
from tipbot.domain.check import CheckCode

Mark = NewType("Mark", str)
Answers = NewType("Answers", str)
ItemNumbers = NewType("ItemNumbers", str)
EndingNumber = NewType("EndingNumber", int)


@dataclass(frozen=True, slots=True)
class ShowChecks(Press):
    """Show the list of checks in this message."""

    code: ClassVar[str] = "checks"


@dataclass(frozen=True, slots=True)
class AskConsent(Press):
    """Ask once more whether answers may be used."""

    code: ClassVar[str] = "askok"


@dataclass(frozen=True, slots=True)
class AllowChecks(Press):
    """Answers may be used, or not; `version` is the fingerprint of the text that asked."""

    code: ClassVar[str] = "allow"
    version: Mark
    is_on: bool


@dataclass(frozen=True, slots=True)
class ReadCheck(Press):
    """Show the version to read of this check."""

    code: ClassVar[str] = "view"
    tree: CheckCode


@dataclass(frozen=True, slots=True)
class Walk(Press):
    """Go to where these answers lead, a digit each; `mark` is the fingerprint of the tree they were given in."""

    code: ClassVar[str] = "w"
    tree: CheckCode
    mark: Mark
    answers: Answers


@dataclass(frozen=True, slots=True)
class ShowMore(Press):
    """Show the items that did not fit below an ending; each number stands for one item of the check."""

    code: ClassVar[str] = "rest"
    tree: CheckCode
    mark: Mark
    items: ItemNumbers


@dataclass(frozen=True, slots=True)
class ShowCall(Press):
    """Show an urgent ending together with what to say on the telephone."""

    code: ClassVar[str] = "say"
    tree: CheckCode
    mark: Mark
    ending: EndingNumber


@dataclass(frozen=True, slots=True)
class RestStretches(Press):
    """Bring no stretches for a week."""

    code: ClassVar[str] = "week"
    tree: CheckCode
    mark: Mark
    ending: EndingNumber


@dataclass(frozen=True, slots=True)
class ResumeStretches(Press):
    """Bring stretches again."""

    code: ClassVar[str] = "fit"


@dataclass(frozen=True, slots=True)
class CloseCheck(Press):
    """Put the message away."""

    code: ClassVar[str] = "shut"


CHECK_PRESSES: tuple[type[Press], ...] = (
    *(ShowChecks, AskConsent, AllowChecks, ReadCheck, Walk, ShowMore),
    *(ShowCall, RestStretches, ResumeStretches, CloseCheck),
)
