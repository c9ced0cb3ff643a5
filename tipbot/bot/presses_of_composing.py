"""The buttons of operators for composing a broadcast, each as a value.

`draft` is always the broadcast's number; `is_minus` says that the choice is about whom to leave out.
"""

from dataclasses import dataclass
from typing import ClassVar, NewType

from tipbot.bot.item_presses import Page
from tipbot.bot.presses import Days, Press, Zone
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import BroadcastId
from tipbot.domain.content import Language
from tipbot.domain.subscribers import ChatKind, Kind

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
    """Throw a draft away."""

    code: ClassVar[str] = "dgone"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class ShowAudience(Press):
    """Show who gets it, or who is left out."""

    code: ClassVar[str] = "dwho"
    draft: BroadcastId
    is_minus: bool


@dataclass(frozen=True, slots=True)
class SendToEveryone(Press):
    """Ask nothing of people any more."""

    code: ClassVar[str] = "dall"
    draft: BroadcastId


@dataclass(frozen=True, slots=True)
class SwitchChats(Press):
    """Send to this sort of chats, or do not."""

    code: ClassVar[str] = "dchats"
    draft: BroadcastId
    kind: ChatKind
    is_on: bool


@dataclass(frozen=True, slots=True)
class SwitchOrdered(Press):
    """Ask that people get this kind, or do not."""

    code: ClassVar[str] = "dkind"
    draft: BroadcastId
    is_minus: bool
    kind: Kind
    is_on: bool


@dataclass(frozen=True, slots=True)
class SwitchReaders(Press):
    """Ask that people read this language, or do not."""

    code: ClassVar[str] = "dread"
    draft: BroadcastId
    is_minus: bool
    language: Language
    is_on: bool


@dataclass(frozen=True, slots=True)
class ShowZones(Press):
    """Show a page of the time zones there are; the first page is 1."""

    code: ClassVar[str] = "dzones"
    draft: BroadcastId
    is_minus: bool
    page: Page


@dataclass(frozen=True, slots=True)
class SwitchZone(Press):
    """Ask that people are in this zone, or do not."""

    code: ClassVar[str] = "dzone"
    draft: BroadcastId
    is_minus: bool
    zone: Zone
    is_on: bool


@dataclass(frozen=True, slots=True)
class ShowJoined(Press):
    """Show since when people may have joined."""

    code: ClassVar[str] = "djoins"
    draft: BroadcastId
    is_minus: bool


@dataclass(frozen=True, slots=True)
class ChooseJoined(Press):
    """Ask that people joined in the last days; 0 asks nothing."""

    code: ClassVar[str] = "djoin"
    draft: BroadcastId
    is_minus: bool
    days: Days


@dataclass(frozen=True, slots=True)
class AskJoined(Press):
    """Ask for a typed day since which people joined."""

    code: ClassVar[str] = "dsince"
    draft: BroadcastId
    is_minus: bool


@dataclass(frozen=True, slots=True)
class ShowActive(Press):
    """Show in how many days people may have been active."""

    code: ClassVar[str] = "dacts"
    draft: BroadcastId
    is_minus: bool


@dataclass(frozen=True, slots=True)
class ChooseActive(Press):
    """Ask that people were active in the last days; 0 asks nothing."""

    code: ClassVar[str] = "dact"
    draft: BroadcastId
    is_minus: bool
    days: Days


@dataclass(frozen=True, slots=True)
class ShowGot(Press):
    """Show the broadcasts that people may have got."""

    code: ClassVar[str] = "dgots"
    draft: BroadcastId
    is_minus: bool


@dataclass(frozen=True, slots=True)
class ChooseGot(Press):
    """Ask that people got this broadcast; 0 asks nothing."""

    code: ClassVar[str] = "dgot"
    draft: BroadcastId
    is_minus: bool
    got: BroadcastId


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
    *(AskPurpose, ChoosePurpose, AskToDiscard, DiscardDraft, ShowAudience, SendToEveryone),
    *(SwitchChats, SwitchOrdered, SwitchReaders, ShowZones, SwitchZone, ShowJoined, ChooseJoined, AskJoined),
    *(ShowActive, ChooseActive, ShowGot, ChooseGot, ShowWhen, SendNow, AskMoment, ChangePlan, CancelPlan),
)
