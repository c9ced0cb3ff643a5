"""One door to the database: short transactions on SQLite or PostgreSQL, and one kind of error when it is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Connection, Engine, NullPool, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from tipbot.storage.address import Address, read_address
from tipbot.storage.books import Books
from tipbot.storage.outages import opening, outages_translated
from tipbot.storage.sqlite import sqlite_engine

POSTGRES_TIMEOUT_SECONDS = 10
# A process that froze or lost its host must not keep rows and rights from the others: the server ends its session.
# And whatever the host has set for others, a claim is on the disk before its message goes out: what a server forgot
# in a crash would be sent twice.
POSTGRES_SESSION = {
    "application_name": "tipbot",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "15s",
    "lock_timeout": "8s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25s",
}
# PostgreSQL takes a session that stopped within a statement, named and not yet executed, for being at work: whoever
# lives ends those of a process that froze there, or it would keep its rows for as long as it stands still.
STANDSTILL_SECONDS = 15
END_STANDSTILL = text("""
    SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND application_name = 'tipbot'
    AND state = 'active' AND wait_event = 'ClientRead'
    AND state_change < clock_timestamp() - make_interval(secs => :seconds)""")
# A migration may rewrite a large table and think between two statements, whatever the host has set for others. It
# waits for another process's migration without end; how long for tables, says migrations.py.
MIGRATION_SESSION = POSTGRES_SESSION | {
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "5min",
}


class Database:
    """The database as a place for transactions. Raises StorageUnavailable while it cannot be reached."""

    def __init__(self, database_url: str) -> None:
        self._address = read_address(database_url)
        self.url = self._address.url
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = sqlite_engine(self.url) if self.is_sqlite else _pooled(self._address)
        # SQLite lets one writer in and makes the others poll; within one process a queue is fairer and faster.
        self._writers: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()

    def is_missing(self) -> bool:
        """Say whether this is a SQLite file that nobody has made yet; merely connecting would make an empty one."""
        return self.is_sqlite and not Path(self.url.database or "").exists()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Books]:
        """Open a transaction that is committed at the end, or undone whole if anything was raised."""
        async with self._writers, self._transaction(writes=True) as connection:
            books = Books(connection)
            yield books
            await books.tallies.write()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Books]:
        """Open a transaction that only reads, and never waits for a writer."""
        async with self._transaction(writes=False) as connection:
            yield Books(connection)

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        with outages_translated():
            connection = AsyncConnection(self.engine, await greenlet_spawn(_begun, self.engine.sync_engine, writes))
            try:
                yield connection
                await greenlet_spawn(_committed, connection.sync_connection)
            finally:
                if not connection.closed:
                    await _undo(connection)

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may take as long as it needs, over a connection of its own.

        Raises StorageRefused for a database that cannot be used as it is.
        """
        engine = self.engine
        if not self.is_sqlite:
            engine = _patient(self._address)
        with opening(self.url):
            async with engine.connect() as connection, connection.begin():
                yield connection

    async def session_apart(self, *, patience: float) -> asyncpg.Connection:
        """Open a session of PostgreSQL beside the pool, in which each answer takes at most `patience` seconds."""
        _, place = self.engine.dialect.create_connect_args(self.url)
        limits = {"timeout": patience, "command_timeout": patience}
        return await asyncpg.connect(**place, **self._address.arguments, **limits, server_settings=POSTGRES_SESSION)

    async def end_what_stands_still(self) -> int:
        """End the sessions of processes that froze within a statement; return how many. SQLite has none."""
        if self.is_sqlite:
            return 0
        async with self._transaction(writes=False) as connection:
            return int(await connection.scalar(END_STANDSTILL, {"seconds": STANDSTILL_SECONDS}) or 0)

    async def server_clock(self) -> datetime | None:
        """Return what the server's clock shows, in UTC; None on SQLite, which has no clock but this machine's."""
        if self.is_sqlite:
            return None
        async with self._transaction(writes=False) as connection:
            shown: datetime | None = await connection.scalar(text("SELECT clock_timestamp()"))
            return shown

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()


# Each way to SQLAlchemy's own side and back costs as much as what is done there: once to begin, and once to commit.
def _begun(engine: Engine, writes: bool) -> Connection:
    connection = engine.connect()
    try:
        connection.execution_options(tipbot_writes=writes).begin()
    except BaseException:
        connection.close()
        raise
    return connection


def _committed(connection: Connection) -> None:
    connection.commit()
    connection.close()


async def _undo(connection: AsyncConnection) -> None:
    try:
        # Closing alone would leave what a commit that failed had begun: it counts as over.
        await connection.rollback()
    finally:  # to its end, even for somebody who is cancelled again
        await connection.__aexit__(None, None, None)


def _pooled(address: Address) -> AsyncEngine:
    limits = {"timeout": POSTGRES_TIMEOUT_SECONDS, "command_timeout": POSTGRES_TIMEOUT_SECONDS}
    return create_async_engine(
        address.url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        pool_timeout=10,
        hide_parameters=True,
        connect_args={**address.arguments, **limits, "server_settings": POSTGRES_SESSION},
    )


def _patient(address: Address) -> AsyncEngine:
    limits = {"timeout": POSTGRES_TIMEOUT_SECONDS, "server_settings": MIGRATION_SESSION}
    arguments = {**address.arguments, **limits}
    return create_async_engine(address.url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
