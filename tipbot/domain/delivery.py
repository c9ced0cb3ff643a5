"""One message to one chat: what was asked for, what Telegram answered, and what follows from the answer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from tipbot.domain.content import ItemId, Language
from tipbot.domain.pace import LONGEST_STOP
from tipbot.domain.subscribers import ChatId, Kind


class DeliveryStatus(StrEnum):
    """Where a delivery stands. Only the first two can still change by themselves; held ones wait for somebody."""

    QUEUED = "queued"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    BLOCKED = "blocked"
    GONE = "gone"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Matter(StrEnum):
    """What a delivery is: something ordered, a note about the messages themselves, or a post in a channel.

    Of a broadcast it is the message, or a change to the one that was brought, or its taking back.
    """

    TIP = "tip"
    STRETCH = "stretch"
    NOTE = "note"
    POST = "post"
    BROADCAST = "broadcast"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"

    @classmethod
    def ordered(cls, kind: Kind) -> "Matter":
        """Return what a standing order of this kind brings to people."""
        return cls.TIP if kind is Kind.TIP else cls.STRETCH


# Ten thousand may be made at once: a tuple takes a third of the time.
class NewDelivery(NamedTuple):
    """A delivery to be written down; `key` makes writing it twice harmless.

    It goes out `wait` after it is due at the earliest. `has_offer` adds the clinic's offer; of a
    note, `item` is its name. `reason` is why one that will not be sent is written down.
    """

    key: str
    chat_id: ChatId
    kind: Matter
    item: ItemId
    language: Language
    due_at: datetime
    not_after: datetime
    status: DeliveryStatus = DeliveryStatus.QUEUED
    wait: timedelta = timedelta(0)
    has_offer: bool = False
    reason: str = "too late to be of use"


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this process alone may send, at `slot_at` and not after `lease_until` (both UTC).

    `target` is the message to change or take back, `also` are the further messages of its album.
    """

    id: int
    chat_id: ChatId
    kind: Matter
    item: ItemId
    language: Language
    not_after: datetime
    attempts: int
    slot_at: datetime
    lease_until: datetime
    has_offer: bool = False
    broadcast: int | None = None
    target: int | None = None
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram accepted the message; `also` are the further messages of an album."""

    message_id: int
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unwanted:
    """The chat does not want messages any more: the bot was blocked or removed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """The chat is no more: the account was deactivated, or the chat was never there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group lives on under a new id."""

    chat_id: ChatId


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this message as it is: a fault of ours."""

    reason: str


@dataclass(frozen=True, slots=True)
class Retired:
    """The item is not given any more: nothing was sent."""

    reason: str = "retired"


@dataclass(frozen=True, slots=True)
class Limited:
    """Telegram wants a pause first; the message was not taken."""

    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class NotSent:
    """The message surely did not go out, and trying again may help."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotTried:
    """The message was never handed over, because its turn did not come: no attempt at all."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Nobody can know whether the message went out: the connection broke after it was handed over."""

    reason: str


Receipt = Sent | Unwanted | Vanished | Moved | Refused | Retired | Limited | NotSent | NotTried | Uncertain

# What these receipts make of a delivery for good, or until a late answer corrects it.
_ENDS = {
    Unwanted: DeliveryStatus.BLOCKED,
    Vanished: DeliveryStatus.GONE,
    Refused: DeliveryStatus.FAILED,
    Retired: DeliveryStatus.CANCELLED,
    Uncertain: DeliveryStatus.UNKNOWN,
}

# Why a delivery waits that met a 429; only such a one may wait for longer than the longest retry.
ASKED_TO_WAIT = "Telegram asked for a pause"
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=5)


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts: doubling from 2 seconds to at most 5 minutes."""
    doublings = min(max(attempts - 1, 0), 10)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to write down about a claimed delivery.

    Without a `next_try_at` a delivery that goes on waiting keeps its place, at the head. `is_attempt` is False for
    what was no failure of this delivery, so that it does not make the next try come later.
    """

    status: DeliveryStatus
    reason: str | None = None
    message_id: int | None = None
    next_try_at: datetime | None = None
    is_attempt: bool = True


def settle(claim: Claim, receipt: Receipt, *, now: datetime) -> Settlement:
    """Return what a receipt means for its delivery.

    Unknown stays unknown: a missed tip is better than a double one. A delivery that would be tried again after
    its time has passed expires instead.
    """
    match receipt:
        case Sent(message_id, _):
            return Settlement(DeliveryStatus.SENT, message_id=message_id)
        case Unwanted(reason) | Vanished(reason) | Refused(reason) | Retired(reason) | Uncertain(reason):
            return Settlement(_ENDS[type(receipt)], reason=reason)
        case _:
            return _still_to_be_sent(claim, receipt, now)


def _still_to_be_sent(claim: Claim, receipt: Moved | Limited | NotTried | NotSent, now: datetime) -> Settlement:
    match receipt:
        case Moved() if claim.target is not None:
            return Settlement(DeliveryStatus.FAILED, reason="the group moved, and the message stayed behind")
        case Moved():
            return _again(claim, now, "the group moved")
        case Limited(retry_after):
            return _after_a_pause(claim, retry_after, now)
        case NotTried(reason):
            return replace(_again(claim, now, reason), next_try_at=None, is_attempt=False)
        case NotSent(reason):
            return _again(claim, now + retry_delay(claim.attempts), reason)


def _after_a_pause(claim: Claim, retry_after: timedelta, now: datetime) -> Settlement:
    """Return what a 429 means: everybody waits, and this delivery keeps its place at the head.

    Only a pause that is longer than everybody waits is held by the delivery itself.
    """
    again = replace(_again(claim, now + retry_after, ASKED_TO_WAIT), is_attempt=False)
    return again if retry_after > LONGEST_STOP else replace(again, next_try_at=None)


def _again(claim: Claim, at: datetime, reason: str) -> Settlement:
    if at > claim.not_after:
        return Settlement(DeliveryStatus.EXPIRED, reason=reason)
    return Settlement(DeliveryStatus.QUEUED, reason=reason, next_try_at=at)
