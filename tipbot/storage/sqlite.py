"""SQLite beside the event loop: the way to its thread and back is dear, so it is gone once for each statement."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar, cast

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

# How long one writer waits for another process before the database counts as unavailable.
PATIENCE_SECONDS = 10
Parameters = Mapping[str, object]
Result = TypeVar("Result")


def sqlite_engine(url: URL) -> AsyncEngine:
    """Return an engine whose transactions begin as readers or as writers, see `tipbot_writes`."""

    async def connect() -> _Connection:
        return await _Connection(url.database or "").opened()

    engine = create_async_engine(url, async_creator=connect, pool_size=5, max_overflow=5, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("tipbot_writes", True)
        cast("_Connection", connection.connection.driver_connection).begins(_WRITING if writes else _READING)

    return engine


def ours(connection: AsyncConnection) -> "_Connection":
    """Return what is below a connection of this engine, for statements that go there as they are."""
    plain = connection.sync_connection
    assert plain is not None  # noqa: S101 (one that is open has it)
    return cast("_Connection", plain.connection.driver_connection)


_WRITING, _READING = "BEGIN IMMEDIATE", "BEGIN"


def _open(path: str) -> sqlite3.Connection:
    # The driver's own transaction handling begins too late and silently loses updates: hence no isolation level.
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        # FULL: a claim is on the disk before its message goes out, or a power cut would have it sent twice.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
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
        self._soon: list[tuple[str, Parameters]] = []  # what goes along with the next trip

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

    def soon(self, statement: str, parameters: "Parameters") -> None:
        """Execute this before whatever comes next, which raises what goes wrong with it."""
        self._soon.append((statement, parameters))

    async def commit(self) -> None:
        """End the transaction, if there is one."""
        if _WRITING in (self._begun, self._next if self._soon else None):
            await self._together(self._conn.commit)
        else:
            self._undo_soon()
        self._ended()

    async def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        self._soon = []
        if self._begun == _WRITING:
            await super().rollback()
        else:
            self._undo_soon()
        self._ended()

    def _undo_soon(self) -> None:
        if self._begun is not None:
            self._tx.put_nowait((None, self._conn.rollback))

    def _ended(self) -> None:
        self._next = self._begun = None
        self._soon = []

    async def gone_through(self, method: str, statement: str, parameters: Any) -> "_Outcome":  # noqa: ANN401
        """Let the driver's `execute` or `executemany` do this, and return all that came of it."""

        def go() -> _Outcome:
            cursor = getattr(self._conn, method)(statement, parameters)
            outcome = _Outcome(cursor.fetchall(), cursor.description, cursor.rowcount, cursor.lastrowid)
            cursor.close()
            return outcome

        return await self._together(go)

    async def rows(self, statement: str, parameters: "Parameters") -> list[Any]:
        """Execute this and return its rows."""
        return await self._together(lambda: self._conn.execute(statement, parameters).fetchall())

    async def _together(self, go: Callable[[], Result]) -> Result:
        """Do this in the thread, after the beginning of the transaction and all that should be done before."""
        # Noted before it is done: what is cut off here is still done by the thread, and has to be undone there.
        beginning, self._next = self._next, None
        self._begun = beginning or self._begun
        before, self._soon = self._soon, []

        def all_of_it() -> Result:
            if beginning is not None:
                self._conn.execute(beginning).close()
            for statement, parameters in before:
                self._conn.execute(statement, parameters).close()
            return go()

        outcome: Result = await self._execute(all_of_it)  # type: ignore[no-untyped-call]
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
