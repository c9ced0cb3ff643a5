"""The job that forgets: it does exactly what the pure rule says, in batches, and twice is as good as once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from tests.domain.test_retention import CASES, NOW, somebody
from tests.usecases.people import subscribe
from tests.usecases.post import letters, put
from tipbot.domain.retention import KEEP_STOPPED, SILENCE, Fate, fate
from tipbot.domain.subscribers import ChatId, ChatKind, Status, Subscriber
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.schema import metadata
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.joining import Join
from tipbot.usecases.retention import FORGET_AT_ONCE, Retention

ANN = ChatId(7)


async def add(database: Database, people: Sequence[Subscriber]) -> None:
    async with database.writing() as books:
        for one in people:
            await books.subscribers.add(one)


async def left(database: Database) -> set[int]:
    async with database.engine.connect() as connection:
        return set((await connection.execute(metadata.tables["subscribers"].select())).scalars())


class Told:
    """Stands for whoever brings the word; writes nothing, remembers everybody."""

    def __init__(self) -> None:
        self.chats: list[ChatId] = []

    async def __call__(self, books: Books, silent: Sequence[Subscriber], now: datetime) -> None:
        del books, now
        self.chats += [one.chat_id for one in silent]


async def test_the_database_is_asked_for_exactly_what_the_rule_says(database: Database) -> None:
    people = [somebody(number, *case[:4]) for number, case in enumerate(CASES, start=1)]
    people += [replace(one, chat_id=ChatId(-one.chat_id), chat_kind=ChatKind.CHANNEL) for one in people]
    await add(database, people)
    fates = {one.chat_id: fate(one, now=NOW) for one in people}
    async with database.writing() as books:
        overdue = await books.departures.overdue(now=NOW, most=1000)
        silent = await books.departures.silent(now=NOW, most=1000)
    assert set(overdue) == {chat for chat, one in fates.items() if one is Fate.FORGET}
    assert {one.chat_id for one in silent} == {chat for chat, one in fates.items() if one is Fate.WARN}


async def test_more_than_a_batch_is_forgotten_and_counted_by_two_processes_at_once(database: Database) -> None:
    many = FORGET_AT_ONCE + 30
    await add(database, [somebody(number, Status.STOPPED, 30, 30, None) for number in range(1, many + 1)])
    await add(database, [somebody(9001, Status.ACTIVE, 0, 0, None)])
    await put(database, letters(range(1, many + 1), due_at=NOW - timedelta(days=40)))
    done = await asyncio.gather(*(Retention(database).forget(now=NOW) for _ in range(3)))
    assert sum(done) == many
    assert await left(database) == {9001}
    async with database.reading() as books:
        assert await books.outbox.count() == {}
    assert await Retention(database).tidy(now=NOW) == (0, 0)


async def test_without_somebody_to_tell_them_the_silent_stay(database: Database) -> None:
    await subscribe(database, ANN, now=NOW - SILENCE)
    assert [one.chat_id for one in await Retention(database).to_be_warned(now=NOW)] == [ANN]
    assert await Retention(database).tidy(now=NOW + timedelta(days=100)) == (0, 0)
    assert await left(database) == {ANN}


async def test_the_silent_are_told_once_and_forgotten_thirty_days_later(database: Database) -> None:
    await subscribe(database, ANN, now=NOW - SILENCE)
    told = Told()
    retention = Retention(database, warn=told)
    done = await asyncio.gather(*(retention.tidy(now=NOW) for _ in range(3)))
    assert sorted(done) == [(0, 0), (0, 0), (1, 0)]
    assert await retention.tidy(now=NOW + timedelta(days=29)) == (0, 0)
    assert await retention.tidy(now=NOW + timedelta(days=30)) == (0, 1)
    assert told.chats == [ANN]
    assert await left(database) == set()


async def test_any_visit_after_the_word_keeps_them(database: Database) -> None:
    await subscribe(database, ANN, now=NOW - SILENCE)
    retention = Retention(database, warn=Told())
    await retention.warn(now=NOW)
    await Arrange(database).switch_articles(ANN, is_on=False, now=NOW + timedelta(days=3))
    subscription = await Join(database).look_up(ANN)
    assert subscription is not None
    assert subscription.subscriber.farewell_warned_at is None
    assert await retention.tidy(now=NOW + timedelta(days=31)) == (0, 0)


async def test_who_cannot_be_told_is_not_marked_as_told(database: Database) -> None:
    async def fails(books: Books, silent: Sequence[Subscriber], now: datetime) -> None:
        await books.outbox.cancel(silent[0].chat_id, now=now, reason="told")
        raise ArithmeticError

    await subscribe(database, ANN, now=NOW - SILENCE)
    with pytest.raises(ArithmeticError):
        await Retention(database, warn=fails).warn(now=NOW)
    assert len(await Retention(database).to_be_warned(now=NOW)) == 1


async def test_a_stop_is_undone_in_time_and_over_after_it(database: Database) -> None:
    await subscribe(database, ANN, now=NOW)
    await Arrange(database).stop(ANN, now=NOW)
    await Arrange(database).resume(ANN, now=NOW + timedelta(days=29))
    assert await Retention(database).forget(now=NOW + KEEP_STOPPED) == 0
    await Arrange(database).stop(ANN, now=NOW + timedelta(days=40))
    assert await Retention(database).forget(now=NOW + timedelta(days=69)) == 0
    assert await Retention(database).forget(now=NOW + timedelta(days=70)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nobody_else_is_read_to_find_them(database: Database) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(
        _connection: object, _cursor: object, statement: str, parameters: tuple[object, ...], *_: object
    ) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    async with database.writing() as books:
        await books.departures.overdue(now=NOW, most=5)
        await books.departures.silent(now=NOW, most=5)
    questions = tuple(asked)
    assert len(questions) == 2
    async with database.engine.connect() as connection:
        for statement, parameters in questions:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [str(row) for row in plan]
            assert any("ix_subscribers_status_active" in step for step in steps)
            assert not any("SCAN" in step for step in steps), steps
