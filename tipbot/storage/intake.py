"""Which updates are in hand, so that one that brings the process down is noticed and set aside."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import updates_in_hand
from tipbot.storage.statements import insert_into


class UpdatesInHand:
    """The page of updates that were taken up and are not finished."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, update_ids: Sequence[int], *, now: datetime) -> None:
        """Note that these updates are being worked on; each time counts as an attempt."""
        if not update_ids:
            return
        statement = insert_into(self._connection, updates_in_hand)
        again = {"attempts": updates_in_hand.c.attempts + 1, "taken_at": now}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["update_id"], set_=again),
            [{"update_id": update_id, "attempts": 1, "taken_at": now} for update_id in update_ids],
        )

    async def finish(self, update_ids: Sequence[int]) -> None:
        """Note that these updates are done with."""
        if update_ids:
            await self._connection.execute(
                delete(updates_in_hand).where(updates_in_hand.c.update_id.in_(update_ids))
            )

    async def finish_below(self, update_id: int) -> None:
        """Note that everything before this update was confirmed to Telegram and cannot come again."""
        await self._connection.execute(delete(updates_in_hand).where(updates_in_hand.c.update_id < update_id))

    async def attempts(self) -> dict[int, int]:
        """Return how often each unfinished update was taken up."""
        statement = select(updates_in_hand.c.update_id, updates_in_hand.c.attempts)
        rows = await self._connection.execute(statement)
        return {row.update_id: row.attempts for row in rows}
