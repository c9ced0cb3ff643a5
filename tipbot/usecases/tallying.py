"""Counting what happens, as numbers a day: people in the transaction that changes them, checks in memory."""

from collections import Counter
from datetime import datetime

from tipbot.domain.check import CheckCode
from tipbot.domain.statistics import PEOPLE, STARTED, Finish, Step, step
from tipbot.domain.subscribers import Status
from tipbot.logs import get_logger
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.tallies import Happening, check_subject

log = get_logger(__name__)


def count_step(books: Books, taken: Step, *, now: datetime, times: int = 1) -> None:
    """Count what people did; it is written at the end of the transaction that did it."""
    if times:
        books.tallies.count(Happening(now.date(), PEOPLE, taken.value), times)


def count_change(books: Books, before: Status, after: Status, *, now: datetime) -> None:
    """Count a change of status, if it is one that counts."""
    taken = step(before, after)
    if taken is not None:
        count_step(books, taken, now=now)


class CountChecks:
    """Counts checks that begin and end, in memory, so that no check waits for the database.

    It knows which check, which day and how it ended, and never who. What a process counted since it last wrote is
    lost when it is killed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: Counter[Happening] = Counter()

    def started(self, check: CheckCode, *, now: datetime) -> None:
        """Count a check that was begun."""
        self._waiting[Happening(now.date(), check_subject(check), STARTED)] += 1

    def finished(self, check: CheckCode, as_what: Finish, *, now: datetime) -> None:
        """Count a check that came to its end."""
        self._waiting[Happening(now.date(), check_subject(check), as_what.value)] += 1

    async def write(self) -> int:
        """Write down what was counted and return how much that was; while the database is away it is kept."""
        if not self._waiting:
            return 0
        counted, self._waiting = self._waiting, Counter()
        try:
            async with self._database.writing() as books:
                await books.tallies.add(counted)
        except StorageUnavailable as outage:
            self._waiting += counted
            log.warning("tallies_wait_for_database", reason=str(outage))
            return 0
        return counted.total()
