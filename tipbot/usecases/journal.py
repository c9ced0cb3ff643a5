"""One short transaction that carries the answers to the last sends and the claims of the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tipbot.domain.alarms import Alarm, ItemRefused
from tipbot.domain.broadcasts import Broadcast, BroadcastStatus
from tipbot.domain.delivery import (
    Claim,
    DeliveryStatus,
    Limited,
    Matter,
    Moved,
    Receipt,
    Refused,
    Sent,
    Settlement,
    Unwanted,
    Vanished,
    settle,
)
from tipbot.domain.pace import LONGEST_STOP, Pace
from tipbot.domain.subscribers import Status
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.offers import without_unwelcome_offers
from tipbot.usecases.reaching import lose, move

# How far ahead slots are taken: long enough for one transaction to serve several messages at high rates,
# short enough that only what is about to be sent is ever claimed. From a hundred a second on a shorter time serves
# several as well, and fewer are left in doubt when the process dies.
HORIZON = timedelta(milliseconds=20)
SHORT_HORIZON, SHORT_FROM = timedelta(milliseconds=14), 100.0
# How long a claim belongs to its process. Sending takes at most SEND_LIMIT, so a living process always settles
# in time; what is left over belongs to one that died or hung.
LEASE = timedelta(seconds=40)
SEND_LIMIT = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Telegram said to one claim."""

    claim: Claim
    receipt: Receipt


class Journal:
    """Writes answers down and hands out claims, within the pace that all processes share."""

    def __init__(
        self, database: Database, *, owner: str, ceiling: float, alarm: Callable[[Alarm], None] = lambda _: None
    ) -> None:
        self._database = database
        self._owner = owner
        self._ceiling = ceiling
        self.horizon = HORIZON if ceiling < SHORT_FROM else SHORT_HORIZON
        self._alarm = alarm
        self._opens_at: datetime | None = None
        self._halted_until: datetime | None = None

    async def turn(self, answers: Sequence[Answer], *, replies: int, room: int, now: datetime) -> list[Claim]:
        """Settle these answers and claim at most `room` deliveries whose slots come within the next moment.

        `replies` messages went out to people meanwhile: they take their share of the pace, and bulk waits.
        What Telegram refuses for good is a fault of ours that somebody has to mend: operators are told.
        Raises StorageUnavailable, having changed nothing.
        """
        async with self._database.writing() as books:
            pace = before = await books.pace.load(ceiling=self._ceiling, now=now)
            pace = pace.recovered(self._ceiling, now=now).after(replies, now=now)
            pace = await self._settle(books, answers, pace, now)
            free = pace.slots(now=now, until=now + self.horizon, most=room)
            claims = await books.outbox.claim(free, owner=self._owner, now=now, lease=LEASE)
            pace = pace.after(len(claims), now=now)
            claims = await without_unwelcome_offers(books, claims, owner=self._owner, now=now)
            if pace != before:
                await books.pace.save(pace)
        self._opens_at = max(pace.next_slot_at, pace.stopped_until or now)
        self._hold_until(pace.stopped_until)
        for answer in answers:
            # Of a broadcast operators see it themselves, in the message that shows it going out.
            if isinstance(answer.receipt, Refused) and answer.claim.broadcast is None:
                self._alarm(ItemRefused(answer.claim.item, answer.receipt.reason))
        return claims

    def halt(self, retry_after: timedelta, *, now: datetime) -> None:
        """Keep back at once what this process has claimed already; the next turn tells the others."""
        self._hold_until(now + min(retry_after, LONGEST_STOP))

    def is_halted(self, *, now: datetime) -> bool:
        """Say whether Telegram asked for a pause that still lasts, as far as this process has heard."""
        until = self._halted_until
        # A clock that was put back must not make a pause of minutes last for hours.
        return until is not None and now < until <= now + LONGEST_STOP

    def _hold_until(self, moment: datetime | None) -> None:
        if moment is not None:
            self._halted_until = max(moment, self._halted_until or moment)

    async def _settle(self, books: Books, answers: Sequence[Answer], pace: Pace, now: datetime) -> Pace:
        # Subscribers before their deliveries, as everywhere: who erases or translates has one and wants the other.
        for chat_id in sorted({a.claim.chat_id for a in answers if not isinstance(a.receipt, Sent)}):
            await books.subscribers.find(chat_id, for_change=True)
        broadcasts = await _broadcasts_of(books, answers)
        sent = [(a.claim, a.receipt) for a in answers if isinstance(a.receipt, Sent)]
        await books.outbox.settle_sent(sent, owner=self._owner, now=now)
        for answer in answers:
            if isinstance(answer.receipt, Sent):
                continue
            if isinstance(answer.receipt, Limited):
                pace = pace.stopped(answer.receipt.retry_after, now=now)
            settlement = settle(answer.claim, answer.receipt, now=now)
            settlement = await _considering_wishes(books, answer, settlement)
            settlement = _considering_operators(broadcasts.get(answer.claim.broadcast or 0), settlement)
            await books.outbox.settle(answer.claim, settlement, owner=self._owner, now=now)
            await _heed(books, answer, now)
        return pace

    async def slow_down(self, retry_after: timedelta, *, now: datetime) -> None:
        """Let everybody wait: a reply to a person met Telegram's limit."""
        self.halt(retry_after, now=now)
        async with self._database.writing() as books:
            pace = await books.pace.load(ceiling=self._ceiling, now=now)
            await books.pace.save(pace.stopped(retry_after, now=now))

    async def next_moment(self, *, now: datetime) -> datetime | None:
        """Return the earliest moment at which something may be claimed, or None when nothing waits."""
        async with self._database.reading() as books:
            due = await books.outbox.next_due()
        return None if due is None else max(due, now, self._opens_at or now)


async def _broadcasts_of(books: Books, answers: Sequence[Answer]) -> dict[int, Broadcast]:
    """Return the broadcasts whose deliveries may go on waiting; nobody holds or ends them until this is over.

    They come before all deliveries, as wherever somebody holds or ends one and then its deliveries.
    """
    unsent = (answer.claim.broadcast for answer in answers if not isinstance(answer.receipt, Sent))
    found = {}
    for number in sorted({number for number in unsent if number is not None}):
        broadcast = await books.broadcasts.find(number, for_change=True)
        if broadcast is not None:
            found[number] = broadcast
    return found


def _considering_operators(broadcast: Broadcast | None, settlement: Settlement) -> Settlement:
    """Hold or take back a delivery instead of trying it again when its broadcast was while it was in the air."""
    if broadcast is None or settlement.status is not DeliveryStatus.QUEUED:
        return settlement
    if broadcast.status is BroadcastStatus.PAUSED:
        return replace(settlement, status=DeliveryStatus.HELD)
    if broadcast.status is BroadcastStatus.CANCELLED:
        return Settlement(DeliveryStatus.CANCELLED, reason="the broadcast was cancelled")
    return settlement


async def _considering_wishes(books: Books, answer: Answer, settlement: Settlement) -> Settlement:
    """Take a delivery back instead of trying it again when it became unwanted while it was in the air."""
    if settlement.status is not DeliveryStatus.QUEUED or answer.claim.kind in (
        Matter.CORRECTION,
        Matter.WITHDRAWAL,
    ):
        return settlement
    subscriber = await books.subscribers.find(answer.claim.chat_id, for_change=True)
    if answer.claim.item in await books.exclusions.of(answer.claim.chat_id):
        return Settlement(DeliveryStatus.CANCELLED, reason="left out")
    if subscriber is None:
        return settlement
    is_article = answer.claim.kind is Matter.BROADCAST and not answer.claim.has_offer
    if is_article and not subscriber.wants_articles:
        return Settlement(DeliveryStatus.CANCELLED, reason="wants no articles")
    if subscriber.status is Status.ACTIVE:
        return settlement
    return Settlement(DeliveryStatus.CANCELLED, reason=str(subscriber.status))


async def _heed(books: Books, answer: Answer, now: datetime) -> None:
    """Draw the consequence for the chat itself."""
    chat_id = answer.claim.chat_id
    match answer.receipt:
        case Unwanted():
            await lose(books, chat_id, Status.BLOCKED, now=now)
        case Vanished():
            await lose(books, chat_id, Status.GONE, now=now)
        case Moved(new_chat_id):
            await move(books, chat_id, new_chat_id, now=now)


def without_room_to_send(claim: Claim, *, now: datetime) -> bool:
    """Say whether a claim is too old to be sent: its lease could run out while the message is in the air."""
    return now + SEND_LIMIT > claim.lease_until


def age_of(claim: Claim, *, now: datetime) -> timedelta:
    """Return how long ago something was claimed."""
    return now - claim.lease_until + LEASE
