"""One poller at a time: the right to take updates from Telegram, and what happens when its holder dies."""

import fcntl
from enum import Enum, auto
from pathlib import Path
from typing import IO, Self

import asyncpg

from tipbot.storage.address import NAME
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageRefused, StorageUnavailable
from tipbot.storage.outages import outages_translated

# Any number will do, as long as every process asks for the same lock.
_POLLING_LOCK = 7_130_250_002
_TRY_LOCK = "SELECT pg_try_advisory_lock($1)"
# A server that is silent must not keep the poller from /urgent, which is answered without a database. Only the
# driver itself gives up that soon: SQLAlchemy would first say goodbye to such a server, and wait again.
ASKING_SECONDS = 2.0
# A process that stands still, or whose machine does, must not keep the others from polling: the server ends a
# session that is silent for this long, and with it the right. Versions before 14 do not know this setting.
_ENDS_WHEN_SILENT = "SELECT set_config(name, $1, false) FROM pg_settings WHERE name = 'idle_session_timeout'"
STANDSTILL_SECONDS = 20.0
# The driver is surprised by a goodbye it did not ask for, and says so in its own way until the line is closed.
_ENDED_BY_SERVER = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, ConnectionError)


class ProcessLock:
    """Keeps a second process off a SQLite database; the system lets go of it when the process ends, however.

    On PostgreSQL, which serves any number of processes, there is nothing to keep and nothing to wait for.
    """

    def __init__(self, database: Database) -> None:
        self._is_needed = database.is_sqlite
        self._path = Path(f"{database.url.database}.lock")
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        """Take the lock, or raise StorageRefused when another process runs on this database."""
        if self._is_needed:
            self._take()
        return self

    def __exit__(self, *_: object) -> None:
        """Let another process in."""
        if self._file is not None:
            self._file.close()

    def _take(self) -> None:
        database = self._path.with_suffix("")
        try:
            self._file = self._path.open("a")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = (
                f"another TipBot is running on {database}: SQLite serves one process. "
                "Stop the other one, or move to PostgreSQL to run several"
            )
            raise StorageRefused(message) from None
        except OSError as error:
            message = (
                f"{database}, which {NAME} names, cannot be used: {self._path.name} beside it: {error.strerror}"
            )
            raise StorageRefused(message) from error


class Right(Enum):
    """Whether this process may poll."""

    HELD = auto()
    ELSEWHERE = auto()
    UNKNOWN = auto()


class Leadership:
    """The right to poll. On PostgreSQL a session lock that ends with its connection, so that another takes over.

    On SQLite there is only one process, which always has the right.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._session: asyncpg.Connection | None = None
        self._is_held = False

    async def right(self) -> Right:
        """Return whether this process may poll now, taking the right if it is free, within about 2 seconds.

        UNKNOWN means that the database cannot be asked: the right may have gone to somebody else by now.
        """
        if self._database.is_sqlite:
            return Right.HELD
        try:
            with outages_translated():
                return Right.HELD if await self._learn() else Right.ELSEWHERE
        except StorageUnavailable:
            return Right.UNKNOWN

    async def _learn(self) -> bool:
        """Ask, and where the server has ended the session meanwhile, ask at once in a new one."""
        is_new = self._session is None
        try:
            return await self._ask()
        except _ENDED_BY_SERVER:
            if is_new:
                raise
            return await self._ask()

    async def _ask(self) -> bool:
        """Ask the database itself: a lost connection means that somebody else may be polling already."""
        try:
            if self._session is None:
                self._session = await self._database.session_apart(patience=ASKING_SECONDS)
                await self._session.execute(_ENDS_WHEN_SILENT, f"{round(1000 * STANDSTILL_SECONDS)}ms")
            if self._is_held:
                await self._session.execute("SELECT 1")
            else:
                self._is_held = await self._session.fetchval(_TRY_LOCK, _POLLING_LOCK)
        except BaseException:
            # Whatever went wrong, nobody knows any more what this session holds: only its end is certain.
            await self.release()
            raise
        return self._is_held

    async def release(self) -> None:
        """Let another process take over at once."""
        session, self._session, self._is_held = self._session, None, False
        if session is not None:
            # A goodbye would wait for a server that may be silent; cutting the line ends the session as well.
            session.terminate()
