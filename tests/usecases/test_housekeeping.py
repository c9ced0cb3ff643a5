"""Old deliveries become totals, and none is counted twice."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.usecases.people import MONDAY_NOON, subscribe
from tests.usecases.post import letters, put
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId
from tipbot.storage.database import Database
from tipbot.storage.schema import totals
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.housekeeping import KEEP_DELIVERIES, Housekeeping
from tipbot.usecases.updating import UpdateRecord

DUE = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)


async def folded(database: Database) -> dict[tuple[date, str], int]:
    async with database.engine.connect() as connection:
        rows = (await connection.execute(select(totals))).mappings()
        return {(row["day"], row["status"]): row["deliveries"] for row in rows}


@pytest.fixture
async def old(database: Database) -> Database:
    """120 deliveries that expired unsent, and one that still waits."""
    await put(database, letters(range(1, 121), due_at=DUE))
    async with database.writing() as books:
        await books.outbox.expire(now=DUE + timedelta(days=1))
    await put(database, letters([500], due_at=DUE))
    return database


async def test_what_is_old_becomes_a_number_and_what_waits_stays(old: Database) -> None:
    settled = DUE + timedelta(days=1)
    assert await Housekeeping(old).tidy(now=settled + KEEP_DELIVERIES) == 0
    assert await Housekeeping(old).tidy(now=settled + KEEP_DELIVERIES + timedelta(seconds=1)) == 120
    assert await folded(old) == {(date(2026, 1, 5), "expired"): 120}
    async with old.reading() as books:
        assert await books.outbox.count() == {DeliveryStatus.QUEUED: 1}


async def test_two_that_tidy_up_at_once_count_everything_once(old: Database) -> None:
    now = DUE + KEEP_DELIVERIES + timedelta(days=2)
    done = await asyncio.gather(*(Housekeeping(old).tidy(now=now) for _ in range(4)))
    assert sum(done) == 120
    assert await folded(old) == {(date(2026, 1, 5), "expired"): 120}


async def test_an_order_that_a_wrong_clock_sent_far_ahead_is_brought_back(database: Database) -> None:
    subscription = await subscribe(database, 7)
    wrong = MONDAY_NOON + timedelta(days=400)
    async with database.writing() as books:
        strayed = [replace(slot, next_at=wrong, served_on=wrong.date()) for slot in subscription.slots.values()]
        await books.slots.save(strayed)
    await Housekeeping(database).tidy(now=MONDAY_NOON)
    async with database.reading() as books:
        assert await books.slots.of(ChatId(7)) == dict(subscription.slots)


async def test_a_long_pause_is_left_alone(database: Database) -> None:
    await subscribe(database, 7)
    paused = await Arrange(database).pause(ChatId(7), days=90, now=MONDAY_NOON)
    await Housekeeping(database).tidy(now=MONDAY_NOON)
    async with database.reading() as books:
        assert await books.slots.of(ChatId(7)) == dict(paused.slots)


async def test_updates_are_forgotten_when_telegram_has_forgotten_them_too(database: Database) -> None:
    record = UpdateRecord(database)
    await record.take([1, 2, 3], confirmed_below=0, now=MONDAY_NOON)
    await record.finish([1, 2], now=MONDAY_NOON)
    await Housekeeping(database).tidy(now=MONDAY_NOON + timedelta(days=1))
    assert set(await record.left_over()) == {1, 2, 3}
    await Housekeeping(database).tidy(now=MONDAY_NOON + timedelta(days=3))
    assert await record.left_over() == {}, "the third was never finished, but cannot come again either"
