"""Keeping the record small: settled deliveries become totals after their time."""

from datetime import datetime, timedelta

from tipbot.storage.database import Database

# Long enough to answer "did she get it?", short enough not to be a history of anybody.
KEEP_DELIVERIES = timedelta(days=30)


class Housekeeping:
    """Tidies up; doing it twice, or in two processes, changes nothing more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tidy(self, *, now: datetime) -> int:
        """Fold deliveries settled more than 30 days ago into totals per day; return how many."""
        folded = 0
        while True:
            async with self._database.writing() as books:
                more = await books.totals.fold(settled_before=now - KEEP_DELIVERIES)
            if not more:
                return folded
            folded += more
