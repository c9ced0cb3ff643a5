"""Two that change the same at once: both changes survive, nobody is turned away, and readers never queue."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.storage.waiting import waits_for_a_lock
from tests.usecases.people import subscribe
from tipbot.domain.subscribers import ChatId, Kind, Status
from tipbot.domain.weekdays import MONDAY_TO_FRIDAY
from tipbot.storage.database import Database
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.joining import Join

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANN = ChatId(7)


@pytest.fixture
async def pair(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """The same database as two processes see it, or as two connections of one would without a queue between."""
    one, other = Database(database_url), Database(database_url)
    yield one, other
    await one.close()
    await other.close()


on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def faster(database: Database) -> None:
    """Read a number and write it back one higher."""
    async with database.writing() as books:
        pace = await books.pace.load(ceiling=1, now=NOW)
        await books.pace.save(replace(pace, rate=pace.rate + 1))


async def test_no_update_is_lost_and_no_writer_turned_away(pair: tuple[Database, Database]) -> None:
    await faster(pair[0])
    await asyncio.gather(*(faster(database) for database in pair * 4))
    async with pair[0].writing() as books:
        assert (await books.pace.load(ceiling=1, now=NOW)).rate == 10


@on_sqlite
async def test_readers_get_through_however_many_writers_wait(database: Database) -> None:
    async with asyncio.TaskGroup() as tasks, database.writing() as books:
        await books.pace.load(ceiling=1, now=NOW)
        writers = [tasks.create_task(faster(database)) for _ in range(30)]
        # All of them get as far as they can, and only then does the reader come.
        await asyncio.sleep(0)
        async with asyncio.timeout(5), database.reading() as reader:
            assert await reader.outbox.count() == {}
        assert not any(writer.done() for writer in writers)


@on_sqlite
async def test_what_was_opened_to_read_cannot_change_anything(database: Database) -> None:
    """The end of a reader is not waited for, so nothing may depend on it; the next one starts anew."""
    await faster(database)
    for _ in range(2):
        async with database.reading() as books:
            pace = await books.pace.load(ceiling=1, now=NOW)
            assert pace.rate == 2
            await books.pace.save(replace(pace, rate=pace.rate + 1))
    await faster(database)
    async with database.reading() as books:
        assert (await books.pace.load(ceiling=1, now=NOW)).rate == 3


@on_sqlite
async def test_a_reader_sees_one_moment_only(pair: tuple[Database, Database]) -> None:
    await faster(pair[0])
    async with pair[0].reading() as books:
        before = (await books.pace.load(ceiling=1, now=NOW)).rate
        await faster(pair[1])
        assert (await books.pace.load(ceiling=1, now=NOW)).rate == before
    async with pair[0].reading() as books:
        assert (await books.pace.load(ceiling=1, now=NOW)).rate == before + 1


async def test_changes_to_one_subscription_at_once_all_survive(pair: tuple[Database, Database]) -> None:
    await subscribe(pair[0], ANN)
    one, other = map(Arrange, pair)
    for wanted in (True, False, True):
        await asyncio.gather(
            one.switch_articles(ANN, is_on=not wanted, now=NOW),
            other.set_zone(ANN, "Asia/Tokyo" if wanted else "Europe/Paris", now=NOW),
            one.set_days(ANN, Kind.TIP, MONDAY_TO_FRIDAY, now=NOW),
            other.set_time(ANN, Kind.TIP, time(6 + wanted, 30), now=NOW),
        )
        known = await Join(pair[0]).look_up(ANN)
        assert known is not None
        assert known.subscriber.wants_articles is not wanted
        assert known.subscriber.zone == ("Asia/Tokyo" if wanted else "Europe/Paris")
        tip = known.slots[Kind.TIP]
        assert (tip.weekdays, tip.wall_time) == (MONDAY_TO_FRIDAY, time(6 + wanted, 30))


@on_postgresql
async def test_who_reads_a_subscriber_for_a_change_sees_the_change_before(pair: tuple[Database, Database]) -> None:
    await subscribe(pair[0], ANN)

    async def no_articles() -> None:
        async with pair[1].writing() as books:
            known = await books.subscribers.find(ANN, for_change=True)
            assert known is not None
            await books.subscribers.save(replace(known, wants_articles=False))

    async with asyncio.TaskGroup() as tasks, pair[0].writing() as books:
        known = await books.subscribers.find(ANN, for_change=True)
        assert known is not None
        change = tasks.create_task(no_articles())
        assert await waits_for_a_lock(pair[0], change)
        await books.subscribers.save(replace(known, zone="Asia/Tokyo"))
    async with pair[0].reading() as books:
        known = await books.subscribers.find(ANN)
    assert known is not None
    assert (known.zone, known.wants_articles) == ("Asia/Tokyo", False)


@on_postgresql
async def test_who_reads_slots_for_a_change_sees_the_change_before(pair: tuple[Database, Database]) -> None:
    await subscribe(pair[0], ANN)

    async def weekdays_only() -> None:
        async with pair[1].writing() as books:
            slot = (await books.slots.of(ANN, for_change=True))[Kind.TIP]
            await books.slots.save([replace(slot, weekdays=MONDAY_TO_FRIDAY)])

    async with asyncio.TaskGroup() as tasks, pair[0].writing() as books:
        slot = (await books.slots.of(ANN, for_change=True))[Kind.TIP]
        change = tasks.create_task(weekdays_only())
        assert await waits_for_a_lock(pair[0], change)
        await books.slots.save([replace(slot, wall_time=time(6, 30))])
    async with pair[0].reading() as books:
        slot = (await books.slots.of(ANN))[Kind.TIP]
    assert (slot.weekdays, slot.wall_time) == (MONDAY_TO_FRIDAY, time(6, 30))


@on_postgresql
async def test_a_choice_made_meanwhile_waits_for_the_one_before_it(pair: tuple[Database, Database]) -> None:
    """As above, through the use case: it must read under the lock, not only write."""
    await subscribe(pair[0], ANN)
    async with asyncio.TaskGroup() as tasks, pair[0].writing() as books:
        known = await books.subscribers.find(ANN, for_change=True)
        assert known is not None
        change = tasks.create_task(Arrange(pair[1]).switch_articles(ANN, is_on=False, now=NOW))
        assert await waits_for_a_lock(pair[0], change)
        await books.subscribers.save(replace(known, zone="Asia/Tokyo"))
    assert change.result().subscriber.zone == "Asia/Tokyo"
    assert (await Arrange(pair[0]).resume(ANN, now=NOW)).subscriber.wants_articles is False


@on_postgresql
async def test_a_choice_about_a_slot_waits_for_whoever_plans_it(pair: tuple[Database, Database]) -> None:
    """The planner holds slot and subscriber while it moves the slot on; a choice must not put it back."""
    await subscribe(pair[0], ANN, now=NOW)
    later = NOW + timedelta(days=3)
    async with asyncio.TaskGroup() as tasks, pair[0].writing() as books:
        slots = await books.slots.of(ANN, for_change=True)
        change = tasks.create_task(Arrange(pair[1]).set_time(ANN, Kind.TIP, time(6, 30), now=NOW))
        assert await waits_for_a_lock(pair[0], change)
        await books.slots.save([replace(slots[Kind.TIP], served_on=later.date())])
    tip = change.result().slots[Kind.TIP]
    assert (tip.served_on, tip.wall_time) == (later.date(), time(6, 30))


@on_postgresql
async def test_the_pace_is_held_by_one_at_a_time(pair: tuple[Database, Database]) -> None:
    await faster(pair[0])
    async with asyncio.TaskGroup() as tasks, pair[0].writing() as books:
        pace = await books.pace.load(ceiling=1, now=NOW)
        change = tasks.create_task(faster(pair[1]))
        assert await waits_for_a_lock(pair[0], change)
        await books.pace.save(replace(pace, rate=10))
    async with pair[0].writing() as books:
        assert (await books.pace.load(ceiling=1, now=NOW)).rate == 11


async def test_what_fails_in_the_middle_leaves_nothing_behind(database: Database) -> None:
    await subscribe(database, ANN)

    async def stop_and_stumble() -> None:
        async with database.writing() as books:
            known = await books.subscribers.find(ANN, for_change=True)
            assert known is not None
            await books.subscribers.save(replace(known, status=Status.STOPPED))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await stop_and_stumble()
    async with database.reading() as books:
        known = await books.subscribers.find(ANN)
    assert known is not None
    assert known.status is Status.ACTIVE


async def test_a_statement_that_goes_along_with_the_end_can_still_undo_all_of_it(database: Database) -> None:
    await subscribe(database, ANN)
    await faster(database)

    async def stop_and_stumble() -> None:
        async with database.writing() as books:
            known = await books.subscribers.find(ANN, for_change=True)
            assert known is not None
            await books.subscribers.save(replace(known, status=Status.STOPPED))
            pace = await books.pace.load(ceiling=1, now=NOW)
            await books.pace.save(replace(pace, rate=None))  # type: ignore[arg-type]  # what no database takes

    with pytest.raises(IntegrityError):
        await stop_and_stumble()
    async with database.reading() as books:
        known = await books.subscribers.find(ANN)
        pace = await books.pace.look()
    assert known is not None
    assert known.status is Status.ACTIVE
    assert pace is not None
    assert pace.rate == 2


@on_sqlite
async def test_a_claim_is_on_the_disk_of_sqlite_before_its_message_goes_out(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("PRAGMA synchronous")) == 2, "FULL"


@on_postgresql
async def test_a_claim_is_on_the_disk_before_its_message_goes_out_whatever_the_host_has_set(
    database: Database,
) -> None:
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        name = await connection.scalar(text("SELECT current_database()"))
        await connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    await database.engine.dispose()
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SHOW synchronous_commit")) == "on"


async def test_who_is_cancelled_in_the_middle_gives_the_connection_back(database: Database) -> None:
    """There are ten on SQLite and twenty on PostgreSQL; whoever finds none left would wait for long."""
    await subscribe(database, ANN)
    kept = []  # or Python would let go of what nobody holds any more

    async def move_at_length(reached: asyncio.Event) -> None:
        async with database.writing() as books:
            kept.append(books)
            await books.subscribers.move(ANN, ChatId(8))
            reached.set()
            await asyncio.sleep(60)

    async with asyncio.timeout(20):
        for _ in range(21):
            async with asyncio.TaskGroup() as tasks:
                reached = asyncio.Event()
                moving = tasks.create_task(move_at_length(reached))
                await reached.wait()
                moving.cancel()
        async with database.reading() as books:
            assert await books.subscribers.find(ANN) is not None
