"""Votes: whatever is pressed and however often, the numbers are those of the people who hold each vote."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.thoroughness import chosen
from tests.usecases.people import MONDAY_NOON
from tipbot.domain.content import ItemId
from tipbot.domain.feedback import Opinion, Vote
from tipbot.domain.subscribers import ChatId
from tipbot.loop import run_to_end
from tipbot.storage.database import Database
from tipbot.usecases.rating import DOUBLE_TAP, Ballot, Rate

UP, DOWN = Opinion.HELPFUL, Opinion.UNHELPFUL
TIP = ItemId("tip")
ANN, GROUP = ChatId(7), ChatId(-5)
DAY = timedelta(days=1)
MESSAGES, PEOPLE = 4, 3
_numbers = count()

# Which person presses what, on which of their messages, on a fresh or on an old view of it, how many days later.
Press = tuple[int, int, Opinion | None, bool, int]
presses = some.tuples(
    some.integers(1, PEOPLE),
    some.integers(0, MESSAGES - 1),
    some.sampled_from([UP, DOWN, None]),
    some.booleans(),
    some.integers(0, 1),
)


async def numbers(database: Database, *items: ItemId) -> dict[tuple[ItemId, Opinion], int]:
    async with database.reading() as books:
        votes = await books.feedback.votes()
    found: Counter[tuple[ItemId, Opinion]] = Counter()
    for (item, vote), number in votes.items():
        if item in items:
            found[item, vote.opinion] += number
    return dict(found)


async def total(database: Database) -> dict[Opinion, int]:
    return {opinion: number for (_, opinion), number in (await numbers(database, TIP)).items()}


@pytest.mark.parametrize("restarts", [False, True])
@settings(
    max_examples=chosen(usually=12, thoroughly=300), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pressed=some.lists(presses, max_size=30))
def test_the_numbers_are_those_of_the_people_who_hold_each_vote(
    sqlite_url: str, restarts: bool, pressed: list[Press]
) -> None:
    run_to_end(_play(sqlite_url, pressed, restarts=restarts))


async def _play(url: str, pressed: list[Press], *, restarts: bool) -> None:
    """Let people press as the messages allow; with restarts, each message is about an item of its own."""
    database = Database(url)
    run = next(_numbers)
    items = [ItemId(f"item-{run}-{number}") for number in range(MESSAGES if restarts else 2)]
    rate, now = Rate(database), MONDAY_NOON
    shown: dict[tuple[int, int], Vote | None] = {}
    stale: dict[tuple[int, int], Vote | None] = {}
    held: dict[tuple[int, ItemId], Opinion | None] = {}
    try:
        for person, message, wanted, is_stale, days in pressed:
            now += days * DAY
            item, place = items[message % len(items)], (person, message)
            if restarts:
                rate = Rate(database)
            view = stale if is_stale and not restarts else shown
            cast = await rate.give(Ballot(ChatId(person), person, item), wanted, shown=view.get(place), now=now)
            stale[place] = shown.get(place)
            shown[place] = cast.vote
            held[person, item] = wanted
        assert await numbers(database, *items) == Counter(
            (item, opinion) for (_, item), opinion in held.items() if opinion is not None
        )
    finally:
        await database.close()


@pytest.mark.parametrize("wanted", [UP, DOWN])
async def test_pressing_again_changes_nothing_and_none_takes_it_back(database: Database, wanted: Opinion) -> None:
    rate, ballot = Rate(database), Ballot(ANN, 7, TIP)
    assert (await rate.give(ballot, wanted, now=MONDAY_NOON)).has_changed
    assert not (await rate.give(ballot, wanted, now=MONDAY_NOON)).has_changed
    assert await total(database) == {wanted: 1}
    await rate.give(ballot, None, now=MONDAY_NOON + DAY)
    assert await total(database) == {}


async def test_a_vote_is_taken_back_from_its_own_day(database: Database) -> None:
    async with database.reading() as books:
        assert await books.feedback.votes() == {}
    monday = Vote(UP, MONDAY_NOON.date())
    await Rate(database).give(Ballot(ANN, 7, TIP), UP, now=MONDAY_NOON)
    await Rate(database).give(Ballot(ChatId(8), 8, TIP), UP, now=MONDAY_NOON + DAY)
    await Rate(database).give(Ballot(ANN, 7, TIP), DOWN, shown=monday, now=MONDAY_NOON + DAY)
    async with database.reading() as books:
        votes = await books.feedback.votes()
    tuesday = (MONDAY_NOON + DAY).date()
    assert votes == {(TIP, Vote(UP, tuesday)): 1, (TIP, Vote(DOWN, tuesday)): 1}


async def test_in_a_group_everybody_has_a_vote_and_again_takes_it_back(database: Database) -> None:
    rate, now = Rate(database), MONDAY_NOON
    for person in (1, 2, 3):
        await rate.toggle(Ballot(GROUP, person, TIP), UP, now=now)
    assert await total(database) == {UP: 3}
    now += DOUBLE_TAP
    assert (await rate.toggle(Ballot(GROUP, 1, TIP), UP, now=now)).vote is None
    assert (await rate.toggle(Ballot(GROUP, 1, TIP), UP, now=now)).vote is None, "the second tap of a finger"
    await rate.toggle(Ballot(GROUP, 2, TIP), DOWN, now=now)
    assert await total(database) == {UP: 1, DOWN: 1}


async def test_what_was_forgotten_is_read_from_the_button(database: Database) -> None:
    rate = Rate(database, most_remembered=1)
    cast = await rate.give(Ballot(ANN, 7, TIP), UP, now=MONDAY_NOON)
    await rate.give(Ballot(ChatId(8), 8, TIP), UP, now=MONDAY_NOON)
    assert not (await rate.give(Ballot(ANN, 7, TIP), UP, shown=cast.vote, now=MONDAY_NOON)).has_changed
    await rate.give(Ballot(ANN, 7, TIP), None, shown=cast.vote, now=MONDAY_NOON)
    assert await total(database) == {UP: 1}


async def test_two_processes_that_counted_the_same_press_agree_in_the_end(database: Database) -> None:
    one, other = Rate(database), Rate(database)
    await one.give(Ballot(ANN, 7, TIP), UP, now=MONDAY_NOON)
    cast = await other.give(Ballot(ANN, 7, TIP), UP, now=MONDAY_NOON)
    assert cast.has_changed
    assert not cast.was_remembered
    await other.uncount(Ballot(ANN, 7, TIP), cast, now=MONDAY_NOON)
    assert await total(database) == {UP: 1}
    assert not (await other.give(Ballot(ANN, 7, TIP), UP, now=MONDAY_NOON)).has_changed


async def test_people_who_change_their_minds_at_once_do_not_lose_a_vote(database: Database) -> None:
    rate = Rate(database)
    for person in range(20):
        await rate.give(Ballot(GROUP, person, TIP), UP if person % 2 else DOWN, now=MONDAY_NOON)
    async with asyncio.TaskGroup() as tasks:
        for person in range(20):
            change = rate.give(Ballot(GROUP, person, TIP), DOWN if person % 2 else UP, now=MONDAY_NOON)
            tasks.create_task(change)
    assert await total(database) == {UP: 10, DOWN: 10}
