"""The buttons of operators for who gets a broadcast, each as a value.

`draft` is always the broadcast's number; `is_minus` says that the choice is about whom to leave out.
"""

from dataclasses import dataclass
from typing import ClassVar

from tipbot.bot.item_presses import Page
from tipbot.bot.presses import Days, Press, Zone
from tipbot.domain.broadcasts import BroadcastId
from tipbot.domain.content import Language
from tipbot.domain.subscribers import ChatKind, Kind


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


PRESSES_OF_AUDIENCE: tuple[type[Press], ...] = (
    *(ShowAudience, SendToEveryone, SwitchChats, SwitchOrdered, SwitchReaders),
    *(ShowZones, SwitchZone, ShowJoined, ChooseJoined, AskJoined, ShowActive, ChooseActive, ShowGot, ChooseGot),
)
