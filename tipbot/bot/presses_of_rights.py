"""The buttons around people's data as values: the policy, consents, offers, and having everything erased."""

from dataclasses import dataclass
from typing import ClassVar, NewType

from tipbot.bot.presses import Press
from tipbot.domain.content import PageId

ConsentVersion = NewType("ConsentVersion", str)


@dataclass(frozen=True, slots=True)
class ShowPolicy(Press):
    """Show the first page of the privacy policy."""

    code: ClassVar[str] = "policy"


@dataclass(frozen=True, slots=True)
class ShowPolicyPage(Press):
    """Show one page of the privacy policy."""

    code: ClassVar[str] = "page"
    page: PageId


@dataclass(frozen=True, slots=True)
class AgreeAgain(Press):
    """Agree to the words of this version."""

    code: ClassVar[str] = "again"
    version: ConsentVersion


@dataclass(frozen=True, slots=True)
class DeleteAll(Press):
    """Erase everything about this chat."""

    code: ClassVar[str] = "erase"


@dataclass(frozen=True, slots=True)
class KeepAll(Press):
    """Erase nothing after all."""

    code: ClassVar[str] = "spare"


@dataclass(frozen=True, slots=True)
class ShowOffers(Press):
    """Ask whether news and offers of the clinic are wanted."""

    code: ClassVar[str] = "offers"


@dataclass(frozen=True, slots=True)
class SwitchOffers(Press):
    """Send news and offers of the clinic, or do not."""

    code: ClassVar[str] = "news"
    is_on: bool


@dataclass(frozen=True, slots=True)
class StopOffers(Press):
    """Send no offers of the clinic any more; everything else goes on."""

    code: ClassVar[str] = "nooffers"


PRESSES_OF_RIGHTS: tuple[type[Press], ...] = (
    StopOffers,
    *(ShowPolicy, ShowPolicyPage, AgreeAgain, DeleteAll, KeepAll, ShowOffers, SwitchOffers),
)
