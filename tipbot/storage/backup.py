"""A copy of a SQLite database, made while it is served, and put back while it is not; it blocks."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from tipbot.storage.database import Database
from tipbot.storage.errors import StorageRefused


def back_up(database: Database, copy: Path) -> None:
    """Write a copy into a new file, whole or not at all, readable for its owner alone.

    Raises StorageRefused for a file that is there already or cannot be written, and on PostgreSQL.
    """
    path, new = _path_of(database, "pg_dump"), copy.with_name(f"{copy.name}-new")
    if copy.exists():
        message = f"{copy} is there already: name another file"
        raise StorageRefused(message)
    try:
        new.touch(mode=0o600)
        with closing(_reading(path)) as source, closing(sqlite3.connect(new)) as target:
            source.backup(target)
            # Whole in one file, as it is moved about; served again, it goes back to a log beside it by itself.
            target.execute("PRAGMA journal_mode = DELETE")
        new.replace(copy)
    except (OSError, sqlite3.Error) as error:
        new.unlink(missing_ok=True)
        message = f"{copy} could not be written: {error}"
        raise StorageRefused(message) from error


def put_back(database: Database, copy: Path) -> None:
    """Put a copy in the place of the database, whole or not at all; nobody may serve it meanwhile.

    Raises StorageRefused for a file that is no database of TipBot's, and on PostgreSQL.
    """
    path = _path_of(database, "pg_restore")
    try:
        with closing(_reading(copy)) as source, closing(sqlite3.connect(path)) as target:
            source.execute("SELECT version_num FROM alembic_version").fetchone()
            source.backup(target)
    except sqlite3.Error as error:
        message = f"{copy} could not be put back: {error}"
        raise StorageRefused(message) from error


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)


def _path_of(database: Database, instead: str) -> Path:
    if not database.is_sqlite:
        message = f"the database is on a server: use {instead}, see docs/operating.md"
        raise StorageRefused(message)
    return Path(database.url.database or "")
