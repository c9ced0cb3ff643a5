"""The deliveries of one broadcast: counted, held, let go again, and listed one by one for a report."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Action, Broadcast, Sweep
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId, Status
from tipbot.domain.witness import IN_DOUBT
from tipbot.storage.audience import is_not_resting, may_get
from tipbot.storage.recipient_ranges import RecipientRanges
from tipbot.storage.recipients import delivery_key
from tipbot.storage.schema import is_held, is_queued, is_sending, outbox, recipients, subscribers, waves

_CANCELLED = "the broadcast was cancelled"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one recipient; None for what has not happened (yet). `at` is UTC."""

    chat_id: ChatId
    zone: str
    status: DeliveryStatus | None
    message_id: int | None
    at: datetime | None
    attempts: int
    reason: str | None


class BroadcastDeliveries:
    """The outbox as one broadcast sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def counts(self, number: int) -> dict[DeliveryStatus, int]:
        """Return how many deliveries of a broadcast have each status."""
        statement = select(outbox.c.status, func.count()).where(outbox.c.broadcast_id == number)
        rows = await self._connection.execute(statement.group_by(outbox.c.status))
        return {DeliveryStatus(row[0]): row[1] for row in rows}

    async def reasons(self, number: int) -> dict[str, int]:
        """Return why deliveries failed, in the words that Telegram used, and how often."""
        failed = and_(outbox.c.broadcast_id == number, outbox.c.status == DeliveryStatus.FAILED.value)
        statement = select(outbox.c.reason, func.count()).where(failed).group_by(outbox.c.reason)
        return {row[0] or "": row[1] for row in await self._connection.execute(statement)}

    async def unwelcome(self, number: int) -> int:
        """Return how many deliveries were taken back because their chats did not want them any more."""
        theirs = and_(
            outbox.c.broadcast_id == number,
            outbox.c.status == DeliveryStatus.CANCELLED.value,
            outbox.c.reason != _CANCELLED,
        )
        return int(await self._connection.scalar(select(func.count()).where(theirs)) or 0)

    async def hold(self, number: int) -> None:
        """Keep back what is waiting to be sent."""
        waiting = update(outbox).where(outbox.c.broadcast_id == number, is_queued)
        await self._connection.execute(waiting.values(status=DeliveryStatus.HELD.value))

    async def keep_back(self, number: int, zones: Collection[str]) -> None:
        """Keep back what is waiting to be sent to the recipients of some zones."""
        if zones:
            waiting = update(outbox).where(outbox.c.broadcast_id == number, is_queued, _lives_in(zones))
            await self._connection.execute(waiting.values(status=DeliveryStatus.HELD.value))

    async def let_go(
        self, broadcast: Broadcast, *, most: int, now: datetime, until: datetime, but_not: Collection[str] = ()
    ) -> int:
        """Let deliveries that are held go out, at most so many and none in some zones; return how many there were.

        Those go to nobody any more who may not get them at this moment: a wish voiced during a pause counts. People
        of the zones that are `asleep` are not woken up.
        """
        held = select(outbox.c.id).where(outbox.c.broadcast_id == broadcast.id, is_held)
        held = held.order_by(outbox.c.id).limit(most)
        if but_not:
            held = held.where(~_lives_in(but_not))
        if most and broadcast.action is Action.MESSAGE:
            welcome = _may_get(broadcast, now)
            gone = {"status": DeliveryStatus.CANCELLED.value, "settled_at": now, "reason": "wants it no more"}
            # Only among the next: there may be a hundred thousand, and nobody else writes meanwhile.
            await self._connection.execute(update(outbox).where(outbox.c.id.in_(held), ~welcome).values(gone))
            held = held.where(welcome)
        # Due from now on: the time of a pause is no time in which it was late.
        moments = {"due_at": now, "next_try_at": now, "not_after": until, "settled_at": None}
        values = {"status": DeliveryStatus.QUEUED.value, "item": broadcast.item, **moments}
        statement = update(outbox).where(outbox.c.id.in_(held), is_held).values(values)
        return (await self._connection.execute(statement)).rowcount

    async def sweep(self, broadcast: Broadcast, sweep: Sweep, *, most: int, now: datetime) -> Sweep | None:
        """Give the next deliveries of a sweep their new status, at most so many; return what is left of it.

        Of those that are to be sent once more, who may not get a message any more keeps the end it had.
        """
        mine = and_(outbox.c.broadcast_id == broadcast.id, outbox.c.status == sweep.of[0].value)
        after = -(1 << 62) if sweep.up_to is None else sweep.up_to
        # In the order of the index: nothing is read twice, however many there are.
        further = select(outbox.c.chat_id).where(mine, outbox.c.chat_id > after)
        found = further.order_by(outbox.c.chat_id).limit(most).subquery()
        row = (await self._connection.execute(select(func.max(found.c.chat_id), func.count()))).one()
        up_to, many = row
        if many:
            swept = and_(mine, outbox.c.chat_id > after, outbox.c.chat_id <= up_to)
            await self._connection.execute(_swept(broadcast, sweep, swept, now))
        if many == most:
            return replace(sweep, up_to=up_to)
        return Sweep(sweep.into, sweep.of[1:]) if len(sweep.of) > 1 else None

    async def count_again(
        self, broadcast: Broadcast, statuses: Collection[DeliveryStatus], *, now: datetime
    ) -> int:
        """Return to how many for whom it ended like this it may be sent once more."""
        wanted = outbox.c.status.in_([status.value for status in statuses])
        ended = and_(outbox.c.broadcast_id == broadcast.id, wanted)
        if broadcast.action is Action.MESSAGE:
            ended = and_(ended, _may_get(broadcast, now))
        return int(await self._connection.scalar(select(func.count()).where(ended)) or 0)

    async def cancel(self, number: int, *, now: datetime) -> None:
        """Take back what waits in the outbox; what is held may be very much, and is swept."""
        waiting = and_(outbox.c.broadcast_id == number, is_queued)
        await self._connection.execute(update(outbox).where(waiting).values(_taken_back(now)))

    async def rename(self, number: int, item: str) -> None:
        """Let what waits in the outbox bring the newest words; what is held is given them when it is let go."""
        waiting = and_(outbox.c.broadcast_id == number, is_queued)
        await self._connection.execute(update(outbox).where(waiting).values(item=item))

    async def in_hand(self, number: int) -> int:
        """Return how many deliveries wait in the outbox or are in the air."""
        statement = select(func.count()).where(outbox.c.broadcast_id == number, or_(is_queued, is_sending))
        return int(await self._connection.scalar(statement) or 0)

    async def are_held(self, number: int) -> bool:
        """Say whether deliveries are held back."""
        held = select(outbox.c.id).where(outbox.c.broadcast_id == number, is_held)
        return await self._connection.scalar(held.limit(1)) is not None

    async def in_air(self, number: int) -> int:
        """Return how many deliveries are in the air."""
        statement = select(func.count()).where(outbox.c.broadcast_id == number, is_sending)
        return int(await self._connection.scalar(statement) or 0)

    async def lines(self, number: int, *, after: int, most: int) -> list[tuple[int, Line]]:
        """Return what became of each recipient beyond one of them, with the recipient's number to go on from.

        A group that moved stands under the number to which the message really went.
        """
        statement = (
            select(
                recipients.c.id, func.coalesce(outbox.c.chat_id, recipients.c.chat_id), recipients.c.zone, outbox
            )
            .outerjoin_from(recipients, outbox, outbox.c.key == delivery_key)
            .where(await RecipientRanges(self._connection).recipients_of(number, after=after))
            .order_by(recipients.c.id)
            .limit(most)
        )
        rows = (await self._connection.execute(statement)).all()
        return [
            (
                row[0],
                Line(
                    chat_id=ChatId(row[1]),
                    zone=row[2],
                    status=None if row.status is None else DeliveryStatus(row.status),
                    message_id=row.message_id,
                    at=row.settled_at,
                    attempts=row.attempts or 0,
                    reason=row.reason,
                ),
            )
            for row in rows
        ]

    async def passed_over(self, number: int) -> int:
        """Return how many recipients had their turn without a message: they did not want it any more."""
        mine = await RecipientRanges(self._connection).recipients_of(number)
        # Asked for each of them, and not joined: so the recipients are gone through once on every database.
        reached = select(waves.c.reached).where(
            waves.c.broadcast_id == recipients.c.broadcast_id, waves.c.zone == recipients.c.zone
        )
        had_their_turn = recipients.c.id <= reached.correlate(recipients).scalar_subquery()
        statement = (
            select(func.count())
            .select_from(recipients)
            .outerjoin(outbox, outbox.c.key == delivery_key)
            .where(mine, had_their_turn, outbox.c.id.is_(None))
        )
        return int(await self._connection.scalar(statement) or 0)

    async def stops(self, number: int, *, within: timedelta, until: datetime) -> int:
        """Return how many who got it stopped or blocked after it, up to a moment and each within so much time.

        Who was erased since is not counted, because nothing is known of them.
        """
        left = subscribers.c.status.in_([Status.STOPPED.value, Status.BLOCKED.value])
        statement = (
            select(outbox.c.settled_at, subscribers.c.status_since)
            .join(subscribers, subscribers.c.chat_id == outbox.c.chat_id)
            .where(outbox.c.broadcast_id == number, outbox.c.status == DeliveryStatus.SENT.value, left)
            .where(subscribers.c.status_since >= outbox.c.settled_at, subscribers.c.status_since <= until)
        )
        rows = await self._connection.execute(statement)
        return sum(since - got <= within for got, since in rows)


def _swept(broadcast: Broadcast, sweep: Sweep, swept: ColumnElement[bool], now: datetime) -> Update:
    if sweep.into is DeliveryStatus.CANCELLED:
        return update(outbox).where(swept).values(_taken_back(now))
    if sweep.into is DeliveryStatus.UNKNOWN:
        doubted = {"status": sweep.into.value, "settled_at": now, "reason": IN_DOUBT}
        return update(outbox).where(swept).values(doubted)
    again = {"status": sweep.into.value, "settled_at": None, "lease_by": None, "reason": None}
    if broadcast.action is Action.MESSAGE:
        swept = and_(swept, _may_get(broadcast, now))
    return update(outbox).where(swept).values(again)


def _taken_back(now: datetime) -> dict[str, object]:
    return {"status": DeliveryStatus.CANCELLED.value, "settled_at": now, "reason": _CANCELLED}


def _may_get(broadcast: Broadcast, now: datetime) -> ColumnElement[bool]:
    wishes = [subscribers.c.chat_id == outbox.c.chat_id, may_get(broadcast.purpose)]
    if broadcast.purpose is Purpose.OFFER:
        wishes.append(is_not_resting(now))
    return exists().where(*wishes)


def _lives_in(zones: Collection[str]) -> ColumnElement[bool]:
    """Return whether a delivery of a broadcast goes to somebody who was written down in one of these zones.

    The zone is asked of each delivery. Asked if there is such a recipient, PostgreSQL may read all of them first:
    a million, for the few thousand deliveries that wait.
    """
    zone = select(recipients.c.zone).where(
        recipients.c.broadcast_id == outbox.c.broadcast_id, recipients.c.chat_id == outbox.c.chat_id
    )
    # Of a group that moved, or of somebody who was erased, no zone is known.
    return func.coalesce(zone.correlate(outbox).scalar_subquery(), "").in_(sorted(zones))
