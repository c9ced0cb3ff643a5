"""The pace that all processes share: one row, locked while a process takes its slots from it."""

from datetime import datetime

from sqlalchemy import literal_column, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.pace import Pace
from tipbot.storage.schema import pace
from tipbot.storage.statements import insert_into

_ONLY_ROW = 1
# Made once, because every turn of the journal needs them.
_is_it = pace.c.id == literal_column(str(_ONLY_ROW))
_LOCK = select(pace).where(_is_it).with_for_update()
_WRITE = update(pace).where(_is_it)


class PaceRow:
    """The pace's page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def load(self, *, ceiling: float, now: datetime) -> Pace:
        """Return the pace, and keep others waiting for it until this transaction ends."""
        row = (await self._connection.execute(_LOCK)).mappings().one_or_none()
        if row is None:
            first = {"id": _ONLY_ROW, "rate": ceiling, "next_slot_at": now, "changed_at": now}
            await self._connection.execute(
                insert_into(self._connection, pace).values(first).on_conflict_do_nothing()
            )
            row = (await self._connection.execute(_LOCK)).mappings().one()
        return _pace_from(row)

    async def look(self) -> Pace | None:
        """Return the pace as it was last left, or None before the first message; nobody waits for it."""
        row = (await self._connection.execute(select(pace).where(pace.c.id == _ONLY_ROW))).mappings().one_or_none()
        return None if row is None else _pace_from(row)

    async def save(self, changed: Pace) -> None:
        """Write the pace down for everybody."""
        values = {
            "rate": changed.rate,
            "next_slot_at": changed.next_slot_at,
            "changed_at": changed.changed_at,
            "stopped_until": changed.stopped_until,
        }
        await self._connection.execute(_WRITE, values)


def _pace_from(row: RowMapping) -> Pace:
    return Pace(
        rate=row["rate"],
        next_slot_at=row["next_slot_at"],
        changed_at=row["changed_at"],
        stopped_until=row["stopped_until"],
    )
