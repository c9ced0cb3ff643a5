"""The right to poll: one holder at a time, a quick answer from a silent server, and nothing left behind."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text

from tests.postgres import PostgresServer, create_database
from tipbot.storage import leadership
from tipbot.storage.database import Database
from tipbot.storage.leadership import ASKING_SECONDS, Leadership, Right

SESSIONS = text("SELECT count(*) FROM pg_stat_activity WHERE usename = 'guest' AND datname = current_database()")

END_SESSIONS_WITH_A_LOCK = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
async def silent(own_postgres: tuple[PostgresServer, str]) -> AsyncIterator[tuple[PostgresServer, Database]]:
    """A server that can be silenced, and the database on it."""
    server, url = own_postgres
    database = Database(url)
    yield server, database
    await database.close()


async def test_one_holds_the_right_and_another_takes_over(postgres_database_url: str) -> None:
    database = Database(postgres_database_url)
    first, second = Leadership(database), Leadership(database)
    assert [await first.right(), await second.right()] == [Right.HELD, Right.ELSEWHERE]
    assert [await first.right(), await second.right()] == [Right.HELD, Right.ELSEWHERE]
    await first.release()
    while (right := await second.right()) is not Right.HELD:
        assert right is Right.ELSEWHERE
    assert await first.right() is Right.ELSEWHERE
    await first.release()
    await second.release()
    await database.close()


async def test_when_the_holders_session_ends_another_gets_the_right_and_the_holder_learns_of_it(
    postgres_database_url: str,
) -> None:
    database = Database(postgres_database_url)
    first, second = Leadership(database), Leadership(database)
    assert [await first.right(), await second.right()] == [Right.HELD, Right.ELSEWHERE]
    async with database.engine.connect() as connection:
        assert list(await connection.scalars(END_SESSIONS_WITH_A_LOCK)) == [True]
    assert await second.right() is Right.HELD
    assert await first.right() is Right.ELSEWHERE, "at once: what Telegram gave it meanwhile is not its any more"
    await first.release()
    await second.release()
    await database.close()


async def test_a_holder_that_stands_still_loses_the_right(
    postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leadership, "STANDSTILL_SECONDS", 0.2)
    database = Database(postgres_database_url)
    still, awake = Leadership(database), Leadership(database)
    assert await still.right() is Right.HELD
    async with asyncio.timeout(20):
        while await awake.right() is not Right.HELD:
            pass
    assert await still.right() is Right.ELSEWHERE
    await still.release()
    await awake.release()
    await database.close()


async def test_on_sqlite_there_is_only_one(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    assert await Leadership(database).right() is Right.HELD


async def test_a_server_that_is_silent_does_not_hold_up_the_poller(silent: tuple[PostgresServer, Database]) -> None:
    server, database = silent
    leader, newcomer = Leadership(database), Leadership(database)
    assert await leader.right() is Right.HELD
    with server.frozen():
        before = time.monotonic()
        rights = await asyncio.gather(leader.right(), newcomer.right())
        assert list(rights) == [Right.UNKNOWN, Right.UNKNOWN]
        assert time.monotonic() - before < ASKING_SECONDS + 1
    # The server finds the lines cut when it wakes up, so that the right is free again.
    while await leader.right() is not Right.HELD:
        pass
    assert await newcomer.right() is Right.ELSEWHERE
    await leader.release()
    await newcomer.release()


async def test_a_question_that_fails_leaves_no_session_behind(guarded_postgres: PostgresServer) -> None:
    url = await asyncio.to_thread(create_database, guarded_postgres.url, f"leak_{uuid.uuid4().hex[:12]}")
    owners, guests = Database(url), Database(url.replace("postgres@", "guest@"))
    async with owners.engine.connect() as connection:
        await connection.execute(text("REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) FROM PUBLIC"))
        await connection.commit()
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await Leadership(guests).right()
    async with owners.engine.connect() as connection, asyncio.timeout(10):
        # A transaction would look at who is there once, and never again.
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        while await connection.scalar(SESSIONS):
            await asyncio.sleep(0.01)
    await owners.close()
    await guests.close()
