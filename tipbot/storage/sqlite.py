"""SQLite beside the event loop: the way to its thread and back is dear, so it is gone once for each statement."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

# How long one writer waits for another process before the database counts as unavailable.
PATIENCE_SECONDS = 10


def sqlite_engine(url: URL) -> AsyncEngine:
    """Return an engine whose transactions begin as readers or as writers, see `tipbot_writes`."""

    async def connect() -> _Connection:
        return await _Connection(url.database or "").opened()

    engine = create_async_engine(url, async_creator=connect, pool_size=5, max_overflow=5, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("tipbot_writes", True)
        ours = cast("_Connection", connection.connection.driver_connection)
        ours.begins(_WRITING if writes else _READING)

    return engine


_WRITING, _READING = "BEGIN IMMEDIATE", "BEGIN"


def _open(path: str) -> sqlite3.Connection:
    # The driver's own transaction handling begins too late and silently loses updates: hence no isolation level.
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class _Connection(aiosqlite.Connection):
    """A connection whose statements are executed, read to the end and closed in one go.

    A transaction begins together with its first statement, and without one there is nothing to begin or to end. The
    end of one that only reads is not waited for; whatever it may have written is undone.
    """

    def __init__(self, path: str) -> None:
        super().__init__(lambda: _open(path), iter_chunk_size=1)
        self._thread.daemon = True  # as SQLAlchemy does: it must not keep a process from ending
        self._next: str | None = None  # in which words the transaction begins that has no statement yet
        self._begun: str | None = None  # and in which the one began that has

    async def opened(self) -> Self:
        """Open the file, or raise what SQLite says of it."""
        try:
            await self
        except sqlite3.Error:
            # The library leaves its thread running, which then reports to an event loop that may be closed.
            self._thread.join()
            raise
        return self

    def cursor(self) -> "_Cursor":  # type: ignore[override]  # SQLAlchemy needs no more of it than there is
        """Return a cursor; nothing is asked of the thread before there is a statement."""
        return _Cursor(self)

    def begins(self, words: str) -> None:
        """Let the next statement be the first one of a transaction, which begins in these words."""
        self._next = words

    async def commit(self) -> None:
        """End the transaction, if there is one."""
        if self._begun == _WRITING:
            await super().commit()
        else:
            self._undo_soon()
        self._next = self._begun = None

    async def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        if self._begun == _WRITING:
            await super().rollback()
        else:
            self._undo_soon()
        self._next = self._begun = None

    def _undo_soon(self) -> None:
        if self._begun is not None:
            self._tx.put_nowait((None, self._conn.rollback))

    async def gone_through(self, method: str, statement: str, parameters: Any) -> "_Outcome":  # noqa: ANN401
        """Let the driver's `execute` or `executemany` do this, and return all that came of it."""
        # Noted before it is done: what is cut off here is still done by the thread, and has to be undone there.
        beginning, self._next = self._next, None
        self._begun = beginning or self._begun

        def go() -> _Outcome:
            if beginning is not None:
                self._conn.execute(beginning).close()
            cursor = getattr(self._conn, method)(statement, parameters)
            rows = cursor.fetchall()
            outcome = _Outcome(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
            cursor.close()
            return outcome

        outcome: _Outcome = await self._execute(go)  # type: ignore[no-untyped-call]
        return outcome


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is known once a statement is done."""

    rows: list[Any]
    description: Any
    rowcount: int
    lastrowid: int | None


_NOTHING = _Outcome([], None, -1, None)


class _Cursor:
    """What SQLAlchemy uses of a cursor."""

    arraysize = 1

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._outcome = _NOTHING

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Execute a statement and fetch what it returns."""
        self._outcome = await self._connection.gone_through("execute", statement, parameters)

    async def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute a statement for each of the rows."""
        self._outcome = await self._connection.gone_through("executemany", statement, rows)

    async def fetchall(self) -> list[Any]:
        """Return the rows."""
        return self._outcome.rows

    async def close(self) -> None:
        """There is nothing left to be closed."""

    @property
    def description(self) -> Any:  # noqa: ANN401 (as PEP 249 has it)
        """The columns of the rows, or None."""
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was added last."""
        return self._outcome.lastrowid
