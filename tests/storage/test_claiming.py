"""Rows are shared out: nobody takes another's, waits for another, takes too many, or settles what is not theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.usecases.post import letters, put
from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import Claim, DeliveryStatus, Sent, Settlement
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY
from tipbot.storage.books import Books
from tipbot.storage.database import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=40)
SENDING = DeliveryStatus.SENDING
# Whoever waited for another's rows would wait until that one commits, which in these tests is after this time.
AT_ONCE = 5


@asynccontextmanager
async def two(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """The same database as two processes see it."""
    one, other = Database(database_url), Database(database_url)
    try:
        yield one, other
    finally:
        await one.close()
        await other.close()


async def claim(books: Books, number: int, *, owner: str = "one") -> list[Claim]:
    return await books.outbox.claim([NOW] * number, owner=owner, now=NOW, lease=LEASE)


async def counted(database: Database) -> dict[DeliveryStatus, int]:
    async with database.reading() as books:
        return await books.outbox.count()


async def fall_due(database: Database, chats: range) -> None:
    """Give each chat one standing order that is due."""
    async with database.writing() as books:
        for chat in map(ChatId, chats):
            someone = Subscriber(chat, ChatKind.PRIVATE, ENGLISH, "UTC", Status.ACTIVE, NOW, NOW, NOW)
            await books.subscribers.add(someone)
            await books.slots.add([Slot(chat, Kind.TIP, time(9, 0), EVERY_DAY, next_at=NOW)])


async def test_a_claim_takes_other_rows_than_one_that_is_not_committed_and_does_not_wait_for_it(
    postgres_database_url: str,
) -> None:
    async with two(postgres_database_url) as (one, other):
        await put(one, letters(range(1, 11), due_at=NOW))
        async with one.writing() as first, asyncio.timeout(AT_ONCE):
            mine = await claim(first, 4)
            async with other.writing() as second:
                theirs = await claim(second, 10, owner="other")
    assert [claim.chat_id for claim in mine] == [1, 2, 3, 4]
    assert [claim.chat_id for claim in theirs] == [5, 6, 7, 8, 9, 10]


async def test_planning_takes_other_orders_than_one_that_is_not_committed_and_does_not_wait_for_it(
    postgres_database_url: str,
) -> None:
    async with two(postgres_database_url) as (one, other):
        await fall_due(one, range(1, 11))
        async with one.writing() as first, asyncio.timeout(AT_ONCE):
            mine = {slot.chat_id for _, slot in await first.slots.due(now=NOW, most=4)}
            async with other.writing() as second:
                theirs = {slot.chat_id for _, slot in await second.slots.due(now=NOW, most=10)}
    assert len(mine) == 4
    assert theirs == set(map(ChatId, range(1, 11))) - mine


async def test_many_that_claim_at_once_get_every_row_once(database_url: str) -> None:
    async with two(database_url) as (one, other):
        await put(one, letters(range(1, 61), due_at=NOW))

        async def claims(database: Database, owner: str) -> list[Claim]:
            async with database.writing() as books:
                return await claim(books, 5, owner=owner)

        found = await asyncio.gather(*(claims(db, name) for db, name in [(one, "one"), (other, "other")] * 5))
    assert [len(claims) for claims in found] == [5] * 10
    assert len({claim.id for claims in found for claim in claims}) == 50


async def test_planners_at_once_get_no_order_twice(database_url: str) -> None:
    async with two(database_url) as (one, other):
        await fall_due(one, range(1, 41))

        async def plan(database: Database) -> list[ChatId]:
            async with database.writing() as books:
                due = [slot for _, slot in await books.slots.due(now=NOW, most=5)]
                await books.slots.save([Slot(s.chat_id, s.kind, s.wall_time, s.weekdays) for s in due])
                return [slot.chat_id for slot in due]

        found = [chat for chats in await asyncio.gather(*map(plan, (one, other) * 5)) for chat in chats]
    assert len(found) == len(set(found))


async def test_a_claim_never_takes_more_than_there_are_slots_however_the_server_runs_it(
    postgres_database_url: str,
) -> None:
    """Reading the inner query again for each row takes more: here the server has hardly another choice."""
    async with two(postgres_database_url) as (one, other):
        await put(one, letters(range(1, 201), due_at=NOW))
        async with one.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            name = await connection.scalar(text("SELECT current_database()"))
            for way in ("hashjoin", "mergejoin", "hashagg", "material", "memoize", "sort"):
                await connection.execute(text(f'ALTER DATABASE "{name}" SET enable_{way} = off'))
        async with other.writing() as books:
            assert len(await claim(books, 3)) == 3
        assert (await counted(other))[SENDING] == 3


async def test_the_inner_query_of_a_claim_is_run_once_on_postgresql(postgres_database_url: str) -> None:
    """Today's servers would run it once by themselves, because it locks rows; that is not promised anywhere."""
    said: list[str] = []
    async with two(postgres_database_url) as (one, _):

        @event.listens_for(one.engine.sync_engine, "before_cursor_execute")
        def listen(_connection: object, _cursor: object, statement: str, *_: Any) -> None:  # noqa: ANN401
            said.append(statement)

        async with one.writing() as books:
            await claim(books, 1)
    (claiming,) = (statement for statement in said if "UPDATE outbox" in statement)
    assert "AS MATERIALIZED" in claiming
    assert "SKIP LOCKED" in claiming


SETTLEMENTS = [
    Settlement(DeliveryStatus.FAILED, reason="refused"),
    Settlement(DeliveryStatus.UNKNOWN, reason="no answer"),
    Settlement(DeliveryStatus.QUEUED, reason="no connection", next_try_at=NOW),
]


@pytest.fixture
async def held(database: Database) -> tuple[Claim, Claim]:
    """One delivery that was claimed, put back, and claimed again by somebody else: both claims."""
    await put(database, letters([1], due_at=NOW))
    async with database.writing() as books:
        (before,) = await claim(books, 1, owner="one")
        again = Settlement(DeliveryStatus.QUEUED, next_try_at=NOW)
        assert await books.outbox.settle(before, again, owner="one", now=NOW)
        (after,) = await claim(books, 1, owner="other")
    assert (before.id, before.attempts, after.id, after.attempts) == (after.id, 1, before.id, 2)
    return before, after


@pytest.mark.parametrize("settlement", SETTLEMENTS, ids=lambda settlement: str(settlement.status))
async def test_a_settlement_needs_the_owner_and_the_attempt(
    database: Database, held: tuple[Claim, Claim], settlement: Settlement
) -> None:
    before, after = held
    async with database.writing() as books:
        assert not await books.outbox.settle(before, settlement, owner="one", now=NOW)
        assert not await books.outbox.settle(before, settlement, owner="other", now=NOW), "the attempt before"
        assert not await books.outbox.settle(after, settlement, owner="one", now=NOW), "somebody else's"
        assert await books.outbox.count() == {SENDING: 1}
        assert await books.outbox.settle(after, settlement, owner="other", now=NOW)
        assert await books.outbox.count() == {settlement.status: 1}


async def test_an_accepted_message_needs_the_owner_and_the_attempt(
    database: Database, held: tuple[Claim, Claim]
) -> None:
    before, after = held
    for answered, owner in [(before, "one"), (before, "other"), (after, "one")]:
        async with database.writing() as books:
            await books.outbox.settle_sent([(answered, Sent(77))], owner=owner, now=NOW)
        assert await counted(database) == {SENDING: 1}, (answered.attempts, owner)
    async with database.writing() as books:
        await books.outbox.settle_sent([(after, Sent(78))], owner="other", now=NOW)
    assert await counted(database) == {DeliveryStatus.SENT: 1}


async def test_an_answer_does_not_change_what_was_settled_before(database: Database) -> None:
    await put(database, letters([1], due_at=NOW))
    async with database.writing() as books:
        (mine,) = await claim(books, 1)
        await books.outbox.settle(mine, SETTLEMENTS[0], owner="one", now=NOW)
        await books.outbox.settle_sent([(mine, Sent(77))], owner="one", now=NOW)
        assert not await books.outbox.settle(mine, SETTLEMENTS[1], owner="one", now=NOW)
        assert await books.outbox.count() == {DeliveryStatus.FAILED: 1}
