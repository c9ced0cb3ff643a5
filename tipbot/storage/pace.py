"""The pace that all processes share: one row, locked while a process takes its slots from it."""

from datetime import datetime

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.pace import Pace
from tipbot.storage.prepared import Prepared
from tipbot.storage.schema import pace
from tipbot.storage.statements import insert_into

_ONLY_ROW = 1
_COLUMNS = (
    pace.c.rate,
    pace.c.next_slot_at,
    pace.c.changed_at,
    pace.c.stopped_until,
    pace.c.met_rate,
    pace.c.met_at,
)
_is_it = pace.c.id == literal_column(str(_ONLY_ROW))
_LOCK = Prepared(lambda _: select(*_COLUMNS).where(_is_it).with_for_update(), returns=_COLUMNS)
_WRITE = Prepared(lambda _: update(pace).where(_is_it).values({one: bindparam(one.name) for one in _COLUMNS}))


class PaceRow:
    """The pace's page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def load(self, *, ceiling: float, now: datetime) -> Pace:
        """Return the pace, and keep others waiting for it until this transaction ends."""
        found = await _LOCK.rows(self._connection, {})
        if not found:
            first = {"id": _ONLY_ROW, "rate": ceiling, "next_slot_at": now, "changed_at": now}
            await self._connection.execute(
                insert_into(self._connection, pace).values(first).on_conflict_do_nothing()
            )
            found = await _LOCK.rows(self._connection, {})
        return Pace(*found[0])

    async def look(self) -> Pace | None:
        """Return the pace as it was last left, or None before the first message; nobody waits for it."""
        row = (await self._connection.execute(select(*_COLUMNS).where(_is_it))).one_or_none()
        return None if row is None else Pace(*row)

    async def save(self, changed: Pace) -> None:
        """Write the pace down for everybody."""
        values = {
            "rate": changed.rate,
            "next_slot_at": changed.next_slot_at,
            "changed_at": changed.changed_at,
            "stopped_until": changed.stopped_until,
            "met_rate": changed.met_rate,
            "met_at": changed.met_at,
        }
        await _WRITE.soon(self._connection, values)
