"""Several take from one outbox at once, and nothing twice; without the row lock the oracle sees doubles."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import event

from tests.faults.evidence import read_ledger
from tests.faults.oracle import Expected, Message, Telegram, judge
from tests.usecases.post import letters, put
from tipbot.clock import Clock
from tipbot.domain.delivery import Claim, Sent
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable

T = TypeVar("T")

PEOPLE, CLAIMERS, AT_ONCE = 120, 4, 5
LOCK = "FOR UPDATE SKIP LOCKED"
NOW = Clock().now


class Post:
    """Takes every message there is and numbers it, as Telegram does."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def takes(self, claim: Claim) -> Sent:
        # The others come to their turn meanwhile.
        await asyncio.sleep(0)
        self.messages.append(Message(claim.chat_id, len(self.messages) + 1, claim.item))
        return Sent(len(self.messages))


@contextmanager
def without_row_lock(database: Database) -> Iterator[None]:
    """Break the claim: rows are not locked while they are chosen."""

    def unlock(
        _connection: object, _cursor: object, statement: str, parameters: object, _context: object, _many: object
    ) -> tuple[str, object]:
        return statement.replace(LOCK, ""), parameters

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", unlock, retval=True)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", unlock)


async def claimer(url: str, name: str, post: Post, begin: asyncio.Barrier, *, is_broken: bool) -> None:
    """Empty the outbox as a process does: claim in one transaction, send, settle in the next."""
    database = Database(url)
    mutation = without_row_lock if is_broken else _as_it_is
    with mutation(database):
        await begin.wait()
        while claims := await _through(partial(_claimed, database, name), is_broken=is_broken):
            answers = [(claim, await post.takes(claim)) for claim in claims]
            await _through(partial(_settled, database, name, answers), is_broken=is_broken)
    await database.close()


async def _through(step: Callable[[], Awaitable[T]], *, is_broken: bool) -> T:
    """Take a step; those whom no lock keeps apart may end up waiting for each other, and then take it again."""
    while True:
        try:
            return await step()
        except StorageUnavailable:
            if not is_broken:
                raise


@contextmanager
def _as_it_is(_: Database) -> Iterator[None]:
    yield


async def _claimed(database: Database, name: str) -> list[Claim]:
    async with database.writing() as books:
        return await books.outbox.claim([NOW()] * AT_ONCE, owner=name, now=NOW(), lease=timedelta(seconds=40))


async def _settled(database: Database, name: str, answers: list[tuple[Claim, Sent]]) -> None:
    async with database.writing() as books:
        await books.outbox.settle_sent(answers, owner=name, now=NOW())


async def overlap(url: str, *, is_broken: bool) -> list[str]:
    """Let all claimers begin at once; return what the oracle says in the end."""
    database, post, begin = Database(url), Post(), asyncio.Barrier(CLAIMERS)
    due = letters(range(1, PEOPLE + 1), due_at=NOW())
    await put(database, due)
    async with asyncio.TaskGroup() as tasks:
        for number in range(CLAIMERS):
            tasks.create_task(claimer(url, f"claimer {number}", post, begin, is_broken=is_broken))
    ledger = await read_ledger(database)
    await database.close()
    return judge(ledger, Telegram(post.messages), Expected([letter.key for letter in due]))


async def test_claimers_at_once_send_nothing_twice(postgres_database_url: str) -> None:
    assert await overlap(postgres_database_url, is_broken=False) == []


async def test_without_the_row_lock_the_oracle_sees_doubles(postgres_database_url: str) -> None:
    complaints = await overlap(postgres_database_url, is_broken=True)
    assert any("once more" in complaint or "no row tells of it" in complaint for complaint in complaints), (
        complaints
    )
