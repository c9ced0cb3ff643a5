"""The clinic's numbers: counted with what they count, right after tidying up, and silent about small groups."""

import re
from datetime import timedelta

import pytest

from tests.usecases.people import MONDAY_NOON, subscribe
from tests.usecases.post import letters, put
from tipbot.domain.check import CheckCode
from tipbot.domain.content import ItemId, Origin
from tipbot.domain.delivery import DeliveryStatus, Sent, Unwanted
from tipbot.domain.feedback import Opinion, Vote
from tipbot.domain.operators import Operator, Role
from tipbot.domain.statistics import PEOPLE, Finish, Statistics, Step
from tipbot.domain.subscribers import ChatId, Status
from tipbot.figures import as_csv
from tipbot.storage.database import Database
from tipbot.storage.feedback import Recount
from tipbot.storage.presses import LinkPress
from tipbot.storage.tallies import Happening
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.errors import NotAnOperator
from tipbot.usecases.housekeeping import KEEP_DELIVERIES, Housekeeping
from tipbot.usecases.journal import Answer, Journal
from tipbot.usecases.reaching import Reach
from tipbot.usecases.retention import Retention
from tipbot.usecases.rights import Rights
from tipbot.usecases.staffing import SHELL
from tipbot.usecases.statistics import TakeStatistics
from tipbot.usecases.tallying import CountChecks

MONDAY = MONDAY_NOON.date()
DAY = timedelta(days=1)
LEG_LIFT, SLEEP = CheckCode("t1"), CheckCode("t7")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def taken(database: Database, days: int = 7, *, later: timedelta = timedelta(0)) -> Statistics:
    view = await TakeStatistics(database).of_days(days, operator=SHELL, now=MONDAY_NOON + later)
    return view.statistics


async def test_who_comes_and_goes_is_counted_once_however_often_it_is_said(database: Database) -> None:
    arrange, reach = Arrange(database), Reach(database)
    for chat in range(1, 8):
        await subscribe(database, chat)
        await subscribe(database, chat)
    for _ in range(2):
        await arrange.pause(ChatId(1), days=3, now=MONDAY_NOON)
        await arrange.stop(ChatId(2), now=MONDAY_NOON)
        await reach.lost(ChatId(3), Status.BLOCKED, now=MONDAY_NOON)
        await reach.lost(ChatId(4), Status.GONE, now=MONDAY_NOON)
        await Rights(database).forget(ChatId(5), now=MONDAY_NOON)
    await arrange.resume(ChatId(2), now=MONDAY_NOON + DAY)
    await arrange.stop(ChatId(2), now=MONDAY_NOON + DAY)
    await Rights(database).forget(ChatId(2), now=MONDAY_NOON + DAY)
    monday = await taken(database)
    assert monday.steps == {Step.JOINED: 7} | dict.fromkeys(
        (Step.PAUSED, Step.STOPPED, Step.BLOCKED, Step.GONE, Step.DELETED, Step.ERASED), 1
    )
    both = await taken(database, later=DAY)
    assert [day.members for day in both.days[-3:]] == [0, 3, 3]
    assert (both.steps[Step.RETURNED], both.steps[Step.DELETED], both.steps[Step.ERASED]) == (1, 2, 1)
    assert (both.came, both.left) == (8, 5)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_transactions_that_count_the_same_do_not_wait_for_each_others_other_work(
    database: Database,
) -> None:
    """Numbers are taken at the very end: here the first transaction could not end before the second."""
    joined, stopped = Happening(MONDAY, PEOPLE, Step.JOINED), Happening(MONDAY, PEOPLE, Step.STOPPED)
    async with database.writing() as one:
        one.tallies.count(joined)
        async with database.writing() as other:
            other.tallies.count(stopped)
            other.tallies.count(joined)
        one.tallies.count(stopped)
    assert (await taken(database)).steps == {Step.JOINED: 2, Step.STOPPED: 2}


@on_sqlite
async def test_what_is_undone_is_not_counted(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as books:
            books.tallies.count(Happening(MONDAY, PEOPLE, Step.JOINED))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert (await taken(database)).steps == {}


async def test_the_forgotten_count_as_leaving_only_if_they_had_not_left_before(database: Database) -> None:
    await subscribe(database, 1)
    await subscribe(database, 2)
    await Arrange(database).stop(ChatId(1), now=MONDAY_NOON)
    year = timedelta(days=366)
    async with database.writing() as books:
        await books.departures.note_warned([ChatId(2)], now=MONDAY_NOON + year)
    later = year + timedelta(days=31)
    assert await Retention(database).forget(now=MONDAY_NOON + later) == 2
    assert (await taken(database, later=later)).steps == {Step.ERASED: 1}


async def test_messages_are_counted_before_and_after_they_are_tidied_away(database: Database) -> None:
    chats = range(1, 6)
    await put(database, letters(chats, due_at=MONDAY_NOON))
    journal = Journal(database, owner="one", ceiling=500, alarm=lambda _: None)
    claims = await journal.turn([], replies=0, room=5, now=MONDAY_NOON)
    blocked, *others = claims
    answers = [Answer(blocked, Unwanted("blocked")), *(Answer(claim, Sent(1)) for claim in others)]
    await journal.turn(answers, replies=0, room=0, now=MONDAY_NOON)
    expected = {DeliveryStatus.SENT: 4, DeliveryStatus.BLOCKED: 1}
    assert (await taken(database)).deliveries == expected
    later = KEEP_DELIVERIES + DAY
    assert await Housekeeping(database).tidy(now=MONDAY_NOON + later) == 5
    month = await taken(database, 90, later=later)
    assert month.deliveries == expected
    assert next(day for day in month.days if day.deliveries).day == MONDAY
    assert (await taken(database, 7, later=later)).deliveries == {}


async def test_items_with_enough_votes_are_ranked_and_presses_and_votes_add_up(database: Database) -> None:
    for item, helpful, unhelpful in (("hug", 9, 1), ("walk", 10, 0), ("fold", 2, 8), ("rare", 9, 0)):
        await _vote(database, item, Opinion.HELPFUL, helpful)
        await _vote(database, item, Opinion.UNHELPFUL, unhelpful)
    async with database.writing() as books:
        presses = {LinkPress(MONDAY, Origin.TIP, "clinic"): 20, LinkPress(MONDAY, Origin.TIP, "asad"): 3}
        await books.link_presses.add({**presses, LinkPress(MONDAY, Origin.CHECK, "clinic"): 12})
    numbers = await taken(database)
    assert [one.item for one in numbers.best(2)] == ["walk", "hug"]
    assert [one.item for one in numbers.least(2)] == ["fold"]
    assert numbers.votes == 39
    assert numbers.presses == {Origin.TIP: 23}
    assert numbers.checks.booking == 10


async def test_checks_are_counted_in_memory_and_told_in_full_tens(database: Database) -> None:
    counts = CountChecks(database)
    for number in range(47):
        counts.started(LEG_LIFT if number < 34 else SLEEP, now=MONDAY_NOON - DAY * (number % 3))
    for as_what, times in ((Finish.SELF, 21), (Finish.SOON, 10), (Finish.URGENT, 9)):
        for _ in range(times):
            counts.finished(LEG_LIFT, as_what, now=MONDAY_NOON)
    assert await counts.write() == 87
    assert await counts.write() == 0
    checks = (await taken(database)).checks
    assert checks.started == 40
    assert checks.by_check == {LEG_LIFT: 30, SLEEP: 10}
    finishes = {Finish.SELF: 20, Finish.SOON: 10, Finish.URGENT: 0, Finish.NOT_TODAY: 0, Finish.STOPPED: 0}
    assert checks.finishes == finishes


@on_sqlite
async def test_no_number_below_ten_about_checks_leaves_in_any_form_nor_by_subtraction(database: Database) -> None:
    """Every number is a full ten, so the difference of any two, of kinds, days or weeks, is nothing or ten."""
    counts, numbers = CountChecks(database), list[int]()
    csv, shown = "", list[Statistics]()
    for number in range(60):
        counts.started(LEG_LIFT if number % 7 else SLEEP, now=MONDAY_NOON - DAY * (number % 40))
        counts.finished(LEG_LIFT, list(Finish)[number % 4], now=MONDAY_NOON - DAY * (number % 40))
        if number % 13 == 0:
            await counts.write()
            shown += [await taken(database, days) for days in (7, 30, 90)]
    for one in shown:
        checks = one.checks
        numbers += [checks.started, checks.booking, *checks.finishes.values(), *checks.by_check.values()]
        numbers += [day.checks_started for day in one.days]
        csv = as_csv(one)
        told = {row.rpartition(",")[2] for row in csv.splitlines()[1:]}
        assert all(re.fullmatch(r"fewer than 10|\d*0\+", value) for value in told)
    assert max(numbers) >= 50
    assert {number % 10 for number in numbers} == {0}


async def _vote(database: Database, item: str, opinion: Opinion, times: int) -> None:
    async with database.writing() as books:
        vote = Vote(opinion, MONDAY)
        await books.feedback.recount([Recount(ItemId(item), vote) for _ in range(times)])


@on_sqlite
async def test_every_role_may_look_and_nobody_else(database: Database) -> None:
    async with database.writing() as books:
        await books.staff.save(Operator(1, Role.VIEWER, MONDAY_NOON))
    statistics = TakeStatistics(database)
    assert (await statistics.of_days(7, operator=1, now=MONDAY_NOON)).wants_summary
    for _ in range(2):
        await statistics.want_summary(1, is_on=False, now=MONDAY_NOON)
    assert not (await statistics.of_days(7, operator=1, now=MONDAY_NOON)).wants_summary
    async with database.reading() as books:
        assert [deed.action for deed in await books.audit.latest(9)] == ["summary-off"]
    with pytest.raises(NotAnOperator):
        await statistics.of_days(7, operator=2, now=MONDAY_NOON)
