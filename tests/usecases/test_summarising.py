"""The weekly summary: Mondays at 8 by the clinic's clock, once for all processes, and never as old news."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tests.usecases.people import subscribe
from tipbot.domain.operators import Operator, Role
from tipbot.storage.database import Database
from tipbot.usecases.summarising import SummariseWeeks, Week

# Eight in the morning on Monday in London, in winter and in New York.
MONDAY_EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


class Letterbox:
    """Keeps what was brought, and to whom."""

    def __init__(self) -> None:
        self.got: list[tuple[Week, list[int]]] = []

    async def bring(self, week: Week, operators: Sequence[int]) -> None:
        self.got.append((week, list(operators)))


@pytest.fixture
async def staffed(database: Database) -> Database:
    async with database.writing() as books:
        await books.staff.save(Operator(1, Role.OWNER, MONDAY_EIGHT - 3 * WEEK))
        await books.staff.save(Operator(2, Role.VIEWER, MONDAY_EIGHT - 3 * WEEK))
        await books.staff.save(Operator(3, Role.VIEWER, MONDAY_EIGHT - 3 * WEEK, wants_summary=False))
    return database


async def test_it_comes_once_a_week_by_whichever_process_to_those_who_want_it(staffed: Database) -> None:
    for chat, ago in ((1, 9), (2, 9), (3, 2), (4, 0)):
        await subscribe(staffed, chat, now=MONDAY_EIGHT - timedelta(days=ago))
    box = Letterbox()
    one, other = (SummariseWeeks(staffed, box, zone="Europe/London") for _ in range(2))
    assert not await one.tick(now=MONDAY_EIGHT - WEEK), "nothing to tell of the week of the set-up"
    assert not await one.tick(now=MONDAY_EIGHT - MINUTE)
    assert [await each.tick(now=MONDAY_EIGHT + MINUTE) for each in (one, other, one)] == [True, False, False]
    ((week, operators),) = box.got
    assert operators == [1, 2]
    assert [day.day.day for day in week.statistics.days] == list(range(16, 23))
    assert (week.statistics.came, week.before.came) == (1, 2)
    assert (week.statistics.members, week.before.members) == (3, 2), "who joined today is not of last week"


@pytest.mark.parametrize(
    ("late", "comes"),
    [(timedelta(days=2, hours=23), True), (timedelta(days=3, minutes=1), False)],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_after_a_time_without_a_process_it_comes_late_but_not_too_late(
    staffed: Database, late: timedelta, *, comes: bool
) -> None:
    box = Letterbox()
    weeks = SummariseWeeks(staffed, box, zone="Europe/London")
    await weeks.tick(now=MONDAY_EIGHT - WEEK)
    assert await weeks.tick(now=MONDAY_EIGHT + late) is comes
    assert not await weeks.tick(now=MONDAY_EIGHT + late + MINUTE)
    assert await weeks.tick(now=MONDAY_EIGHT + WEEK), "the next one comes in time"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_eight_is_meant_by_the_clinics_clock(staffed: Database) -> None:
    weeks = SummariseWeeks(staffed, Letterbox(), zone="America/New_York")
    await weeks.tick(now=MONDAY_EIGHT - WEEK)
    assert [await weeks.tick(now=MONDAY_EIGHT + timedelta(hours=hours)) for hours in (4.9, 5)] == [False, True]
