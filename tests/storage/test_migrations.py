"""Migrations: up, down, no drift, and a clear word to a database this version cannot use."""

import asyncio
import random
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select, text

from tests.usecases.people import MONDAY_NOON, subscribe
from tests.usecases.post import letters, put
from tipbot.shipped import shipped
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageRefused
from tipbot.storage.migrations import _take_turns, check, current, downgrade, newest, upgrade
from tipbot.storage.schema import consents, metadata, outbox, slots, subscribers


def test_the_newest_revision_is_known_by_its_file_as_alembic_knows_it() -> None:
    assert newest() == ScriptDirectory(str(shipped("alembic"))).get_current_head()


async def test_the_schema_is_what_the_migrations_build(database: Database) -> None:
    def difference(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(difference) == []


async def test_down_to_nothing_and_up_again(database: Database) -> None:
    await downgrade(database, "base")
    assert await current(database) is None
    assert await upgrade(database) == newest()
    await check(database)


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert await upgrade(database) == await upgrade(database)


async def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageRefused, match=r"9999.*newer"):
        await upgrade(database)


async def test_an_empty_database_is_named_as_such(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StorageRefused, match="revision none"):
        await check(database)
    await database.close()


def test_other_databases_are_refused_by_name() -> None:
    with pytest.raises(StorageRefused, match="TIPBOT_DATABASE_URL"):
        Database("mysql://localhost/tipbot")


async def everything(database: Database) -> dict[str, list[dict[str, object]]]:
    """Return the rows of the tables that were there from the first version on, without what came later."""
    tables = {"subscribers": subscribers, "slots": slots, "outbox": outbox, "consents": consents}
    found = {}
    async with database.engine.connect() as connection:
        for name, table in tables.items():
            columns = [column for column in table.c if column.name not in ADDED]
            rows = (await connection.execute(select(*columns).order_by(*table.primary_key))).mappings()
            found[name] = [dict(row) for row in rows]
    return found


ADDED = {
    "stretch_pause_until",
    "how_often_asked_at",
    "silence_asked_at",
    "slowed_at",
    "farewell_warned_at",
    "since_offer",
    "has_offer",
    "broadcast_id",
    "target",
    "also",
    "asked_version",
}


COUNTS = {"subscribers": 3, "slots": 6, "outbox": 3, "consents": 5}


async def test_nobody_is_lost_on_the_way_to_the_first_version_and_back(database: Database) -> None:
    for chat in (-5, 7, 8):
        await subscribe(database, chat)
    await put(database, letters([-5, 7, 8], due_at=MONDAY_NOON))
    before = await everything(database)
    assert {name: len(rows) for name, rows in before.items()} == COUNTS
    await downgrade(database, "0001")
    assert await current(database) == "0001"
    assert await everything(database) == before
    await upgrade(database)
    assert await everything(database) == before


async def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'absent.db'}")
    assert await current(database) is None
    await database.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_migration_may_take_longer_than_anything_else(
    postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipbot.storage.database.POSTGRES_TIMEOUT_SECONDS", 1)
    database = Database(postgres_database_url)
    name = database.url.database
    async with database.engine.connect() as connection:
        await connection.execute(text(f"ALTER DATABASE \"{name}\" SET statement_timeout = '1s'"))
        await connection.commit()
    async with database.migrating() as connection:
        await connection.execute(text("SELECT pg_sleep(1.3)"))
    await database.close()


WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
    "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
)


async def test_migrations_take_turns_however_long_the_first_one_takes(postgres_database_url: str) -> None:
    database = Database(postgres_database_url)
    async with database.migrating() as first, asyncio.TaskGroup() as tasks:
        await first.run_sync(_take_turns)
        second = tasks.create_task(upgrade(database))
        async with asyncio.timeout(30):
            while not await first.scalar(WAITING):
                await asyncio.sleep(0.01)
        # Only this setting could end the waiting, and nobody waits a minute to see that it does not.
        async with database.migrating() as other:
            assert await other.scalar(text("SHOW lock_timeout")) == "0"
        assert not second.done()
        await first.rollback()
    assert second.result() == newest()
    await database.close()


async def test_an_upgrade_that_is_cut_off_leaves_the_file_free(sqlite_url: str) -> None:
    chance = random.Random(1)  # noqa: S311 (no secret)
    path = sqlite_url.removeprefix("sqlite:///")
    for _ in range(60):
        database = Database(sqlite_url)
        with suppress(TimeoutError):
            async with asyncio.timeout(chance.random() * 0.04):
                await upgrade(database)
        await database.close()
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None, check_same_thread=False)) as someone:
            await asyncio.to_thread(someone.execute, "BEGIN IMMEDIATE")
