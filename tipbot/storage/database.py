"""One door to the database: short transactions on SQLite or PostgreSQL, and one kind of error when it is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from tipbot.storage.books import Books
from tipbot.storage.errors import StorageRefused, StorageUnavailable

# How long one writer waits for another process on SQLite before the database counts as unavailable.
SQLITE_PATIENCE_MS = 10_000
POSTGRES_TIMEOUT_SECONDS = 10
# A process that froze or lost its host must not keep rows and rights from the others: the server ends its session.
POSTGRES_SESSION = {
    "application_name": "tipbot",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "15s",
    "lock_timeout": "8s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25s",
}


def async_url(database_url: str) -> URL:
    """Return the URL with the async driver that TipBot uses; raises StorageRefused for any other kind."""
    url = make_url(database_url)
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+asyncpg")
        case other:
            message = f"TIPBOT_DATABASE_URL must begin with sqlite:/// or postgresql://, not {other}://"
            raise StorageRefused(message)


class Database:
    """The database as a place for transactions. Raises StorageUnavailable while it cannot be reached."""

    def __init__(self, database_url: str) -> None:
        self.url = async_url(database_url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        # SQLite lets one writer in and makes the others poll; within one process a queue is fairer and faster.
        self._writers: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()

    def is_missing(self) -> bool:
        """Say whether this is a SQLite file that nobody has made yet; merely connecting would make an empty one."""
        return self.is_sqlite and not Path(self.url.database or "").is_file()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Books]:
        """Open a transaction that is committed at the end, or undone whole if anything was raised."""
        async with self._writers, self._transaction(writes=True) as connection:
            yield Books(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Books]:
        """Open a transaction that only reads, and never waits for a writer."""
        async with self._transaction(writes=False) as connection:
            yield Books(connection)

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        with outages_translated():
            async with self.engine.connect() as plain:
                connection = await plain.execution_options(tipbot_writes=writes)
                async with connection.begin():
                    yield connection

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()


class outages_translated:  # noqa: N801 (reads as a word where it is used)
    """Turn every driver's way of saying "not reachable" into StorageUnavailable, and nothing else."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None and _is_outage(error):
            cause = error.orig if isinstance(error, DBAPIError) else error
            message = f"the database is not available: {cause}"
            raise StorageUnavailable(message) from error


# What SQLite and PostgreSQL call a state that passes: locked, full or unwritable disk; server away, shutting down.
_SQLITE_OUTAGES = ("locked", "full", "readonly", "unable to open", "disk i/o", "closed database")
_POSTGRES_OUTAGES = ("08", "57", "53", "55P03", "40")


def _is_outage(error: BaseException) -> bool:
    if isinstance(error, StorageUnavailable):
        return False
    if isinstance(error, PoolTimeout | OSError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    code = str(getattr(error.orig, "sqlstate", "") or "")
    text = str(error.orig).lower()
    return code.startswith(_POSTGRES_OUTAGES) or any(word in text for word in (*_SQLITE_OUTAGES, "connection"))


def _sqlite_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=5, max_overflow=5, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        # The driver's own transaction handling begins too late and silently loses updates.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_PATIENCE_MS}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("tipbot_writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_engine(url: URL) -> AsyncEngine:
    arguments = {
        "timeout": POSTGRES_TIMEOUT_SECONDS,
        "command_timeout": POSTGRES_TIMEOUT_SECONDS,
        "server_settings": POSTGRES_SESSION,
    }
    return create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        pool_timeout=10,
        hide_parameters=True,
        connect_args=arguments,
    )
