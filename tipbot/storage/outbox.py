"""The outbox: every message to a subscriber is written down here before it is sent and settled here after."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.content import ItemId, Language
from tipbot.domain.delivery import (
    ASKED_TO_WAIT,
    LONGEST_RETRY,
    Claim,
    DeliveryStatus,
    Matter,
    NewDelivery,
    Sent,
    Settlement,
)
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.domain.witness import IN_DOUBT
from tipbot.storage.many import insert_many
from tipbot.storage.schema import is_held, is_queued, is_sending, outbox
from tipbot.storage.turn_statements import as_answers, claim_due, is_open, settle_accepted

_UNKNOWN = DeliveryStatus.UNKNOWN.value
EXPIRE_AT_ONCE = 1_000
_MATTERS = {matter.value: matter for matter in Matter}


class Outbox:
    """The deliveries' page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Sequence[NewDelivery], *, now: datetime) -> None:
        """Write deliveries down; one whose key is there already is left as it is."""
        rows = [_row_of(delivery, now) for delivery in new]
        await insert_many(self._connection, outbox, _NEW, rows, unique="key")

    async def claim(self, slots: Sequence[datetime], *, owner: str, now: datetime, lease: timedelta) -> list[Claim]:
        """Take as many due deliveries as there are slots, each with a lease, oldest first.

        No two processes get the same one: PostgreSQL skips rows that somebody else is taking, SQLite lets only
        one writer in.
        """
        if not slots:
            return []
        until = now + lease
        given = {"most": len(slots), "owner": owner, "now": now, "until": until}
        rows = sorted(await claim_due.rows(self._connection, given), key=itemgetter(0, 1))
        return [_claim_from(row, slot, until) for row, slot in zip(rows, slots, strict=False)]

    async def settle(self, claim: Claim, settlement: Settlement, *, owner: str, now: datetime) -> bool:
        """Write down what became of a claim; return False when it is not this process's to settle any more.

        A claim whose lease ran out counts as unknown, and the true answer still corrects that when it arrives.
        """
        mine = and_(
            outbox.c.id == claim.id,
            outbox.c.lease_by == owner,
            outbox.c.attempts == claim.attempts,
            is_open,
        )
        statement = update(outbox).where(mine).values(_settled(settlement, now))
        return bool((await self._connection.execute(statement)).rowcount)

    async def settle_sent(self, sent: Sequence[tuple[Claim, Sent]], *, owner: str, now: datetime) -> None:
        """Write down accepted messages with their message ids, all in one statement."""
        if not sent:
            return
        given = {"answers": as_answers(sent), "owner": owner, "now": now}
        await settle_accepted.soon(self._connection, given)

    async def give_up_leases(self, *, now: datetime, everyone: bool = False) -> int:
        """Call claims unknown whose sender did not come back in time; return how many there were.

        `everyone` also ends leases that still run, for a start at which nobody else can be sending.
        """
        ran_out = true() if everyone else outbox.c.lease_until <= now
        statement = (
            update(outbox)
            .where(is_sending, ran_out)
            .values(status=_UNKNOWN, settled_at=now, reason="the process that was sending did not come back")
        )
        return (await self._connection.execute(statement)).rowcount

    async def doubt(self, *, now: datetime, most: int) -> int:
        """Call unknown what was due by now and is queued or being sent, at most so many; return how many."""
        values = {"status": _UNKNOWN, "settled_at": now, "lease_until": None, "reason": IN_DOUBT}
        found = 0
        for status in (is_queued, is_sending):
            # One status after the other: each has an index of its own, and there is none for both.
            doubtful = select(outbox.c.id).where(status, outbox.c.due_at <= now).limit(most - found)
            changed = update(outbox).where(outbox.c.id.in_(doubtful)).values(values)
            found += (await self._connection.execute(changed)).rowcount
        return found

    async def expire(self, *, now: datetime) -> int:
        """Give up on deliveries that waited longer than they may, at most EXPIRE_AT_ONCE; return how many."""
        late = select(outbox.c.id).where(is_queued, outbox.c.not_after < now).limit(EXPIRE_AT_ONCE)
        statement = (
            update(outbox)
            .where(outbox.c.id.in_(late), is_queued)
            .values(status=DeliveryStatus.EXPIRED.value, settled_at=now, reason="too late to be of use")
        )
        return (await self._connection.execute(statement)).rowcount

    async def hasten(self, *, now: datetime) -> int:
        """Let go at once what waits for its next try longer than any retry waits; return how many.

        Such a moment was set by a clock that was ahead and has been put back since.
        """
        tried = and_(outbox.c.attempts > 0, outbox.c.reason != ASKED_TO_WAIT, outbox.c.due_at <= now)
        far = and_(is_queued, outbox.c.next_try_at > now + LONGEST_RETRY)
        return (await self._connection.execute(update(outbox).where(far, tried).values(next_try_at=now))).rowcount

    async def cancel(
        self,
        chat_id: ChatId,
        *,
        now: datetime,
        reason: str,
        kind: Kind | Matter | None = None,
        item: ItemId | None = None,
    ) -> None:
        """Take back what is still waiting for a chat: all of it, or one kind, or one item."""
        waiting = and_(outbox.c.chat_id == chat_id, or_(is_queued, is_held))
        if kind is not None:
            waiting = and_(waiting, outbox.c.kind == kind.value)
        if item is not None:
            waiting = and_(waiting, outbox.c.item == item)
        values = {"status": DeliveryStatus.CANCELLED.value, "settled_at": now, "reason": reason}
        await self._connection.execute(update(outbox).where(waiting).values(values))

    async def drop_offers(self, chat_id: ChatId, *, now: datetime) -> None:
        """Let what waits for a chat go without an offer; a broadcast that is one does not go at all."""
        offered = and_(outbox.c.chat_id == chat_id, outbox.c.has_offer)
        broadcast = outbox.c.broadcast_id.is_not(None)
        gone = {"status": DeliveryStatus.CANCELLED.value, "settled_at": now, "reason": "wants no offers"}
        await self._connection.execute(
            update(outbox).where(offered, broadcast, or_(is_queued, is_held)).values(gone)
        )
        tip = and_(offered, or_(is_queued, is_sending), not_(broadcast))
        await self._connection.execute(update(outbox).where(tip).values(has_offer=False))

    async def waits(self, chat_id: ChatId, item: ItemId) -> bool:
        """Say whether an item is still waiting to be sent to a chat."""
        statement = select(outbox.c.id).where(outbox.c.chat_id == chat_id, outbox.c.item == item, is_queued)
        return await self._connection.scalar(statement.limit(1)) is not None

    async def swap(self, chat_id: ChatId, item: ItemId, other: ItemId) -> None:
        """Let another item of the same kind wait under the same key in the place of this one."""
        waiting = and_(outbox.c.chat_id == chat_id, outbox.c.item == item, is_queued)
        await self._connection.execute(update(outbox).where(waiting).values(item=other))

    async def translate(self, chat_id: ChatId, language: Language) -> None:
        """Send what is still waiting for a chat in another language."""
        waiting = and_(outbox.c.chat_id == chat_id, or_(is_queued, is_sending, is_held))
        await self._connection.execute(update(outbox).where(waiting).values(language=language))

    async def move(self, old: ChatId, new: ChatId) -> None:
        """Send what is still waiting for a group to its new id.

        A change to a message stays where that message is: its number means another message in the new chat.
        """
        waiting = and_(outbox.c.chat_id == old, or_(is_queued, is_sending, is_held), outbox.c.target.is_(None))
        await self._connection.execute(update(outbox).where(waiting).values(chat_id=new))

    async def waiting(self, *, now: datetime) -> int:
        """Return how many deliveries could go at once if the pace allowed it."""
        statement = select(func.count()).where(is_queued, outbox.c.next_try_at <= now)
        return int(await self._connection.scalar(statement) or 0)

    async def next_due(self) -> datetime | None:
        """Return when the next waiting delivery may go, or None when nothing waits."""
        statement = select(func.min(outbox.c.next_try_at)).where(is_queued)
        moment: datetime | None = await self._connection.scalar(statement)
        return moment

    async def count(self, *, due_since: datetime | None = None) -> dict[DeliveryStatus, int]:
        """Return how many deliveries there are of each status, all or those due since a moment."""
        statement = select(outbox.c.status, func.count()).group_by(outbox.c.status)
        if due_since is not None:
            statement = statement.where(outbox.c.due_at >= due_since)
        return {DeliveryStatus(status): n for status, n in (await self._connection.execute(statement)).all()}

    async def oldest_due(self, *, now: datetime) -> datetime | None:
        """Return since when the delivery that has waited longest is due, or None when none is."""
        # Asked one by one, so that each reads its small partial index and never the settled rows.
        queued = and_(is_queued, outbox.c.next_try_at <= now)
        found = [await self._oldest(queued, now), await self._oldest(is_sending, now)]
        return min((moment for moment in found if moment is not None), default=None)

    async def stuck_since(self, *, now: datetime) -> datetime | None:
        """Return since when the delivery that has waited longest could have gone out, or None when none waits.

        One that met nothing but Telegram's own wish to wait could not go before that was over; one that was tried
        and did not get through has been late since it was due, whenever it is tried again.
        """
        untried = select(func.min(outbox.c.next_try_at)).where(is_queued, outbox.c.attempts == 0)
        tried = select(func.min(outbox.c.due_at)).where(is_queued, outbox.c.attempts > 0)
        found = [await self._connection.scalar(statement) for statement in (untried, tried)]
        return min((moment for moment in found if moment is not None and moment <= now), default=None)

    async def _oldest(self, unsettled: ColumnElement[bool], now: datetime) -> datetime | None:
        statement = select(func.min(outbox.c.due_at)).where(unsettled, outbox.c.due_at <= now)
        moment: datetime | None = await self._connection.scalar(statement)
        return moment


_NEW = (
    "key",
    "chat_id",
    "kind",
    "item",
    "language",
    "status",
    "due_at",
    "not_after",
    "next_try_at",
    "attempts",
    "settled_at",
    "reason",
    "has_offer",
)


def _row_of(delivery: NewDelivery, now: datetime) -> tuple[object, ...]:
    """Return the values of a new row, as named by _NEW."""
    is_waiting = delivery.status is DeliveryStatus.QUEUED
    return (
        delivery.key,
        delivery.chat_id,
        str(delivery.kind),
        delivery.item,
        delivery.language,
        str(delivery.status),
        delivery.due_at,
        delivery.not_after,
        delivery.due_at + delivery.wait,
        0,
        None if is_waiting else now,
        None if is_waiting else delivery.reason,
        delivery.has_offer,
    )


def _claim_from(row: Sequence[Any], slot_at: datetime, lease_until: datetime) -> Claim:
    _, number, chat_id, kind, item, language, not_after, attempts, has_offer, broadcast, target, also = row
    return Claim(
        id=number,
        chat_id=chat_id,
        kind=_MATTERS[kind],
        item=item,
        language=language,
        not_after=not_after,
        attempts=attempts,
        slot_at=slot_at,
        lease_until=lease_until,
        has_offer=has_offer,
        broadcast=broadcast,
        target=target,
        also=read_ids(also),
    )


def read_ids(stored: str | None) -> tuple[int, ...]:
    """Return stored messages of an album."""
    return tuple(int(one) for one in stored.split(",")) if stored else ()


def _settled(settlement: Settlement, now: datetime) -> dict[str, Any]:
    is_waiting = settlement.status in (DeliveryStatus.QUEUED, DeliveryStatus.HELD)
    values: dict[str, Any] = {
        "status": settlement.status.value,
        "reason": settlement.reason,
        "message_id": settlement.message_id,
        "lease_until": None,
        "settled_at": None if is_waiting else now,
    }
    if not settlement.is_attempt:
        values["attempts"] = outbox.c.attempts - 1
    if settlement.next_try_at is not None:
        values["next_try_at"] = settlement.next_try_at
    return values
