"""The tick: what is due is planned once, apart where one chat gets two, and never longer than a stop allows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.content import shipped_catalogue
from tests.postgres import PostgresServer
from tests.thoroughness import ON_ONE_ENGINE
from tests.usecases.people import LATENESS, MONDAY_NOON, subscribe
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.schema import outbox, subscribers
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.library import Library
from tipbot.usecases.planning import APART, BATCH, PlanDue

PEOPLE = BATCH + 20


def planner(database: Database) -> PlanDue:
    return PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)


@ON_ONE_ENGINE
async def test_a_stop_is_heard_between_two_batches(database: Database) -> None:
    first = await subscribe(database, 1)
    await Arrange(database).set_time(
        ChatId(1), Kind.TIP, (MONDAY_NOON + timedelta(hours=6)).time(), now=MONDAY_NOON
    )
    async with database.writing() as books:
        slots = (await books.slots.of(ChatId(1))).values()
        for chat in map(ChatId, range(2, PEOPLE // 2 + 2)):
            await books.subscribers.add(replace(first.subscriber, chat_id=chat))
            await books.slots.add([replace(slot, chat_id=chat) for slot in slots])
    now = MONDAY_NOON + timedelta(hours=6)  # both kinds are due for everybody
    asked = iter([False, True])
    done = await planner(database).tick(now=now, should_stop=lambda: next(asked, True))
    assert done.planned == BATCH
    rest = await planner(database).tick(now=now)
    assert rest.planned == 2 * (PEOPLE // 2 + 1) - BATCH


async def test_several_batches_at_once_plan_everything_once(database: Database) -> None:
    first = await subscribe(database, 1)
    tip = replace(first.slots[Kind.TIP], next_at=MONDAY_NOON)
    chats = [ChatId(chat) for chat in range(2, 2 * BATCH + 100)]
    async with database.writing() as books:
        await books.subscribers.add_all([replace(first.subscriber, chat_id=chat) for chat in chats])
        await books.slots.add([replace(tip, chat_id=chat) for chat in chats])
    assert (await planner(database).tick(now=MONDAY_NOON)).planned == len(chats)
    async with database.engine.connect() as connection:
        assert sorted(await connection.scalars(select(outbox.c.chat_id))) == chats
    assert (await planner(database).tick(now=MONDAY_NOON)).planned == 0


async def test_a_server_that_goes_down_between_two_batches_is_plain_news(
    own_postgres: tuple[PostgresServer, str],
) -> None:
    server, url = own_postgres
    database = Database(url)
    subscribed = await subscribe(database, 1)
    moment = subscribed.slots[Kind.TIP].next_at
    assert moment is not None

    down: list[bool] = []

    def goes_down() -> bool:
        if not down:
            down.append(True)
            server.stop()
        return False

    with pytest.raises(StorageUnavailable):
        await planner(database).tick(now=moment, should_stop=goes_down)
    await database.close()
    server.start()


async def test_two_messages_of_one_moment_to_one_chat_are_planned_apart(database: Database) -> None:
    await subscribe(database, 7)
    moment = MONDAY_NOON + timedelta(hours=6)
    await Arrange(database).set_time(ChatId(7), Kind.TIP, moment.time(), now=MONDAY_NOON)
    assert (await planner(database).tick(now=moment)).planned == len(Kind)
    async with database.engine.connect() as connection:
        first, second = (
            await connection.execute(select(outbox.c.next_try_at).order_by(outbox.c.next_try_at))
        ).scalars()
    assert (first, second) == (moment, moment + APART)


async def test_somebody_in_a_zone_that_is_no_more_keeps_nobody_elses_messages(database: Database) -> None:
    for chat in (7, 8):
        await subscribe(database, chat, zone="UTC")
    async with database.engine.begin() as connection:
        gone = update(subscribers).where(subscribers.c.chat_id == 7).values(zone="Nowhere/Gone")
        await connection.execute(gone)
    planned = 0
    for day in range(16):  # after two weeks of silence a note goes beside what is due
        now = MONDAY_NOON + timedelta(days=day, hours=6)
        planned += (await planner(database).tick(now=now)).planned
    assert planned
    async with database.engine.connect() as connection:
        kinds = await connection.scalars(select(outbox.c.kind).where(outbox.c.chat_id == 8))
        assert "note" in set(kinds)
        assert list(await connection.scalars(select(outbox.c.id).where(outbox.c.chat_id == 7))) == []
