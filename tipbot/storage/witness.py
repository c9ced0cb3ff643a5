"""What the database says of its own age and place: one row, and what no backup of a server carries."""

from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.witness import UNTOLD, Mark, Record
from tipbot.storage.outages import is_outage
from tipbot.storage.schema import witness
from tipbot.storage.statements import insert_into

_ONLY_ROW = 1
# pg_restore makes tables of other numbers, and so does a copy of a whole database for the database itself
# (PostgreSQL, "Object Identifier Types").
_NUMBERS = text("""
    SELECT oid || ':' || 'identity'::regclass::oid FROM pg_database WHERE datname = current_database()
""")
# Going back to a moment begins a new timeline, and so does a standby that takes over; the name of the file that is
# being written begins with it (PostgreSQL, "Continuous Archiving", "Timelines").
_TIMELINE = text("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")


class Witness:
    """The row in which the database says where it is and how old."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def here(self) -> str | None:
        """Return where this database is, in words no dump carries; None on SQLite, which has only its file."""
        if self._connection.dialect.name == "sqlite":
            return None
        numbers = await self._connection.scalar(_NUMBERS)
        return f"{numbers}:{await self._timeline()}"

    async def _timeline(self) -> str:
        """Return the timeline, or that it is not told: some hosts keep this to themselves."""
        try:
            async with self._connection.begin_nested():
                return str(await self._connection.scalar(_TIMELINE))
        except DBAPIError as refusal:
            if is_outage(refusal):
                raise
            return UNTOLD

    async def begin(self, record: Record) -> bool:
        """Write the first record; return False when there is one, which stays."""
        first = insert_into(self._connection, witness).values(id=_ONLY_ROW, **_values(record))
        return bool((await self._connection.execute(first.on_conflict_do_nothing())).rowcount)

    async def look(self) -> Record | None:
        """Return the record, and keep every other process from it until the transaction ends."""
        row = (await self._connection.execute(select(witness).with_for_update())).one_or_none()
        if row is None:
            return None
        mark = Mark(row.place, row.beats)
        return Record(mark, row.beaten_at, row.restored_at, row.lost_since, row.passed_at)

    async def save(self, record: Record) -> None:
        """Write down every field."""
        await self._connection.execute(update(witness).values(_values(record)))


def _values(record: Record) -> dict[str, object]:
    return {
        "place": record.mark.place,
        "beats": record.mark.beats,
        "beaten_at": record.beaten_at,
        "restored_at": record.restored_at,
        "lost_since": record.lost_since,
        "passed_at": record.passed_at,
    }
