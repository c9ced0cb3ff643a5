"""What the journal writes down: only answers to claims that still stand, the pace, and what a start finds."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.storage.waiting import waits_for_a_lock
from tests.usecases.people import subscribe
from tests.usecases.post import letters, put
from tipbot.app import open_house
from tipbot.clock import Clock
from tipbot.domain.delivery import (
    Claim,
    DeliveryStatus,
    Limited,
    NotSent,
    Receipt,
    Refused,
    Sent,
    Uncertain,
    Unwanted,
)
from tipbot.domain.pace import Pace
from tipbot.domain.subscribers import ChatId, Status
from tipbot.settings import read_settings
from tipbot.storage.database import Database
from tipbot.usecases.journal import Answer, Journal

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
# Long after every retry of a first attempt is due, and long before a lease of 40 seconds ends.
RETRY = NOW + timedelta(seconds=10)
CEILING = 25.0
SENDING = DeliveryStatus.SENDING


def journal(database: Database, owner: str = "one") -> Journal:
    return Journal(database, owner=owner, ceiling=CEILING)


async def claimed(journal: Journal, now: datetime) -> Claim:
    (claim,) = await journal.turn([], replies=0, room=1, now=now)
    return claim


async def answered(journal: Journal, claim: Claim, receipt: Receipt, now: datetime) -> None:
    await journal.turn([Answer(claim, receipt)], replies=0, room=0, now=now)


async def counted(database: Database) -> dict[DeliveryStatus, int]:
    async with database.reading() as books:
        return await books.outbox.count()


async def pace_at(database: Database, now: datetime) -> Pace:
    async with database.writing() as books:
        return await books.pace.load(ceiling=CEILING, now=now)


@pytest.mark.parametrize(
    "late",
    [Sent(5), Refused("can't parse entities"), Uncertain("no answer in time"), NotSent("no connection")],
    ids=lambda receipt: type(receipt).__name__,
)
async def test_a_late_answer_to_an_older_attempt_does_not_settle_the_new_one(
    database: Database, late: Receipt
) -> None:
    await put(database, letters([1], due_at=NOW))
    mine = journal(database)
    before = await claimed(mine, NOW)
    await answered(mine, before, NotSent("no connection"), NOW)
    after = await claimed(mine, RETRY)
    assert (after.id, after.attempts) == (before.id, before.attempts + 1)
    await answered(mine, before, late, RETRY)
    assert await counted(database) == {SENDING: 1}
    await answered(mine, after, Sent(6), RETRY)
    assert await counted(database) == {DeliveryStatus.SENT: 1}


@pytest.mark.parametrize(
    "receipt", [Sent(5), Refused("can't parse entities"), NotSent("no connection")], ids=lambda r: type(r).__name__
)
async def test_an_answer_in_another_name_settles_nothing(database: Database, receipt: Receipt) -> None:
    await put(database, letters([1], due_at=NOW))
    claim = await claimed(journal(database, "one"), NOW)
    await answered(journal(database, "other"), claim, receipt, NOW)
    assert await counted(database) == {SENDING: 1}


async def test_the_pace_climbs_back_after_a_429(database: Database) -> None:
    await put(database, letters([1], due_at=NOW))
    mine = journal(database)
    await answered(mine, await claimed(mine, NOW), Limited(timedelta(seconds=1)), NOW)
    slowed = (await pace_at(database, NOW)).rate
    assert slowed < CEILING
    await mine.turn([], replies=0, room=1, now=NOW + timedelta(minutes=2))
    partly = (await pace_at(database, NOW)).rate
    assert slowed < partly < CEILING
    await mine.turn([], replies=0, room=1, now=NOW + timedelta(hours=10))
    assert (await pace_at(database, NOW)).rate == CEILING


async def test_a_reply_that_met_the_limit_stops_and_slows_everybody(database: Database) -> None:
    await put(database, letters(range(1, 4), due_at=NOW))
    await journal(database).slow_down(timedelta(seconds=3), now=NOW)
    others = journal(database, "other")
    assert await others.turn([], replies=0, room=3, now=NOW + timedelta(seconds=2)) == []
    assert (await pace_at(database, NOW)).rate < CEILING
    assert await others.turn([], replies=0, room=3, now=NOW + timedelta(seconds=4))


async def test_a_message_is_not_put_back_for_somebody_whose_stop_is_being_written_down(
    postgres_database_url: str,
) -> None:
    """The stop has looked for waiting messages, but is not committed: the journal has to wait for what it says."""
    one, other = Database(postgres_database_url), Database(postgres_database_url)
    await subscribe(one, 7, now=NOW)
    await put(one, letters([7], due_at=NOW))
    mine = journal(one)
    claim = await claimed(mine, NOW)
    async with asyncio.TaskGroup() as tasks, other.writing() as books:
        someone = await books.subscribers.find(ChatId(7), for_change=True)
        turn = tasks.create_task(answered(mine, claim, NotSent("no connection"), NOW))
        assert someone is not None
        assert await waits_for_a_lock(other, turn)
        await books.subscribers.save(replace(someone, status=Status.STOPPED))
        await books.outbox.cancel(ChatId(7), now=NOW, reason="stopped")
    assert await counted(one) == {DeliveryStatus.CANCELLED: 1}
    await one.close()
    await other.close()


async def test_an_answer_and_an_erasure_at_once_wait_for_each_other_in_one_order(
    postgres_database_url: str,
) -> None:
    """Who erases holds the subscriber and takes the deliveries then; the journal must not hold these before."""
    one, other = Database(postgres_database_url), Database(postgres_database_url)
    await subscribe(one, 7, now=NOW)
    await put(one, letters([7], due_at=NOW))
    mine = journal(one)
    claim = await claimed(mine, NOW)
    async with asyncio.TaskGroup() as tasks, other.writing() as books:
        await books.subscribers.find(ChatId(7), for_change=True)
        turn = tasks.create_task(answered(mine, claim, Unwanted("the bot was blocked"), NOW))
        assert await waits_for_a_lock(other, turn)
        await books.personal.erase([ChatId(7)])
    assert await counted(one) == {}
    await one.close()
    await other.close()


async def test_what_the_last_process_had_in_the_air_is_unknown_as_soon_as_sqlite_is_opened_again(
    database_url: str,
) -> None:
    """Its lease still runs: on PostgreSQL somebody else may be sending it, on SQLite there is nobody else."""
    clock = Clock()
    before = Database(database_url)
    await put(before, letters([1], due_at=clock.now()))
    await claimed(journal(before, "the last process"), clock.now())
    await before.close()
    given = {"TIPBOT_TOKEN": "424242:a-token-of-no-value", "TIPBOT_DATABASE_URL": database_url}
    async with open_house(read_settings(given, None), clock) as house:
        found = await counted(house.database)
        is_alone = house.database.is_sqlite
    assert found == {DeliveryStatus.UNKNOWN if is_alone else SENDING: 1}
