"""One message to one chat: what was asked for, what Telegram answered, and what follows from the answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tipbot.domain.content import ItemId, Language
from tipbot.domain.subscribers import ChatId, Kind


class DeliveryStatus(StrEnum):
    """Where a delivery stands. Only the first two can still change by themselves."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery to be written down; `key` makes writing it twice harmless."""

    key: str
    chat_id: ChatId
    kind: Kind
    item: ItemId
    language: Language
    due_at: datetime
    not_after: datetime
    status: DeliveryStatus = DeliveryStatus.QUEUED


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this process alone may send, at `slot_at` and not after `lease_until` (both UTC)."""

    id: int
    chat_id: ChatId
    kind: Kind
    item: ItemId
    language: Language
    not_after: datetime
    attempts: int
    slot_at: datetime
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram accepted the message."""

    message_id: int


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
class Limited:
    """Telegram wants a pause first; the message was not taken."""

    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class NotSent:
    """The message surely did not go out, and trying again may help."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Nobody can know whether the message went out: the connection broke after it was handed over."""

    reason: str


Receipt = Sent | Unwanted | Vanished | Moved | Refused | Limited | NotSent | Uncertain

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=5)


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts: doubling from 2 seconds to at most 5 minutes."""
    doublings = min(max(attempts - 1, 0), 10)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to write down about a claimed delivery."""

    status: DeliveryStatus
    reason: str | None = None
    message_id: int | None = None
    next_try_at: datetime | None = None


def settle(claim: Claim, receipt: Receipt, *, now: datetime) -> Settlement:
    """Return what a receipt means for its delivery.

    Unknown stays unknown: a missed tip is better than a double one. A delivery that would be tried again after
    its time has passed expires instead.
    """
    match receipt:
        case Sent(message_id):
            return Settlement(DeliveryStatus.SENT, message_id=message_id)
        case Unwanted(reason) | Vanished(reason) | Refused(reason):
            return Settlement(DeliveryStatus.FAILED, reason=reason)
        case Uncertain(reason):
            return Settlement(DeliveryStatus.UNKNOWN, reason=reason)
        case Moved():
            return _again(claim, now, "the group moved")
        case Limited(retry_after):
            return _again(claim, now + retry_after, "Telegram asked for a pause")
        case NotSent(reason):
            return _again(claim, now + retry_delay(claim.attempts), reason)


def _again(claim: Claim, at: datetime, reason: str) -> Settlement:
    if at > claim.not_after:
        return Settlement(DeliveryStatus.EXPIRED, reason=reason)
    return Settlement(DeliveryStatus.QUEUED, reason=reason, next_try_at=at)
