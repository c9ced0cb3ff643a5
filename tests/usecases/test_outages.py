"""The courier when things take long: an outage between a send and its settling, and a machine that slept."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.postgres import PostgresServer
from tests.usecases.post import Post, courier_at_work, letters, put, until
from tipbot.clock import Clock
from tipbot.domain.delivery import Claim, DeliveryStatus, Receipt, Uncertain
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage import sqlite
from tipbot.storage.database import Database
from tipbot.usecases.journal import LEASE, SEND_LIMIT

SENT, SENDING = DeliveryStatus.SENT, DeliveryStatus.SENDING
PEOPLE = 5

Away = Callable[[], AbstractAsyncContextManager[None]]


async def counted(database: Database) -> dict[DeliveryStatus, int]:
    async with database.reading() as books:
        return await books.outbox.count()


async def comes_to(database: Database, wanted: dict[DeliveryStatus, int]) -> None:
    """Wait until the outbox stands like this."""
    counts: dict[DeliveryStatus, int] = {}
    try:
        async with asyncio.timeout(15):
            while (counts := await counted(database)) != wanted:
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"{counts} instead of {wanted}")


async def answers_survive(database: Database, away: Away, caplog: pytest.LogCaptureFixture) -> None:
    """Let the answers to messages in the air arrive while the database is away."""
    now = Clock().now
    await put(database, letters(range(1, PEOPLE + 1), due_at=now()))
    post = Post(now)
    post.hold = asyncio.Event()
    # What is not known must be kept as well as what was sent.
    post.answers(1, Uncertain("no answer in time"))

    def tries() -> int:
        return caplog.text.count("courier_waits_for_database")

    async with courier_at_work(database, post, now):
        await comes_to(database, {SENDING: PEOPLE})
        async with away():
            await until(tries)
            post.hold.set()
            await until(lambda: len(post.taken) == PEOPLE - 1)
            before = tries()
            await until(lambda: tries() >= before + 2)
        await comes_to(database, {SENT: PEOPLE - 1, DeliveryStatus.UNKNOWN: 1})
    assert sorted(chat for chat, _ in post.taken) == list(map(ChatId, range(2, PEOPLE + 1)))


async def test_answers_survive_a_database_that_cannot_be_written_to(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.05)
    database = Database(sqlite_url)

    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        file = database.url.database or ""
        with closing(sqlite3.connect(file, isolation_level=None, timeout=60, check_same_thread=False)) as someone:
            # The courier may be in the middle of writing, and ends only if nothing holds up the event loop.
            await asyncio.to_thread(someone.execute, "BEGIN IMMEDIATE")
            yield

    await answers_survive(database, away, caplog)
    await database.close()


async def test_answers_survive_a_database_server_that_is_started_again(
    own_postgres: tuple[PostgresServer, str], caplog: pytest.LogCaptureFixture
) -> None:
    server, url = own_postgres
    database = Database(url)

    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        # The tests' server is told not to hurry with its disk; what is gone for good is not what this is about.
        async with database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("CHECKPOINT"))
        await asyncio.to_thread(server.stop)
        yield
        await asyncio.to_thread(server.start)

    await answers_survive(database, away, caplog)
    await database.close()


class Watching(Post):
    """Takes every message, and notes for how much longer the claim was good when it was handed over."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock.now)
        self._clock = clock
        self.rooms: list[timedelta] = []

    async def deliver(self, claim: Claim) -> Receipt:
        self.rooms.append(claim.lease_until - self._clock.now())
        return await super().deliver(claim)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_claim_that_grew_old_before_its_turn_is_not_sent_under_its_old_lease(database: Database) -> None:
    """The second message of a group waits three seconds; meanwhile the machine sleeps for most of the lease.

    Another process could call the claim unknown while the message is in the air: it has to be claimed anew.
    """
    clock = Clock()
    await put(database, letters([-1], due_at=clock.now()) + letters([-1], due_at=clock.now(), kind=Kind.STRETCH))
    post = Watching(clock)
    async with courier_at_work(database, post, clock.now):
        await comes_to(database, {SENT: 1, SENDING: 1})
        clock.move_to(clock.now() + LEASE - SEND_LIMIT + timedelta(seconds=5))
        await comes_to(database, {SENT: 2})
    assert len(post.taken) == 2
    assert min(post.rooms) >= SEND_LIMIT
