"""Which updates are being worked on: one that brings the process down is tried three times, then set aside."""

from collections.abc import Sequence
from datetime import datetime

from tipbot.storage.database import Database

MOST_ATTEMPTS = 3


class UpdateRecord:
    """Remembers unfinished updates over a crash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, update_ids: Sequence[int], *, confirmed_below: int, now: datetime) -> None:
        """Note updates that are about to be worked on, and forget those that Telegram will not send again."""
        async with self._database.writing() as books:
            await books.updates.finish_below(confirmed_below)
            await books.updates.take(update_ids, now=now)

    async def attempt(self, update_id: int, *, now: datetime) -> int:
        """Note one update that is about to be worked on, and return how often that has been tried."""
        async with self._database.writing() as books:
            await books.updates.take([update_id], now=now)
            return (await books.updates.attempts())[update_id]

    async def finish(self, update_id: int) -> None:
        """Note that an update is done with."""
        async with self._database.writing() as books:
            await books.updates.finish([update_id])

    async def suspects(self) -> dict[int, int]:
        """Return what was in hand when the last process ended, with how often each was tried."""
        async with self._database.reading() as books:
            return await books.updates.attempts()
