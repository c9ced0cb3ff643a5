"""Broadcasts as they are remembered, from the first draft to the report."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Action, Broadcast, BroadcastId, BroadcastStatus, Mode, PausedFor, When
from tipbot.storage.forms import (
    NO_PARTS,
    read_audience,
    read_composition,
    read_sweep,
    read_tally,
    write_audience,
    write_composition,
    write_sweep,
    write_tally,
)
from tipbot.storage.schema import broadcasts, recipient_ranges
from tipbot.storage.statements import change_where, rows_with

# Before the first broadcast SQLite has no count of them yet.
_LEAVE_OUT = {
    "sqlite": """
        INSERT INTO sqlite_sequence (name, seq) SELECT 'broadcasts', 0
        WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'broadcasts');
        UPDATE sqlite_sequence SET seq = seq + :many WHERE name = 'broadcasts'
    """,
    "postgresql": """
        SELECT setval(numbers, nextval(numbers) + :many)
        FROM CAST(pg_get_serial_sequence('broadcasts', 'id') AS regclass) AS numbers
    """,
}
# Any number will do that nothing else locks by (storage/migrations.py, storage/leadership.py).
_OFFERS_LOCK = 7_130_250_003
_TAKE = rows_with(broadcasts.c.id).with_for_update(skip_locked=True)
_CHANGE = change_where(broadcasts.c.id)
_PROGRESS = rows_with(broadcasts.c.id).with_only_columns(broadcasts.c.progress_chat, broadcasts.c.progress_message)
_LOCAL = "%Y-%m-%dT%H:%M"


class Broadcasts:
    """The broadcasts' page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, broadcast: Broadcast) -> Broadcast:
        """Write a new broadcast down and return it with its number."""
        statement = insert(broadcasts).values(_values(broadcast)).returning(broadcasts.c.id)
        number = await self._connection.scalar(statement)
        return replace(broadcast, id=BroadcastId(int(number or 0)))

    async def find(self, number: int, *, for_change: bool = False) -> Broadcast | None:
        """Return a broadcast; `for_change` keeps others from changing it until the transaction ends."""
        statement = rows_with(broadcasts.c.id, for_change=for_change)
        row = (await self._connection.execute(statement, {"id": number})).mappings().one_or_none()
        return None if row is None else broadcast_from(row)

    async def take(self, number: int) -> Broadcast | None:
        """Return a broadcast to work on, or None when another process is working on it at this moment."""
        row = (await self._connection.execute(_TAKE, {"id": number})).mappings().one_or_none()
        return None if row is None else broadcast_from(row)

    async def save(self, broadcast: Broadcast) -> None:
        """Write down every field of a known broadcast."""
        await self._connection.execute(_CHANGE, {"this_id": broadcast.id, **_values(broadcast)})

    async def remove(self, number: int) -> None:
        """Forget a broadcast that never went out."""
        await self._connection.execute(delete(broadcasts).where(broadcasts.c.id == number))

    async def forget_drafts(self, untouched_since: datetime) -> int:
        """Forget drafts that nobody has changed since a moment (UTC); return how many there were."""
        old = delete(broadcasts).where(
            broadcasts.c.status == BroadcastStatus.DRAFT.value, broadcasts.c.changed_at < untouched_since
        )
        return (await self._connection.execute(old)).rowcount

    async def at(self, statuses: Collection[BroadcastStatus]) -> list[BroadcastId]:
        """Return the numbers of the broadcasts of these statuses, oldest first."""
        wanted = broadcasts.c.status.in_([status.value for status in statuses])
        numbers = await self._connection.scalars(select(broadcasts.c.id).where(wanted).order_by(broadcasts.c.id))
        return [BroadcastId(number) for number in numbers]

    async def swept(self) -> list[BroadcastId]:
        """Return the numbers of the broadcasts whose deliveries are being changed a few at a time."""
        numbers = await self._connection.scalars(select(broadcasts.c.id).where(broadcasts.c.sweep.is_not(None)))
        return [BroadcastId(number) for number in numbers]

    async def renew_drafts(self) -> None:
        """Make a new revision of every draft, so that each has to be looked at again before it goes out."""
        drafts = update(broadcasts).where(broadcasts.c.status == BroadcastStatus.DRAFT.value)
        newer = {one: broadcasts.c[one] + 1 for one in ("revision", "refused_revision")}
        await self._connection.execute(drafts.values(newer))

    async def leave_out_numbers(self, many: int) -> None:
        """Give the next broadcasts numbers that no other one can have had."""
        for statement in _LEAVE_OUT[self._connection.dialect.name].split(";"):
            values = {"many": many} if ":many" in statement else {}
            await self._connection.execute(text(statement), values)

    async def latest(
        self, most: int, *, statuses: Collection[BroadcastStatus] = tuple(BroadcastStatus), offset: int = 0
    ) -> list[Broadcast]:
        """Return broadcasts of these statuses, the one that was changed last first."""
        wanted = broadcasts.c.status.in_([status.value for status in statuses])
        ordered = select(broadcasts).where(wanted).order_by(broadcasts.c.changed_at.desc(), broadcasts.c.id.desc())
        rows = (await self._connection.execute(ordered.limit(most).offset(offset))).mappings()
        return [broadcast_from(row) for row in rows]

    async def listed(self, most: int, *, offset: int = 0) -> list[Broadcast]:
        """Return broadcasts as a person wants to see them, the one that was changed last first.

        Drafts without a word, and changes that nobody has worded yet, are left out.
        """
        is_draft = broadcasts.c.status == BroadcastStatus.DRAFT.value
        is_change = broadcasts.c.about.is_not(None)
        unworded = or_(
            and_(is_change, broadcasts.c.revision == 1),
            broadcasts.c.composition.startswith(NO_PARTS, autoescape=True),
        )
        ordered = select(broadcasts).where(~and_(is_draft, unworded))
        ordered = ordered.order_by(broadcasts.c.changed_at.desc(), broadcasts.c.id.desc())
        rows = (await self._connection.execute(ordered.limit(most).offset(offset))).mappings()
        return [broadcast_from(row) for row in rows]

    async def changes_to(self, number: int) -> list[Broadcast]:
        """Return the corrections and withdrawals of a broadcast, oldest first."""
        statement = select(broadcasts).where(broadcasts.c.about == number).order_by(broadcasts.c.id)
        return [broadcast_from(row) for row in (await self._connection.execute(statement)).mappings()]

    async def without_stops(self, *, finished_before: datetime) -> list[BroadcastId]:
        """Return the messages that ended before a moment (UTC) and of which nobody has counted who left."""
        statement = (
            select(broadcasts.c.id)
            .where(broadcasts.c.status.in_([BroadcastStatus.DONE.value, BroadcastStatus.CANCELLED.value]))
            .where(broadcasts.c.action == Action.MESSAGE.value, broadcasts.c.started_at.is_not(None))
            .where(broadcasts.c.finished_at < finished_before, broadcasts.c.stops.is_(None))
            .order_by(broadcasts.c.id)
        )
        return [BroadcastId(number) for number in await self._connection.scalars(statement)]

    async def outdated(self, *, changed_before: datetime) -> list[BroadcastId]:
        """Return broadcasts that rest since before a moment (UTC), and whose recipients are still kept."""
        resting = (BroadcastStatus.DONE, BroadcastStatus.CANCELLED, BroadcastStatus.PAUSED)
        kept = exists().where(recipient_ranges.c.broadcast_id == broadcasts.c.id)
        statement = (
            select(broadcasts.c.id)
            .where(broadcasts.c.status.in_([status.value for status in resting]), kept)
            .where(broadcasts.c.changed_at < changed_before)
            .order_by(broadcasts.c.id)
        )
        return [BroadcastId(number) for number in await self._connection.scalars(statement)]

    async def offer_near(self, moment: datetime, *, apart: timedelta) -> datetime | None:
        """Return when the last offer begins or began (UTC) that is less than so far from a moment, or None.

        Until the transaction ends nobody else gets an answer: two offers at once would not know of each other.
        """
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(select(func.pg_advisory_xact_lock(_OFFERS_LOCK)))
        begins = func.coalesce(broadcasts.c.started_at, broadcasts.c.starts_at)
        near: datetime | None = await self._connection.scalar(
            select(func.max(begins, type_=broadcasts.c.started_at.type))
            .where(broadcasts.c.purpose == Purpose.OFFER.value, broadcasts.c.action == Action.MESSAGE.value)
            .where(begins > moment - apart, begins < moment + apart)
            # What was called off before it began came to nobody.
            .where(
                or_(broadcasts.c.started_at.is_not(None), broadcasts.c.status == BroadcastStatus.SCHEDULED.value)
            )
        )
        return near

    async def progress(self, number: int) -> tuple[int, int] | None:
        """Return the chat and the message in which an operator watches a broadcast go out, if there is one."""
        row = (await self._connection.execute(_PROGRESS, {"id": number})).one_or_none()
        return None if row is None or row[1] is None else (row[0], row[1])

    async def show_progress_in(self, number: int, chat: int, message: int) -> None:
        """Note in which message an operator watches a broadcast go out."""
        shown = {"progress_chat": chat, "progress_message": message}
        await self._connection.execute(_CHANGE, {"this_id": number, **shown})

    async def take_progress(self, number: int, *, now: datetime, before: datetime) -> bool:
        """Claim the next change of the progress messages; return False if it was changed after `before`."""
        shown = broadcasts.c.progress_at
        # A moment that lies ahead was written by a clock that has been put back since.
        stale = shown.is_(None) | (shown <= before) | (shown > now + (now - before))
        mine = update(broadcasts).where(broadcasts.c.id == number, stale).values(progress_at=now)
        return bool((await self._connection.execute(mine)).rowcount)


def broadcast_from(row: RowMapping) -> Broadcast:
    """Return the value that a row of the table holds."""
    local = row["local_at"]
    when = When(Mode(row["mode"]), row["at"], None if local is None else datetime.strptime(local, _LOCAL))  # noqa: DTZ007 (wall time: the zone is each subscriber's own)
    return Broadcast(
        id=BroadcastId(row["id"]),
        operator=row["operator"],
        made_at=row["made_at"],
        changed_at=row["changed_at"],
        status=BroadcastStatus(row["status"]),
        action=Action(row["action"]),
        about=None if row["about"] is None else BroadcastId(row["about"]),
        purpose=Purpose(row["purpose"]),
        is_decided=row["is_decided"],
        composition=read_composition(row["composition"]),
        audience=read_audience(row["audience"]),
        when=when,
        article=row["article_id"],
        revision=row["revision"],
        confirmed_by=row["confirmed_by"],
        confirmed_at=row["confirmed_at"],
        starts_at=row["starts_at"],
        started_at=row["started_at"],
        seen_at=row["seen_at"],
        finished_at=row["finished_at"],
        expanded_to=row["expanded_to"],
        expanded_at=row["expanded_at"],
        paused_for=None if row["paused_for"] is None else PausedFor(row["paused_for"]),
        tally=read_tally(row["tally"]),
        baseline=read_tally(row["baseline"]),
        stops=row["stops"],
        refused=row["refused_revision"],
        sweep=read_sweep(row["sweep"], row["swept_to"]),
    )


def _values(broadcast: Broadcast) -> dict[str, Any]:
    when = broadcast.when
    return {
        "operator": broadcast.operator,
        "made_at": broadcast.made_at,
        "changed_at": broadcast.changed_at,
        "status": broadcast.status.value,
        "action": broadcast.action.value,
        "about": broadcast.about,
        "purpose": broadcast.purpose.value,
        "is_decided": broadcast.is_decided,
        "composition": write_composition(broadcast.composition),
        "audience": write_audience(broadcast.audience),
        "mode": when.mode.value,
        "at": when.at,
        "local_at": None if when.local_at is None else when.local_at.strftime(_LOCAL),
        "article_id": broadcast.article,
        "revision": broadcast.revision,
        "confirmed_by": broadcast.confirmed_by,
        "confirmed_at": broadcast.confirmed_at,
        "starts_at": broadcast.starts_at,
        "started_at": broadcast.started_at,
        "seen_at": broadcast.seen_at,
        "finished_at": broadcast.finished_at,
        "expanded_to": broadcast.expanded_to,
        "expanded_at": broadcast.expanded_at,
        "paused_for": None if broadcast.paused_for is None else broadcast.paused_for.value,
        "tally": write_tally(broadcast.tally),
        "baseline": write_tally(broadcast.baseline),
        "stops": broadcast.stops,
        "refused_revision": broadcast.refused,
        "sweep": write_sweep(broadcast.sweep),
        "swept_to": None if broadcast.sweep is None else broadcast.sweep.up_to,
    }
