"""A process that stands still keeps nobody waiting for long, wherever it stopped."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tests.content import shipped_catalogue
from tipbot.storage import database as storage
from tipbot.storage.database import Database
from tipbot.usecases.library import Library
from tipbot.usecases.planning import PlanDue

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def between_two_statements(_: asyncpg.Connection) -> None:
    """Stop after the answer to the last one."""


def within_a_statement(session: asyncpg.Connection) -> None:
    """Name the next statement and stop before executing it: the server takes that for being at work."""
    named = b"\0SELECT 1\0" + struct.pack("!h", 0)
    session._transport.write(b"P" + struct.pack("!i", len(named) + 4) + named)


@asynccontextmanager
async def ticking(database: Database) -> AsyncIterator[None]:
    """Tick all the time, as every process does each second."""
    planning = PlanDue(database, Library(shipped_catalogue()), max_lateness=timedelta(hours=4))

    async def tick() -> None:
        while True:
            await planning.tick(now=NOW)
            await asyncio.sleep(0.02)

    async with asyncio.TaskGroup() as tasks:
        ticks = tasks.create_task(tick())
        yield
        ticks.cancel()


@pytest.mark.parametrize("stops", [between_two_statements, within_a_statement])
async def test_who_stands_still_loses_the_pace_to_the_others(
    postgres_database_url: str, monkeypatch: pytest.MonkeyPatch, stops: Callable[[asyncpg.Connection], None]
) -> None:
    still, other = Database(postgres_database_url), Database(postgres_database_url)
    async with other.writing() as books:
        await books.pace.load(ceiling=25, now=NOW)
    monkeypatch.setitem(storage.POSTGRES_SESSION, "idle_in_transaction_session_timeout", "1s")
    monkeypatch.setattr(storage, "STANDSTILL_SECONDS", 1)
    session = await still.session_apart(patience=5)
    await session.execute("BEGIN")
    await session.execute("UPDATE pace SET rate = 7")
    stops(session)
    async with asyncio.timeout(7), ticking(other), other.writing() as books:
        assert (await books.pace.load(ceiling=25, now=NOW)).rate == 25, "what it had begun is undone"
    session.terminate()
    await still.close()
    await other.close()


async def test_who_only_works_for_long_is_left_alone(
    postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "STANDSTILL_SECONDS", 0.05)
    database = Database(postgres_database_url)
    working, idle = await database.session_apart(patience=5), await database.session_apart(patience=5)
    await idle.execute("BEGIN")
    async with ticking(database):
        await working.execute("SELECT pg_sleep(0.5)")
    assert await database.end_what_stands_still() == 0
    await idle.execute("ROLLBACK")
    await working.close()
    await idle.close()
    await database.close()
