"""The weekly summary: on Mondays at 8, in the clinic's zone, by one process, and not when it is old news."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from tipbot.domain.schedule import local_date, moment_of
from tipbot.domain.statistics import Statistics
from tipbot.logs import get_logger
from tipbot.storage.database import Database
from tipbot.usecases.statistics import A_WEEK, take

log = get_logger(__name__)

CHORE = "weekly-summary"
SUMMARY_AT = time(8)
# What was not told by Wednesday is told next Monday.
MOST_LATE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday to Sunday, and the one before it."""

    statistics: Statistics
    before: Statistics


class SummaryLine(Protocol):
    """Whoever can bring a summary to operators; it never raises."""

    async def bring(self, week: Week, operators: Sequence[int]) -> None:
        """Bring the summary to these operators."""
        ...


class SummariseWeeks:
    """Brings the summary to all operators who want it, once a week, also after some days without a process.

    A process that is killed while it brings the summary leaves it at that: nobody gets it twice.
    """

    def __init__(self, database: Database, line: SummaryLine, *, zone: str) -> None:
        self._database = database
        self._line = line
        self._zone = zone

    async def tick(self, *, now: datetime) -> bool:
        """Bring the summary if it is due and nobody has; say so. Raises StorageUnavailable."""
        due = _latest_due(self._zone, now=now)
        async with self._database.reading() as books:
            last = await books.chores.last(CHORE)
        if last is not None and last >= due:
            return False
        async with self._database.writing() as books:
            is_ours = await books.chores.take(CHORE, due_before=due, now=now)
            operators = [one.user for one in await books.staff.everybody() if one.wants_summary]
        # Of the week in which TipBot was set up there is nothing to tell yet.
        if not is_ours or last is None or now - due > MOST_LATE or not operators:
            return False
        week = await self._week(due)
        await self._line.bring(week, operators)
        log.info("summary_brought", operators=len(operators))
        return True

    async def _week(self, due: datetime) -> Week:
        monday = local_date(due, self._zone)
        week, day = timedelta(days=A_WEEK), timedelta(days=1)
        async with self._database.reading() as books:
            return Week(
                await take(books, monday - week, monday - day),
                await take(books, monday - 2 * week, monday - week - day),
            )


def _latest_due(zone: str, *, now: datetime) -> datetime:
    """Return the last Monday morning up to now (UTC)."""
    day = local_date(now, zone)
    monday = day - timedelta(days=day.weekday())
    # There is no zone without this moment on a Monday; one that had left it out would count by UTC.
    due = moment_of(monday, SUMMARY_AT, zone) or now
    return due if due <= now else moment_of(monday - timedelta(days=A_WEEK), SUMMARY_AT, zone) or now
