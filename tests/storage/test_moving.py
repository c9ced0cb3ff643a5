"""A group gets a new id: what waits goes with it, nothing comes twice, and settled rows are never read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, select

from tests.usecases.people import MONDAY_NOON, subscribe
from tests.usecases.post import letters, put
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage.database import Database
from tipbot.storage.schema import outbox
from tipbot.usecases.reaching import Reach

OLD, NEW = ChatId(-5), ChatId(-1005)
QUEUED, SENDING = DeliveryStatus.QUEUED, DeliveryStatus.SENDING
CANCELLED = DeliveryStatus.CANCELLED


@pytest.fixture
async def waiting(database: Database) -> Database:
    """A group with a tip in the air and a stretch that waits."""
    await subscribe(database, OLD)
    await put(database, letters([OLD], due_at=MONDAY_NOON))
    async with database.writing() as books:
        lease = timedelta(seconds=40)
        assert len(await books.outbox.claim([MONDAY_NOON], owner="one", now=MONDAY_NOON, lease=lease)) == 1
    await put(database, letters([OLD], due_at=MONDAY_NOON, kind=Kind.STRETCH))
    return database


async def rows(database: Database) -> set[tuple[int, str, str]]:
    async with database.engine.connect() as connection:
        found = await connection.execute(select(outbox.c.chat_id, outbox.c.kind, outbox.c.status))
        return {(row.chat_id, row.kind, row.status) for row in found}


async def test_what_waits_and_what_is_in_the_air_follows_the_group(waiting: Database) -> None:
    await Reach(waiting).moved(OLD, NEW, now=MONDAY_NOON)
    assert await rows(waiting) == {(NEW, Kind.TIP, SENDING), (NEW, Kind.STRETCH, QUEUED)}


async def test_being_told_twice_takes_nothing_back(waiting: Database) -> None:
    await Reach(waiting).moved(OLD, NEW, now=MONDAY_NOON)
    await Reach(waiting).moved(OLD, NEW, now=MONDAY_NOON)
    assert await rows(waiting) == {(NEW, Kind.TIP, SENDING), (NEW, Kind.STRETCH, QUEUED)}


async def test_a_group_that_subscribed_again_does_not_get_two_of_a_kind(waiting: Database) -> None:
    await subscribe(waiting, NEW)
    await put(waiting, letters([NEW], due_at=MONDAY_NOON, kind=Kind.STRETCH))
    await Reach(waiting).moved(OLD, NEW, now=MONDAY_NOON)
    assert await rows(waiting) == {
        (OLD, Kind.TIP, SENDING),
        (OLD, Kind.STRETCH, CANCELLED),
        (NEW, Kind.STRETCH, QUEUED),
    }


@contextmanager
def updates_of(database: Database) -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """Collect the updates of the outbox as they really go to the database."""
    seen: list[tuple[str, tuple[object, ...]]] = []

    def note(_: Connection, __: object, statement: str, values: tuple[object, ...], *___: object) -> None:
        if statement.startswith("UPDATE outbox"):
            seen.append((statement, values))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_moving_reads_an_index_and_not_the_whole_outbox(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with updates_of(database) as seen:
        async with database.writing() as books:
            await books.outbox.move(OLD, NEW)
    async with database.engine.connect() as connection:
        plans = []
        for statement, values in seen:
            explained = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans += [row.detail for row in explained]
    assert len(plans) == 1
    assert all(plan.startswith("SEARCH outbox USING INDEX") for plan in plans), plans
    await database.close()
