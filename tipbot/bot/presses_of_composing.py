"""The buttons of operators for composing a broadcast, each as a value.

`draft` is always the broadcast's number; `is_minus` says that the choice is about whom to leave out.
"""

from dataclasses import dataclass
from typing import ClassVar, NewType

from tipbot.bot.presses import Press
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import BroadcastId

Revision = NewType("Revision", int)


@dataclass(frozen=True, slots=True)
class OpenDraft(Press):
    """Preview a draft and show its card below."""

    code: ClassVar[str] = "draft"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class ShowCard(Press):
    """Go back to the card of a draft, in this message."""

    code: ClassVar[str] = "dcard"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class NotNow(Press):
    """Send nothing after all; what holds nothing yet is forgotten."""

    code: ClassVar[str] = "dleave"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class AskToSend(Press):
    """Ask whether a draft shall go out, as it was shown in this revision."""

    code: ClassVar[str] = "dsend"
    draft: BroadcastId
    revision: Revision


@dataclass(frozen=True, slots=True)
class SendDraft(Press):
    """Let a draft go out, as it was shown in this revision."""

    code: ClassVar[str] = "dgo"
    draft: BroadcastId
    revision: Revision


@dataclass(frozen=True, slots=True)
class TestDraft(Press):
    """Send a draft to this operator, or to all, as people would get it."""

    code: ClassVar[str] = "dtest"
    draft: BroadcastId
    is_for_all: bool


@dataclass(frozen=True, slots=True)
class EditDraft(Press):
    """Ask for new words, or for a new message."""

    code: ClassVar[str] = "dedit"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class AskLinks(Press):
    """Ask for the link buttons."""

    code: ClassVar[str] = "dlinks"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class RemoveLinks(Press):
    """Let no link buttons stand below the message."""

    code: ClassVar[str] = "dbare"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class AskPurpose(Press):
    """Ask whether it is an article or an offer."""

    code: ClassVar[str] = "dwhat"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class ChoosePurpose(Press):
    """Take it for this; `is_sure` says that the operator knows that a booking link is there."""

    code: ClassVar[str] = "dis"
    draft: BroadcastId
    purpose: Purpose
    is_sure: bool


@dataclass(frozen=True, slots=True)
class AskToDiscard(Press):
    """Ask whether to throw a draft away."""

    code: ClassVar[str] = "ddrop"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class DiscardDraft(Press):
    """Throw a draft away, as it was shown in this revision."""

    code: ClassVar[str] = "dgone"
    draft: BroadcastId
    revision: Revision


@dataclass(frozen=True, slots=True)
class ShowWhen(Press):
    """Show when it goes out."""

    code: ClassVar[str] = "dwhen"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class SendNow(Press):
    """Let it go out as soon as it is confirmed."""

    code: ClassVar[str] = "dnow"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class AskMoment(Press):
    """Ask for a moment, the same for all or by each person's own clock."""

    code: ClassVar[str] = "dat"
    draft: BroadcastId
    is_local: bool


@dataclass(frozen=True, slots=True)
class ChangePlan(Press):
    """Turn what is planned into a draft again."""

    code: ClassVar[str] = "dback"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class CancelPlan(Press):
    """Cancel what is planned for good."""

    code: ClassVar[str] = "dnever"
    draft: BroadcastId


PRESSES_OF_COMPOSING: tuple[type[Press], ...] = (
    *(OpenDraft, ShowCard, NotNow, AskToSend, SendDraft, TestDraft, EditDraft, AskLinks, RemoveLinks),
    *(AskPurpose, ChoosePurpose, AskToDiscard, DiscardDraft),
    *(ShowWhen, SendNow, AskMoment, ChangePlan, CancelPlan),
)
