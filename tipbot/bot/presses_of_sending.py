"""The buttons of operators for a broadcast that goes out, and what can be done afterwards, each as a value.

They carry the broadcast's number and nothing more: how it stands is looked up when one is pressed.
"""

from dataclasses import dataclass
from typing import ClassVar, NewType

from tipbot.bot.item_presses import Page
from tipbot.bot.presses import Press
from tipbot.bot.presses_of_composing import Revision

BroadcastNumber = NewType("BroadcastNumber", int)


@dataclass(frozen=True, slots=True)
class ShowBroadcasts(Press):
    """Show one page of the list of broadcasts."""

    code: ClassVar[str] = "bl"
    page: Page


@dataclass(frozen=True, slots=True)
class ShowBroadcast(Press):
    """Show how a broadcast stands."""

    code: ClassVar[str] = "bs"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class PauseBroadcast(Press):
    """Send nothing more of it for now."""

    code: ClassVar[str] = "bp"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class ResumeBroadcast(Press):
    """Go on with it."""

    code: ClassVar[str] = "br"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class ResumeKnowingly(Press):
    """Go on with it though some may get it twice."""

    code: ClassVar[str] = "brr"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class AskCancel(Press):
    """Ask whether the rest of it shall not go out."""

    code: ClassVar[str] = "bx"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class CancelBroadcast(Press):
    """End it for good."""

    code: ClassVar[str] = "bxx"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class ChangeScheduled(Press):
    """Turn it into a draft again, to be changed."""

    code: ClassVar[str] = "bd"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class ShowReport(Press):
    """Show what became of it."""

    code: ClassVar[str] = "bn"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class SendTable(Press):
    """Send what became of each recipient, as a file."""

    code: ClassVar[str] = "bt"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class AskUnknownAgain(Press):
    """Ask whether it shall go once more to those of whom nobody knows."""

    code: ClassVar[str] = "bu"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class UnknownAgain(Press):
    """Send it once more to those of whom nobody knows."""

    code: ClassVar[str] = "buu"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class RetryFailed(Press):
    """Send it once more to those who surely have not got it."""

    code: ClassVar[str] = "bf"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class AskCorrection(Press):
    """Ask for other words, for everyone who got it."""

    code: ClassVar[str] = "bc"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class ConfirmCorrection(Press):
    """Let a correction go out, in the words of this revision."""

    code: ClassVar[str] = "bcc"
    number: BroadcastNumber
    revision: Revision


@dataclass(frozen=True, slots=True)
class DiscardChange(Press):
    """Throw the draft of a correction away."""

    code: ClassVar[str] = "bcx"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class AskTakeBack(Press):
    """Ask whether it shall be deleted for everyone who got it."""

    code: ClassVar[str] = "bw"
    number: BroadcastNumber


@dataclass(frozen=True, slots=True)
class TakeMessageBack(Press):
    """Delete it for everyone who got it."""

    code: ClassVar[str] = "bww"
    number: BroadcastNumber


PRESSES_OF_SENDING: tuple[type[Press], ...] = (
    *(ShowBroadcasts, ShowBroadcast, ShowReport, SendTable),
    *(PauseBroadcast, ResumeBroadcast, ResumeKnowingly, AskCancel, CancelBroadcast, ChangeScheduled),
    *(AskUnknownAgain, UnknownAgain, RetryFailed, AskTakeBack, TakeMessageBack),
    *(AskCorrection, ConfirmCorrection, DiscardChange),
)
