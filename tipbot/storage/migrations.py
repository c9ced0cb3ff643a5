"""Bringing a database to the shape this version of TipBot needs, and refusing one that is ahead of it.

Nearly every start finds a database that is up to date. Alembic takes 11 MB and a fifth of a second to load, so that
is done only where there is something to change.
"""

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from tipbot.shipped import shipped
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageRefused
from tipbot.storage.outages import opening

if TYPE_CHECKING:
    from alembic.config import Config

# Any number will do, as long as every process that migrates asks for the same lock.
_MIGRATION_LOCK = 7_130_250_001
# Longer than any transaction of a running TipBot can last, so that only something else, such as pg_dump, makes a
# migration give up; and not longer, because everybody who wants the table queues up behind whoever waits for it.
_TABLE_PATIENCE = "30s"


async def upgrade(database: Database) -> str:
    """Bring the database up to date and return its revision; the whole step happens or none of it.

    Raises StorageRefused for a database that a newer TipBot made, StorageUnavailable for one that is not there. A
    cancellation ends it at once on PostgreSQL, where it may wait for others, and on SQLite when it is done.
    """
    if not database.is_sqlite:
        return await _upgraded(database)
    # Cut in the middle, the driver may leave a connection behind that keeps the file locked.
    working = asyncio.get_running_loop().create_task(_upgraded(database))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait((working,))
        raise


async def _upgraded(database: Database) -> str:
    async with database.migrating() as connection:
        return await connection.run_sync(_upgrade)


async def downgrade(database: Database, revision: str) -> None:
    """Take the database back to an older revision, or to "base" for nothing at all."""
    async with database.migrating() as connection:
        await connection.run_sync(_downgrade, revision)


async def current(database: Database) -> str | None:
    """Return the revision of the database, or None for an empty one; makes no file where there is none.

    Raises StorageRefused for a database that cannot be used as it is, StorageUnavailable for one that is away.
    """
    if database.is_missing():
        return None
    with opening(database.url):
        async with database.engine.connect() as connection:
            return await connection.run_sync(_revision)


def newest() -> str:
    """Return the revision that this version of TipBot needs."""
    known = _known()
    if not known:
        raise StorageRefused("this copy of TipBot has lost its migrations: install it again")
    return max(known)


async def check(database: Database) -> None:
    """Raise StorageRefused unless the database has exactly the shape this version needs."""
    found = await current(database)
    if found != newest():
        message = f"the database is at revision {found or 'none'}, TipBot needs {newest()}: run `tipbot db upgrade`"
        raise StorageRefused(message)


def _upgrade(connection: Connection) -> str:
    _take_turns(connection)
    found = _revision(connection)
    _refuse_newer(found)
    if found != newest():
        from alembic import command  # noqa: PLC0415 (see above)

        command.upgrade(_config(connection), "head")
    # Where nothing had to be changed, a file or a server that only lets itself be read would not have shown yet.
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    return newest()


def _downgrade(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 (see above)

    _take_turns(connection)
    command.downgrade(_config(connection), revision)


def _take_turns(connection: Connection) -> None:
    """Wait until nobody else migrates, however long that takes; SQLite has let only one writer in already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{_TABLE_PATIENCE}'"))


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in _known():
        message = (
            f"the database is at revision {revision}, which this version of TipBot does not know: "
            "it was made by a newer one. Install that version again, or restore a backup from before the upgrade"
        )
        raise StorageRefused(message)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _known() -> set[str]:
    """Return the revisions that this copy of TipBot has: each is named in front of its file's name."""
    return {path.stem.partition("_")[0] for path in (shipped("alembic") / "versions").glob("[0-9]*.py")}


def _config(connection: Connection | None = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 (see above)

    config = Config()
    config.set_main_option("script_location", str(shipped("alembic")))
    config.attributes["connection"] = connection
    return config


def write_revision(connection: Connection, message: str, number: str) -> None:
    """Write a new migration from the difference between the schema and this up-to-date database."""
    from alembic import command  # noqa: PLC0415 (see above)

    command.revision(_config(connection), message=message, rev_id=number, autogenerate=True)
