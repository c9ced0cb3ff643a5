"""One poller at a time: the right to take updates from Telegram, and what happens when its holder dies."""

import fcntl
from enum import Enum, auto
from pathlib import Path
from typing import IO

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.database import Database, outages_translated
from tipbot.storage.errors import StorageRefused, StorageUnavailable

# Any number will do, as long as every process asks for the same lock.
_POLLING_LOCK = 7_130_250_002


class ProcessLock:
    """Keeps a second process off a SQLite database; the system lets go of it when the process ends, however."""

    def __init__(self, database: Database) -> None:
        self._path = Path(f"{database.url.database}.lock")
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock, or raise StorageRefused when another process runs on this database."""
        try:
            self._file = self._path.open("a")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = (
                f"another TipBot is running on {self._path.with_suffix('')}: SQLite serves one process. "
                "Stop the other one, or move to PostgreSQL to run several"
            )
            raise StorageRefused(message) from None
        except OSError as error:
            message = f"cannot write to {self._path.parent}: {error.strerror}"
            raise StorageRefused(message) from error

    def release(self) -> None:
        """Let another process in."""
        if self._file is not None:
            self._file.close()


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
        self._connection: AsyncConnection | None = None

    async def right(self) -> Right:
        """Return whether this process may poll now, taking the right if it is free.

        UNKNOWN means that the database cannot be asked: the right may have gone to somebody else by now.
        """
        if self._database.is_sqlite:
            return Right.HELD
        try:
            with outages_translated():
                return Right.HELD if await self._still_held() or await self._take() else Right.ELSEWHERE
        except StorageUnavailable:
            await self.release()
            return Right.UNKNOWN

    async def _still_held(self) -> bool:
        """Ask the database itself: a lost connection means that somebody else may be polling already."""
        if self._connection is None:
            return False
        await self._connection.execute(text("SELECT 1"))
        return True

    async def _take(self) -> bool:
        connection = await self._database.engine.connect()
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _POLLING_LOCK})
        if not taken:
            await connection.close()
            return False
        self._connection = connection
        return True

    async def release(self) -> None:
        """Let another process take over at once."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # A returned connection would keep the lock; only ending the session frees it.
            await connection.invalidate()
            await connection.close()
