"""Who gets messages, and when they asked for them; nothing here says who a person is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

from tipbot.domain.content import ItemId, Language
from tipbot.domain.deck import START_OF_DECK, DeckPosition
from tipbot.domain.weekdays import EVERY_DAY, MONDAY_TO_FRIDAY, Weekdays

ChatId = NewType("ChatId", int)


class ChatKind(StrEnum):
    """What sort of chat a subscription belongs to."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


class Status(StrEnum):
    """Whether a subscriber gets messages, and if not, who decided that."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    BLOCKED = "blocked"
    GONE = "gone"


class Kind(StrEnum):
    """What a standing order brings."""

    TIP = "tip"
    STRETCH = "stretch"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A chat that asked for messages. `zone` is an IANA name; all moments are UTC.

    `paused_until` is None for a pause without an end. `farewell_warned_at` is when somebody who had been silent for
    long was told that they will be forgotten.
    """

    chat_id: ChatId
    chat_kind: ChatKind
    language: Language
    zone: str
    status: Status
    joined_at: datetime
    last_active_at: datetime
    status_since: datetime
    paused_until: datetime | None = None
    source: str | None = None
    wants_articles: bool = True
    how_often_asked_at: datetime | None = None
    silence_asked_at: datetime | None = None
    slowed_at: datetime | None = None
    farewell_warned_at: datetime | None = None
    stretch_pause_until: datetime | None = None

    def rests_stretches(self, now: datetime) -> bool:
        """Say whether no stretch may come at this moment: the person asked for a pause of stretches."""
        return self.stretch_pause_until is not None and now < self.stretch_pause_until

    def may_get_offers(self, now: datetime) -> bool:
        """Say whether a yes to offers counts: not in a break after worrying signs.

        In a group nobody can say it for the others (UK: PECR, regulation 22).
        """
        return self.chat_kind is ChatKind.PRIVATE and not self.rests_stretches(now)


@dataclass(frozen=True, slots=True)
class Slot:
    """A standing order for one kind: wall time and weekdays are the truth, `next_at` (UTC) follows from them.

    `served_on` is the last local date the schedule dealt with. `shown` is the item last handed out and
    `shown_on` its local date, so that asking again on the same day brings the same item. `since_offer` counts
    the tips since the last one that carried an offer of the clinic.
    """

    chat_id: ChatId
    kind: Kind
    wall_time: time
    weekdays: Weekdays
    is_on: bool = True
    next_at: datetime | None = None
    served_on: date | None = None
    position: DeckPosition = START_OF_DECK
    shown: ItemId | None = None
    shown_on: date | None = None
    since_offer: int = 0


DEFAULT_TIMES = {Kind.TIP: time(9, 0), Kind.STRETCH: time(18, 0)}
DEFAULT_DAYS = {Kind.TIP: EVERY_DAY, Kind.STRETCH: MONDAY_TO_FRIDAY}


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscriber together with their standing orders."""

    subscriber: Subscriber
    slots: Mapping[Kind, Slot]

    @property
    def gets_messages(self) -> bool:
        """Whether anything will fall due without further action."""
        return any(slot.next_at is not None for slot in self.slots.values())
