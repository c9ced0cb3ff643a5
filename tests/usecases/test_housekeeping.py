"""Old deliveries become totals, and none is counted twice."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.usecases.post import letters, put
from tipbot.domain.delivery import DeliveryStatus
from tipbot.storage.database import Database
from tipbot.storage.schema import totals
from tipbot.usecases.housekeeping import KEEP_DELIVERIES, Housekeeping

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
