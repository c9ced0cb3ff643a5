"""Who gets a broadcast, written down once, and handed to the outbox zone by zone, a few at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    String,
    and_,
    cast,
    delete,
    exists,
    false,
    func,
    literal,
    null,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.audience import Audience, Purpose
from tipbot.domain.broadcasts import Action, Broadcast, Wave
from tipbot.domain.delivery import DeliveryStatus, Matter
from tipbot.domain.subscribers import ChatId
from tipbot.storage.audience import belongs, is_not_resting, may_get
from tipbot.storage.recipient_ranges import RecipientRanges
from tipbot.storage.schema import outbox, recipients, subscribers, waves
from tipbot.storage.statements import insert_into

# What a recipient's delivery is called in the outbox, so that it is written there once.
delivery_key = (
    literal("broadcast:")
    + cast(recipients.c.broadcast_id, String)
    + literal(":")
    + cast(recipients.c.chat_id, String)
)


# So many are written down in some 30 ms; on SQLite nobody else can write meanwhile.
STEPS = {"sqlite": 15_000, "postgresql": 3_000}


@dataclass(frozen=True, slots=True)
class Expansion:
    """What one batch of recipients added: how many in each zone, and the chat up to which everybody is in."""

    zones: Mapping[str, int]
    up_to: int | None
    is_last: bool


class Recipients:
    """The page of who gets which broadcast."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._ranges = RecipientRanges(connection)
        self.at_once = STEPS[connection.dialect.name]
        """How many recipients are best written down in one transaction."""

    async def count(self, audience: Audience, purpose: Purpose, *, now: datetime) -> dict[str, int]:
        """Return how many people would get a broadcast confirmed now, by IANA zone."""
        statement = select(subscribers.c.zone, func.count()).where(belongs(audience, purpose, now=now))
        rows = await self._connection.execute(statement.group_by(subscribers.c.zone))
        return {row[0]: row[1] for row in rows}

    async def count_reached(self, about: int, *, since: datetime | None = None) -> int:
        """Return how many chats have the message of a broadcast, all or those who got it since a moment."""
        statement = select(func.count()).where(*_reached(about))
        if since is not None:
            statement = statement.where(outbox.c.settled_at >= since)
        return int(await self._connection.scalar(statement) or 0)

    async def expand(self, broadcast: Broadcast, *, most: int, since: datetime | None = None) -> Expansion:
        """Write down the next recipients, at most so many; doing it again after a crash adds nobody twice.

        Of a correction or a withdrawal these are the chats that got the message, the latter only `since` a moment.
        """
        after = -(1 << 62) if broadcast.expanded_to is None else broadcast.expanded_to
        found = _people(broadcast) if broadcast.about is None else _reached_people(broadcast, since)
        chat = _chat_column(broadcast)
        batch = found.where(chat > after).order_by(chat).limit(most)
        written = await self._write(batch)
        await self._ranges.add(broadcast.id, [(row.zone, row.first_id, row.last_id) for row in written])
        people = {row.zone: row.people for row in written}
        if sum(people.values()) == most:
            return Expansion(people, max(row.up_to for row in written), is_last=False)
        # The last ones, or somebody was there already, as a group is that moved: then it goes on behind them.
        asked = batch.subquery()
        number, up_to = (await self._connection.execute(select(func.count(), func.max(asked.c.chat_id)))).one()
        return Expansion(people, up_to or broadcast.expanded_to, is_last=number < most)

    async def _write(self, batch: Select[Any]) -> Sequence[Row[Any]]:
        """Write recipients down; return of each zone how many are new, their first and last number and last chat.

        They are counted as they are written and not asked for twice: the database would read them twice.
        """
        columns = ["broadcast_id", "zone", "chat_id", "target", "also"]
        into = insert_into(self._connection, recipients).from_select(columns, batch)
        written = into.on_conflict_do_nothing(index_elements=["chat_id", "broadcast_id"])
        if self._connection.dialect.name == "sqlite":
            # It has one writer: what is new by number is what was just written.
            before = await self._connection.scalar(select(func.max(recipients.c.id))) or 0
            await self._connection.execute(written)
            new: FromClause = recipients
            is_new = recipients.c.id > before
        else:
            new = written.returning(recipients.c.id, recipients.c.zone, recipients.c.chat_id).cte()
            is_new = true()
        zones = select(
            new.c.zone,
            func.count().label("people"),
            func.min(new.c.id).label("first_id"),
            func.max(new.c.id).label("last_id"),
            func.max(new.c.chat_id).label("up_to"),
        )
        return (await self._connection.execute(zones.where(is_new).group_by(new.c.zone))).all()

    async def waves_of(self, number: int) -> list[Wave]:
        """Return the waves of a broadcast, those first that are due first."""
        statement = select(waves).where(waves.c.broadcast_id == number).order_by(waves.c.due_at, waves.c.zone)
        rows = await self._connection.execute(statement)
        return [Wave(row.zone, row.due_at, row.people, row.released, row.reached) for row in rows]

    async def add_waves(self, number: int, new: Sequence[Wave]) -> None:
        """Add people to the waves of their zones; a wave that is there already keeps its moment."""
        if not new:
            return
        values = [
            {"broadcast_id": number, "zone": one.zone, "due_at": one.due_at, "people": one.people} for one in new
        ]
        statement = insert_into(self._connection, waves).values(released=0, reached=0)
        more = {"people": waves.c.people + statement.excluded.people}
        added = statement.on_conflict_do_update(index_elements=["broadcast_id", "zone"], set_=more)
        await self._connection.execute(added, values)

    async def save_wave(self, number: int, wave: Wave) -> None:
        """Write down how far a wave has come."""
        mine = and_(waves.c.broadcast_id == number, waves.c.zone == wave.zone)
        values = {"due_at": wave.due_at, "released": wave.released, "reached": wave.reached}
        await self._connection.execute(update(waves).where(mine).values(values))

    async def release(self, broadcast: Broadcast, wave: Wave, *, most: int, now: datetime, until: datetime) -> Wave:
        """Hand some of the next recipients of a wave to the outbox and return the wave as it stands then.

        They are some of those who were written down in one step; more may stand behind them. Who must not get it
        any more is passed over: the consent is asked again, in the query itself.
        """
        where = await self._ranges.next(broadcast.id, wave.zone, after=wave.reached)
        if where is None:
            return replace(wave, released=wave.people)
        first, last = max(where[0], wave.reached + 1), where[1]
        mine = and_(recipients.c.broadcast_id == broadcast.id, recipients.c.zone == wave.zone)
        batch = (
            select(recipients.c.id)
            .where(mine, recipients.c.id.between(first, last))
            .order_by(recipients.c.id)
            .limit(most)
        ).subquery()
        number, reached = (await self._connection.execute(select(func.count(), func.max(batch.c.id)))).one()
        # Fewer than there is room for: whoever else stood there is gone.
        reached = reached if number == most else last
        chosen = and_(mine, recipients.c.id.between(first, reached))
        statement = _deliveries(broadcast, chosen, now=now, until=until)
        columns = [column.name for column in statement.selected_columns]
        await self._connection.execute(
            insert_into(self._connection, outbox)
            .from_select(columns, statement)
            .on_conflict_do_nothing(index_elements=["key"])
        )
        return replace(wave, released=wave.released + number, reached=int(reached))

    async def move(self, old: ChatId, new: ChatId) -> None:
        """Let a group that has a new id get there what was not handed over yet; what was is a delivery."""
        there = select(recipients.c.broadcast_id).where(recipients.c.chat_id == new)
        handed_over = select(outbox.c.broadcast_id).where(outbox.c.key == delivery_key)
        mine = and_(
            recipients.c.chat_id == old,
            recipients.c.target.is_(None),
            recipients.c.broadcast_id.not_in(there),
            ~handed_over.correlate(recipients).exists(),
        )
        await self._connection.execute(update(recipients).where(mine).values(chat_id=new))

    async def are_kept(self, number: int) -> bool:
        """Say whether anybody is still written down as a recipient of a broadcast."""
        return await self._ranges.are_there(number)

    async def kept(self, number: int) -> int:
        """Return how many are written down as recipients: less than there were when somebody was erased since."""
        mine = await self._ranges.recipients_of(number)
        return int(await self._connection.scalar(select(func.count()).select_from(recipients).where(mine)) or 0)

    async def forget(self, number: int, *, most: int) -> int:
        """Forget who the recipients of a broadcast were, at most so many; return how many. The numbers stay."""
        mine = await self._ranges.recipients_of(number)
        old = select(recipients.c.id).where(mine).order_by(recipients.c.id).limit(most)
        forgotten = (await self._connection.execute(delete(recipients).where(recipients.c.id.in_(old)))).rowcount
        if forgotten < most:
            await self._ranges.forget(number)
        return forgotten


def _chat_column(broadcast: Broadcast) -> ColumnElement[int]:
    return subscribers.c.chat_id if broadcast.about is None else outbox.c.chat_id


def _people(broadcast: Broadcast) -> Select[Any]:
    confirmed = broadcast.confirmed_at or broadcast.changed_at
    columns = (literal(broadcast.id).label("broadcast_id"), subscribers.c.zone, subscribers.c.chat_id)
    return select(*columns, null().label("target"), null().label("also")).where(
        belongs(broadcast.audience, broadcast.purpose, now=confirmed)
    )


def _reached(about: int) -> tuple[ColumnElement[bool], ...]:
    """Return which deliveries brought a message that is still there: what was taken back is not."""
    withdrawal = outbox.alias("withdrawal")
    was_taken_back = exists().where(
        withdrawal.c.chat_id == outbox.c.chat_id,
        withdrawal.c.kind == Matter.WITHDRAWAL.value,
        withdrawal.c.target == outbox.c.message_id,
        withdrawal.c.status == DeliveryStatus.SENT.value,
    )
    return (
        outbox.c.broadcast_id == about,
        outbox.c.status == DeliveryStatus.SENT.value,
        outbox.c.message_id.is_not(None),
        ~was_taken_back,
    )


def _reached_people(broadcast: Broadcast, since: datetime | None) -> Select[Any]:
    """Return the chats that have the message, in one zone for all: what is wrong must not wait for the morning."""
    columns = (literal(broadcast.id).label("broadcast_id"), literal("UTC").label("zone"), outbox.c.chat_id)
    reached = select(*columns, outbox.c.message_id.label("target"), outbox.c.also).where(
        *_reached(broadcast.about or 0)
    )
    return reached if since is None else reached.where(outbox.c.settled_at >= since)


MATTERS = {
    Action.MESSAGE: Matter.BROADCAST,
    Action.CORRECTION: Matter.CORRECTION,
    Action.WITHDRAWAL: Matter.WITHDRAWAL,
}


def _deliveries(
    broadcast: Broadcast, chosen: ColumnElement[bool], *, now: datetime, until: datetime
) -> Select[Any]:
    is_message = broadcast.action is Action.MESSAGE
    is_offer = broadcast.purpose is Purpose.OFFER and is_message
    language = func.coalesce(subscribers.c.language, "en")
    deliveries = select(
        delivery_key.label("key"),
        recipients.c.chat_id,
        literal(MATTERS[broadcast.action].value).label("kind"),
        literal(broadcast.item).label("item"),
        language.label("language"),
        literal(DeliveryStatus.QUEUED.value).label("status"),
        literal(now, type_=outbox.c.due_at.type).label("due_at"),
        literal(until, type_=outbox.c.not_after.type).label("not_after"),
        literal(now, type_=outbox.c.next_try_at.type).label("next_try_at"),
        literal(0).label("attempts"),
        (true() if is_offer else false()).label("has_offer"),
        literal(broadcast.id).label("broadcast_id"),
        recipients.c.target,
        recipients.c.also,
    ).where(chosen)
    joined = deliveries.outerjoin_from(recipients, subscribers, subscribers.c.chat_id == recipients.c.chat_id)
    if is_message:
        joined = joined.where(may_get(broadcast.purpose))
    if is_offer:
        joined = joined.where(is_not_resting(now))
    return joined.order_by(recipients.c.id)
