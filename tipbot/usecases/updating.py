"""Which updates are being worked on: one that brings the process down is tried three times, then set aside."""

from collections.abc import Sequence
from datetime import datetime

from tipbot.storage.database import Database
from tipbot.storage.intake import InHand

MOST_ATTEMPTS = 3
# Answers must come even while a database hangs: an update that takes longer to note is handled all the same.
NOTE_SECONDS = 2.0


class UpdateRecord:
    """Remembers unfinished updates over a crash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, update_ids: Sequence[int], *, confirmed_below: int, now: datetime) -> None:
        """Note updates that are about to be worked on, and forget those that Telegram will not send again."""
        async with self._database.writing() as books:
            await books.updates.finish_below(confirmed_below)
            await books.updates.take(update_ids, now=now)

    async def attempt(self, update_id: int, *, now: datetime) -> InHand | None:
        """Note one update that is about to be worked on, and return what was known of it before."""
        async with self._database.writing() as books:
            before = await books.updates.one(update_id)
            await books.updates.take([update_id], now=now)
            return before

    async def finish(self, update_ids: Sequence[int], *, now: datetime) -> None:
        """Note that updates are done with, so that they are not answered again after a crash."""
        async with self._database.writing() as books:
            await books.updates.finish(update_ids, now=now)

    async def left_over(self) -> dict[int, InHand]:
        """Return what the last process had taken up and Telegram may bring again."""
        async with self._database.reading() as books:
            return await books.updates.all()
