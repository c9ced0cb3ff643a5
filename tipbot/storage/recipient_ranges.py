"""Where the recipients of a broadcast stand: between which numbers, zone by zone, step by step.

They are written down in the order of their chats, so those of one zone stand among all others of the same step.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, false, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import recipient_ranges, recipients


class RecipientRanges:
    """The page that leads to the recipients of a broadcast without an index over all of them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, number: int, ranges: Sequence[tuple[str, int, int]]) -> None:
        """Add ranges: each a zone, its first recipient and its last one."""
        values = [
            {"broadcast_id": number, "zone": zone, "first_id": first, "last_id": last}
            for zone, first, last in ranges
        ]
        if values:
            await self._connection.execute(insert(recipient_ranges), values)

    async def next(self, number: int, zone: str, *, after: int) -> tuple[int, int] | None:
        """Return the first and the last number of the next range of a zone that reaches beyond a recipient."""
        mine = and_(recipient_ranges.c.broadcast_id == number, recipient_ranges.c.zone == zone)
        statement = (
            select(recipient_ranges.c.first_id, recipient_ranges.c.last_id)
            .where(mine, recipient_ranges.c.last_id > after)
            .order_by(recipient_ranges.c.last_id)
            .limit(1)
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else (row[0], row[1])

    async def recipients_of(self, number: int, *, after: int = 0) -> ColumnElement[bool]:
        """Return which recipients are those of a broadcast, beyond one of them, as a condition on their numbers."""
        columns = func.min(recipient_ranges.c.first_id), func.max(recipient_ranges.c.last_id)
        of_it = recipient_ranges.c.broadcast_id == number
        first, last = (await self._connection.execute(select(*columns).where(of_it))).one()
        if first is None:
            return false()
        mine = recipients.c.broadcast_id == number
        return and_(mine, recipients.c.id >= max(first, after + 1), recipients.c.id <= last)

    async def are_there(self, number: int) -> bool:
        """Say whether anybody is still written down as a recipient of a broadcast."""
        mine = select(recipient_ranges.c.zone).where(recipient_ranges.c.broadcast_id == number)
        return await self._connection.scalar(mine.limit(1)) is not None

    async def forget(self, number: int) -> None:
        """Forget where the recipients of a broadcast stood."""
        await self._connection.execute(delete(recipient_ranges).where(recipient_ranges.c.broadcast_id == number))
