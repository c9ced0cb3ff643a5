"""A backup put back minutes later: what went out since does not go out again by itself, and operators hear."""

import asyncio
import sqlite3
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.content import shipped_catalogue
from tests.postgres import PostgresServer, create_database, drop_database
from tests.usecases.mailing import BOSS, Mailing, at, people
from tests.usecases.people import LATENESS, MONDAY_NOON, subscribe
from tipbot.domain.alarms import DatabaseRestored
from tipbot.domain.broadcasts import BroadcastStatus, Mode, PausedFor, When
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.domain.witness import IN_DOUBT
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.migrations import upgrade
from tipbot.storage.schema import outbox
from tipbot.usecases.afterwards import UNKNOWN
from tipbot.usecases.errors import MayBeDouble
from tipbot.usecases.library import Library
from tipbot.usecases.planning import PlanDue
from tipbot.usecases.restoring import WatchRecord, call_restored

SENT, HELD, DOUBTED = DeliveryStatus.SENT, DeliveryStatus.HELD, DeliveryStatus.UNKNOWN
NEXT_DAY = MONDAY_NOON + timedelta(days=1)


@dataclass
class Shelf:
    """A database that can be put aside, and put back."""

    url: str
    aside: Callable[[], Awaitable[None]]
    back: Callable[[], Awaitable[str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    if request.param == "sqlite":
        yield _files(request.getfixturevalue("sqlite_url"), tmp_path / "aside.db")
        return
    server, template = map(request.getfixturevalue, ("postgres_url", "template_of_postgres"))
    first, second = (f"shelf_{uuid.uuid4().hex[:12]}" for _ in range(2))
    url = create_database(server, first, template=template)

    async def aside() -> None:
        await asyncio.to_thread(create_database, server, second, template=first)

    async def back() -> str:
        await asyncio.to_thread(drop_database, server, first)
        return await asyncio.to_thread(create_database, server, first, template=second)

    yield Shelf(url, aside, back)
    for name in (first, second):
        drop_database(server, name)


def _files(url: str, copy: Path) -> Shelf:
    path = Path(url.removeprefix("sqlite:///"))

    async def aside() -> None:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)

    async def back() -> str:
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        path.write_bytes(copy.read_bytes())
        return url

    return Shelf(url, aside, back)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


def watch(database: Database, rang: list[object] | None = None) -> WatchRecord:
    heard: list[object] = [] if rang is None else rang
    return WatchRecord(database, Library(shipped_catalogue()), alarm=heard.append)


async def test_what_went_out_after_the_backup_does_not_go_out_again(shelf: Shelf) -> None:
    async with opened(shelf.url) as database:
        mailing = Mailing(database)
        assert not await watch(database).begin(now=at(-9))
        await people(database, 200)
        number = (await mailing.confirmed(await mailing.drafted())).id
        planned = (await mailing.confirmed(await mailing.drafted(when=When(Mode.AT, at=at(600))))).id
        draft = await mailing.drafted()
        await mailing.tick(at(0))
        got = {claim.chat_id for claim in await mailing.post(at(0), most=40)}
    await shelf.aside()

    async with opened(shelf.url) as database:
        mailing, heart = Mailing(database), watch(database)
        assert not await heart.begin(now=at(1)), "a short break"
        await mailing.run(number, at(1))
        assert not await heart.beat(now=at(60))
        assert len(mailing.got) == 160

    rang: list[object] = []
    async with opened(await shelf.back()) as database:
        mailing = Mailing(database)
        assert await watch(database, rang).begin(now=at(120))
        assert rang == [DatabaseRestored(at(120), at(-9))]
        assert not await watch(database).begin(now=at(121)), "once for each backup"
        assert await mailing.counts(number) == {SENT: 40, DOUBTED: 110}
        standing = await mailing.find(number)
        assert (standing.status, standing.paused_for) == (BroadcastStatus.PAUSED, PausedFor.RESTORED)
        assert (await mailing.find(planned)).status is BroadcastStatus.DRAFT
        assert (await mailing.find(draft.id)).revision == draft.revision + 1, (
            "it may have been sent: look at it again"
        )
        assert (await mailing.drafted()).id > draft.id + 500, "old buttons must not hit a new one"
        for seconds in range(130, 900, 60):
            assert await mailing.tick(at(seconds)) == 0
            assert not await mailing.post(at(seconds))

        with pytest.raises(MayBeDouble):
            await mailing.broadcasting.resume(number, operator=BOSS, now=at(900))
        await mailing.broadcasting.resume(number, operator=BOSS, now=at(900), is_sure=True)
        await mailing.run(number, at(900))
        assert len(mailing.got) == 50, "those it had not been handed over for"
        assert await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=at(990)) == 110
        await mailing.run(number, at(990))
        assert Counter(chat for chat, _ in mailing.got) == Counter(set(range(1, 201)) - got)


async def test_the_dates_that_may_have_been_served_are_passed_over_with_a_reason(shelf: Shelf) -> None:
    async with opened(shelf.url) as database:
        await watch(database).begin(now=MONDAY_NOON)
        await subscribe(database, 7)
        async with database.reading() as books:
            before = await books.slots.of(ChatId(7))
    await shelf.aside()
    async with opened(shelf.url) as database:
        await watch(database).begin(now=MONDAY_NOON)

    async with opened(await shelf.back()) as database:
        later = MONDAY_NOON + timedelta(days=2)
        assert await watch(database).begin(now=later)
        planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
        assert (await planner.tick(now=later)).planned == 0
        async with database.engine.connect() as connection:
            rows = (
                await connection.execute(select(outbox).where(outbox.c.kind == "tip").order_by(outbox.c.key))
            ).all()
        assert [(row.key, row.status, row.reason) for row in rows if row.status != "sent"] == [
            ("tip:7:2026-11-24", "unknown", IN_DOUBT),
            ("tip:7:2026-11-25", "unknown", IN_DOUBT),
        ]
        async with database.reading() as books:
            after = (await books.slots.of(ChatId(7)))[Kind.TIP]
        assert (after.served_on, after.next_at) == (date(2026, 11, 25), later.replace(day=26, hour=9))
        assert after.position != before[Kind.TIP].position, "what they probably got does not come again"


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)
async def test_an_operators_pause_of_the_older_database_is_no_safer(shelf: Shelf) -> None:
    async with opened(shelf.url) as database:
        mailing, heart = Mailing(database), watch(database)
        await heart.begin(now=at(0))
        await people(database, 200)
        number = (await mailing.confirmed(await mailing.drafted())).id
        await mailing.tick(at(0))
        await mailing.broadcasting.pause(number, operator=BOSS, now=at(1))
    await shelf.aside()
    async with opened(shelf.url) as database:
        await watch(database).begin(now=at(2))
    async with opened(await shelf.back()) as database:
        mailing = Mailing(database)
        assert await watch(database).begin(now=at(9))
        assert await mailing.counts(number) == {DOUBTED: 150}
        with pytest.raises(MayBeDouble):
            await mailing.broadcasting.resume(number, operator=BOSS, now=at(10))


async def served(url: str, *, now_is: int = 0) -> bool:
    """Serve a database for a moment; return whether it was taken for an older one."""
    async with opened(url) as database:
        found = await watch(database).begin(now=at(now_is))
        async with database.writing() as books:
            await books.identity.claim(99)
    return found


async def test_what_stands_beside_a_sqlite_database_tells_a_backup_from_a_crash(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    beside = Path(f"{path}.witness")
    assert not await served(sqlite_url), "the first start"
    first = beside.read_text()
    assert not await served(sqlite_url)
    beside.write_text(first)
    assert not await served(sqlite_url), "killed between the database and the file"
    newest = beside.read_text()
    place, beats = newest.split()
    beside.write_text(f"{place} {int(beats) + 1}\n")
    assert await served(sqlite_url), "the file is ahead"
    assert not await served(sqlite_url)
    beside.unlink()
    assert await served(sqlite_url), "it was moved here"
    beside.write_text("of-another 1\n")
    assert await served(sqlite_url), "the file of another database"
    async with opened(sqlite_url) as database:
        await call_restored(database)
    assert await served(sqlite_url), "somebody said so"
    assert not await served(sqlite_url)
    beside.write_text("")
    assert await served(sqlite_url), "a file that nobody can read"


async def test_a_new_database_beside_the_file_of_an_old_one_is_new(sqlite_url: str) -> None:
    Path(f"{sqlite_url.removeprefix('sqlite:///')}.witness").write_text("of-another 900\n")
    assert not await served(sqlite_url)
    assert not await served(sqlite_url)


async def test_a_database_that_goes_back_under_a_process_that_runs_is_noticed(database: Database) -> None:
    heart, other = watch(database), watch(database)
    for one in (heart, other):
        await one.begin(now=at(0))
    async with database.reading() as books:
        backup = await books.witness.look()
    assert backup is not None
    assert not await heart.beat(now=at(5))
    assert not await other.beat(now=at(6))
    async with database.writing() as books:
        await books.witness.save(backup)
    assert await heart.beat(now=at(9))
    assert not await other.beat(now=at(10)), "one of them has dealt with it"
    await call_restored(database)
    assert await heart.beat(now=at(15))
    assert not await heart.beat(now=at(20))


async def test_an_ordinary_owner_is_told_enough_also_by_a_server_that_keeps_its_timeline(
    guarded_postgres: PostgresServer,
) -> None:
    name = f"kept_{uuid.uuid4().hex[:12]}"
    owner = Database(await asyncio.to_thread(create_database, guarded_postgres.url, name))
    async with owner.engine.begin() as connection:
        await connection.execute(text(f'ALTER DATABASE "{name}" OWNER TO guest'))
    guest = Database(owner.url.set(username="guest").render_as_string(hide_password=False))
    await upgrade(guest)
    async with guest.writing() as books:
        told = await books.witness.here()
    assert told is not None
    assert told.endswith(":00000001")
    assert not await watch(guest).begin(now=at(0))
    async with owner.engine.begin() as connection:
        await connection.execute(text("REVOKE EXECUTE ON FUNCTION pg_walfile_name(pg_lsn) FROM PUBLIC"))
    async with guest.writing() as books:
        assert await books.witness.here() == told.replace("00000001", "?")
    assert not await watch(guest).begin(now=at(1))
    for one in (owner, guest):
        await one.close()


async def test_a_server_that_goes_away_over_the_question_where_it_is_keeps_nothing_to_itself(
    postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an outage as any other: taken for a refusal, it would be another place, and the backup of nobody."""
    database = Database(postgres_database_url)
    monkeypatch.setattr("tipbot.storage.witness._TIMELINE", text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with pytest.raises(StorageUnavailable):
        await watch(database).beat(now=at(0))
    await database.close()
