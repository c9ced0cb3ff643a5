"""What remains of settled deliveries after their time: how many there were a day, of which kind and outcome."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.subscribers import ChatId
from tipbot.storage.schema import outbox, recipient_ranges, totals
from tipbot.storage.statements import row_added

# Nobody can write to SQLite meanwhile: so few take some 50 ms.
FOLD_AT_ONCE = 1_000


class Totals:
    """The page of daily totals."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def foldable(self, *, settled_before: datetime) -> list[int]:
        """Return some deliveries settled before this moment, at most FOLD_AT_ONCE, that can become totals.

        Those of a broadcast stay as long as its recipients do: its report is whole, or frozen, and nothing between.
        """
        of_a_kept_broadcast = exists().where(recipient_ranges.c.broadcast_id == outbox.c.broadcast_id)
        old = select(outbox.c.id).where(outbox.c.settled_at < settled_before, ~of_a_kept_broadcast)
        return list(await self._connection.scalars(old.limit(FOLD_AT_ONCE)))

    async def fold(self, deliveries: Collection[int]) -> int:
        """Turn settled deliveries into totals per day; return how many that were.

        Only what this process itself deleted is counted, so that two processes that tidy up at the same time never
        count a delivery twice.
        """
        theirs = delete(outbox).where(outbox.c.id.in_(deliveries), outbox.c.settled_at.is_not(None))
        gone = theirs.returning(outbox.c.due_at, outbox.c.kind, outbox.c.status)
        rows = (await self._connection.execute(gone)).all()
        await self._add(Counter((row.due_at.date(), row.kind, row.status) for row in rows))
        return len(rows)

    async def fold_chats(self, chat_ids: Collection[ChatId]) -> int:
        """Take all deliveries to these chats out of the record, and count those that were settled.

        Returns how many deliveries that were.
        """
        theirs = delete(outbox).where(outbox.c.chat_id.in_(chat_ids))
        gone = theirs.returning(outbox.c.due_at, outbox.c.kind, outbox.c.status, outbox.c.settled_at)
        rows = (await self._connection.execute(gone)).all()
        settled = (row for row in rows if row.settled_at is not None)
        await self._add(Counter((row.due_at.date(), row.kind, row.status) for row in settled))
        return len(rows)

    async def _add(self, numbers: Counter[tuple[date, str, str]]) -> None:
        if not numbers:
            return
        values = [
            {"day": day, "kind": kind, "status": status, "deliveries": number}
            for (day, kind, status), number in sorted(numbers.items())
        ]
        keys = (totals.c.day, totals.c.kind, totals.c.status)
        await self._connection.execute(row_added(self._connection, keys, "deliveries"), values)

    async def count(self) -> int:
        """Return how many deliveries the totals stand for."""
        return int(await self._connection.scalar(select(func.coalesce(func.sum(totals.c.deliveries), 0))) or 0)
