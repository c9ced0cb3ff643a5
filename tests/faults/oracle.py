"""Holds the ledger against what Telegram has, row by row and message by message, and says what does not agree.

The ledger is what TipBot wrote down (its outbox, and who was to get its broadcasts); Telegram's side is the
sandbox's own log. Nothing here knows how TipBot works: it reads both, and complains in sentences.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tipbot.domain.delivery import DeliveryStatus, Matter

TAKEN_BACK = "(taken back)"
LOST = "the process that was sending did not come back"
CHANGES = frozenset({Matter.CORRECTION, Matter.WITHDRAWAL})
_OPEN = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.HELD})
_REFUSED = frozenset({DeliveryStatus.BLOCKED, DeliveryStatus.GONE})


@dataclass(frozen=True, slots=True)
class Message:
    """One message that Telegram took from the bot, as it stands in the chat at the end."""

    chat_id: int
    message_id: int
    text: str
    is_deleted: bool = False

    @property
    def shown(self) -> str:
        return TAKEN_BACK if self.is_deleted else self.text


@dataclass(frozen=True, slots=True)
class Telegram:
    """What Telegram knows: every message it took, and the chats of which it ever refused one for good."""

    messages: Sequence[Message]
    refused: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the outbox. `words` must stand in its message; None where they are not known."""

    id: int
    key: str
    chat_id: int
    kind: Matter
    status: DeliveryStatus
    words: str | None = None
    message_id: int | None = None
    reason: str | None = None
    also: tuple[int, ...] = ()
    target: int | None = None

    @property
    def name(self) -> str:
        return f"row {self.id} ({self.key}, {self.status})"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What TipBot wrote down; `owed` are the keys of the deliveries that broadcasts which are done promised."""

    rows: Sequence[Row]
    owed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What must have happened.

    `due` are the keys of all deliveries that fell due, and with `nothing_else` no others may be there. In
    `may_wait` are the states that a delivery may still be in: none, once everything is over. At most `most_lost`
    may have become unknown with a process that died (None: any number). `replies` says how many messages a chat
    may have beside the ledger, because somebody wrote or pressed there.
    """

    due: Collection[str] = ()
    nothing_else: bool = True
    may_wait: frozenset[DeliveryStatus] = frozenset()
    most_lost: int | None = None
    replies: Mapping[int, int] = field(default_factory=dict)


def most_lost(rate: float, round_trip: timedelta, kills: int = 1) -> int:
    """Return how many deliveries may become unknown: what is in the air, and 20 ms ahead, at each kill."""
    return math.ceil(rate * (round_trip.total_seconds() + 0.02)) * kills


def judge(ledger: Ledger, telegram: Telegram, expected: Expected) -> list[str]:
    """Return every complaint; an empty list means that ledger and Telegram agree and nothing due is missing."""
    return [
        *_not_written_down(ledger, expected),
        *_by_themselves(ledger.rows, telegram, expected),
        *_against_telegram(ledger.rows, telegram.messages, expected.replies),
        *_too_many_lost(ledger.rows, expected.most_lost),
    ]


def _not_written_down(ledger: Ledger, expected: Expected) -> Iterator[str]:
    keys = Counter(row.key for row in ledger.rows)
    for key in expected.due:
        if key not in keys:
            yield f"{key} was due and is not in the ledger"
    for key in ledger.owed:
        if key not in keys:
            yield f"{key} was promised by a broadcast that is done, and is not in the ledger"
    for key, times in keys.items():
        if times > 1:
            yield f"{key} is in the ledger {times} times"
        if expected.nothing_else and key not in expected.due:
            yield f"{key} is in the ledger and was not due"


def _by_themselves(rows: Iterable[Row], telegram: Telegram, expected: Expected) -> Iterator[str]:
    for row in rows:
        if row.status in _OPEN:
            if row.status not in expected.may_wait:
                yield f"{row.name} never came to an end"
        elif row.status is DeliveryStatus.SENT:
            if row.message_id is None:
                yield f"{row.name} does not say which message it is"
        elif not row.reason:
            yield f"{row.name} gives no reason"
        if row.status in _REFUSED and row.chat_id not in telegram.refused:
            yield f"{row.name}: Telegram never refused a message to chat {row.chat_id}"


def _too_many_lost(rows: Iterable[Row], most: int | None) -> Iterator[str]:
    lost = sum(row.status is DeliveryStatus.UNKNOWN and row.reason == LOST for row in rows)
    if most is not None and lost > most:
        yield f"{lost} deliveries became unknown with the process that was sending them; at most {most} may"


def _against_telegram(
    rows: Iterable[Row], messages: Iterable[Message], replies: Mapping[int, int]
) -> Iterator[str]:
    chats: defaultdict[int, tuple[list[Row], list[Message]]] = defaultdict(lambda: ([], []))
    for row in rows:
        chats[row.chat_id][0].append(row)
    for message in messages:
        chats[message.chat_id][1].append(message)
    for chat, (written, there) in chats.items():
        yield from _chat(chat, written, there, replies.get(chat, 0))


def _chat(chat: int, rows: Sequence[Row], messages: Sequence[Message], replies: int) -> Iterator[str]:
    there = {message.message_id: message for message in messages}
    used: set[int] = set()
    for row in rows:
        if row.status is not DeliveryStatus.SENT or row.message_id is None or row.kind in CHANGES:
            continue
        for number in (row.message_id, *row.also):
            if number not in there:
                yield f"{row.name} says that chat {chat} has message {number}, and it has not"
            elif number in used:
                yield f"{row.name} names message {number} of chat {chat}, which is another row's"
            used.add(number)
        message = there.get(row.message_id)
        if message is not None and not _fits(message, _possible(row, rows)):
            yield f"{row.name}: message {row.message_id} of chat {chat} is another: {message.shown[:60]!r}"
    left = [message for number, message in there.items() if number not in used]
    yield from list(_left_over(chat, rows, left))[replies:]


def _possible(row: Row, rows: Iterable[Row]) -> list[str | None]:
    """Return what may stand in a row's message: its own words, or those of what corrected it or took it back."""
    possible = [row.words]
    changes = [one for one in rows if one.kind in CHANGES and one.target == row.message_id]
    for change in sorted(changes, key=lambda one: one.id):
        words = TAKEN_BACK if change.kind is Matter.WITHDRAWAL else change.words
        if change.status is DeliveryStatus.SENT:
            possible = [words]
        elif change.status is DeliveryStatus.UNKNOWN:
            possible.append(words)
    return possible


def _fits(message: Message, possible: Iterable[str | None]) -> bool:
    return any(words is None or words in message.shown for words in possible)


def _left_over(chat: int, rows: Sequence[Row], messages: Iterable[Message]) -> Iterator[str]:
    """Complain of each message that no row named, unless it is the one message of an unknown row."""
    brings = [row for row in rows if row.kind not in CHANGES]
    doubtful = [row for row in brings if row.status is DeliveryStatus.UNKNOWN]
    for message in messages:
        explained = next((row for row in doubtful if _fits(message, [row.words])), None)
        if explained is not None:
            doubtful.remove(explained)
            continue
        alike = next((row for row in brings if row.words is not None and row.words in message.shown), None)
        if alike is None:
            yield f"chat {chat} has message {message.message_id}, and no row tells of it: {message.shown[:60]!r}"
        elif alike.status in (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN):
            yield f"chat {chat} has the message of {alike.name} once more: message {message.message_id}"
        else:
            yield f"{alike.name} did not arrive, says the ledger, but chat {chat} has message {message.message_id}"
