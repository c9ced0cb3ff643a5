"""Migrations: up, down, no drift, and a clear word to a database this version cannot use."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from tipbot.storage.database import Database
from tipbot.storage.errors import StorageRefused
from tipbot.storage.migrations import check, current, downgrade, newest, upgrade
from tipbot.storage.schema import metadata


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
