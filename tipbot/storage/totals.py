"""What remains of settled deliveries after their time: how many there were a day, of which kind and outcome."""

from datetime import datetime

from sqlalchemy import Date, cast, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import outbox, totals
from tipbot.storage.statements import insert_into


class Totals:
    """The page of daily totals."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def fold(self, *, settled_before: datetime) -> int:
        """Turn deliveries settled before this moment into totals per day; return how many rows that freed."""
        day = (
            func.date(outbox.c.due_at) if self._connection.dialect.name == "sqlite" else cast(outbox.c.due_at, Date)
        )
        old = outbox.c.settled_at < settled_before
        grouped = (
            select(day, outbox.c.kind, outbox.c.status, func.count())
            .where(old)
            .group_by(day, outbox.c.kind, outbox.c.status)
        )
        statement = insert_into(self._connection, totals).from_select(
            ["day", "kind", "status", "deliveries"], grouped
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["day", "kind", "status"],
                set_={"deliveries": totals.c.deliveries + statement.excluded.deliveries},
            )
        )
        return (await self._connection.execute(delete(outbox).where(old))).rowcount

    async def count(self) -> int:
        """Return how many deliveries the totals stand for."""
        return int(await self._connection.scalar(select(func.coalesce(func.sum(totals.c.deliveries), 0))) or 0)
