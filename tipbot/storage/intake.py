"""Which updates are in hand, so that one that brings the process down is noticed and set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import updates_in_hand
from tipbot.storage.statements import insert_into


@dataclass(frozen=True, slots=True)
class InHand:
    """How often an update was taken up, and whether it came to its end."""

    attempts: int
    is_finished: bool


class UpdatesInHand:
    """The page of updates that were taken up and may still come again."""

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

    async def finish(self, update_ids: Sequence[int], *, now: datetime) -> None:
        """Note that these updates are done with, though Telegram may still bring them again."""
        if update_ids:
            mine = updates_in_hand.c.update_id.in_(update_ids)
            await self._connection.execute(update(updates_in_hand).where(mine).values(finished_at=now))

    async def forget(self, *, taken_before: datetime) -> None:
        """Forget updates that came so long ago that Telegram has forgotten them too, finished or set aside."""
        old = updates_in_hand.c.taken_at < taken_before
        await self._connection.execute(delete(updates_in_hand).where(old))

    async def finish_below(self, update_id: int) -> None:
        """Note that everything before this update was confirmed to Telegram and cannot come again."""
        await self._connection.execute(delete(updates_in_hand).where(updates_in_hand.c.update_id < update_id))

    async def all(self) -> dict[int, InHand]:
        """Return what is known of each update that Telegram may bring again."""
        rows = await self._connection.execute(select(updates_in_hand))
        return {row.update_id: _in_hand(row) for row in rows}

    async def one(self, update_id: int) -> InHand | None:
        """Return what is known of one update, or None when it is new."""
        mine = updates_in_hand.c.update_id == update_id
        row = (await self._connection.execute(select(updates_in_hand).where(mine))).one_or_none()
        return None if row is None else _in_hand(row)


def _in_hand(row: Row[Any]) -> InHand:
    return InHand(row.attempts, is_finished=row.finished_at is not None)
