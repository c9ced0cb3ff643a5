"""What the errors of the drivers mean: a database that is away for a while, or one that cannot be used as it is."""

import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tipbot.storage.address import NAME
from tipbot.storage.errors import StorageRefused, StorageUnavailable

# What SQLite and PostgreSQL call a state that passes: locked, full or unwritable disk; server away, shutting down,
# become a standby. A login that is refused and a database that is not there belong to it too, because only a start
# asks a person to mend them: later, a password is being changed or a backup put back.
_SQLITE_OUTAGES = ("locked", "full", "readonly", "unable to open", "disk i/o", "closed database")
_POSTGRES_OUTAGES = ("08", "57", "53", "55P03", "40", "28", "3D", "25006")


class outages_translated:  # noqa: N801 (reads as a word where it is used)
    """Turn every driver's way of saying "not reachable" into StorageUnavailable, and nothing else."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None and is_outage(error):
            message = f"the database is not available: {_cause(error)}"
            raise StorageUnavailable(message) from error


@contextmanager
def opening(url: URL) -> Iterator[None]:
    """Say at a start what a person has to change, as StorageRefused; an outage becomes StorageUnavailable."""
    try:
        yield
    except Exception as error:
        refusal = (
            _sqlite_refusal(error, url) if url.get_backend_name() == "sqlite" else _postgres_refusal(error, url)
        )
        if refusal is not None:
            raise StorageRefused(refusal) from error
        if is_outage(error):
            message = (
                f"the database is not available: {_cause(error)}. "
                f"Is {_place(url)}, which {NAME} names, the right one, and is it running?"
            )
            raise StorageUnavailable(message) from error
        raise


def is_outage(error: BaseException) -> bool:
    """Say whether an error of a driver means that the database cannot be reached, or not right now."""
    if isinstance(error, StorageUnavailable):
        return False
    if isinstance(error, PoolTimeout | OSError):
        return True
    if not isinstance(error, DBAPIError | sqlite3.Error | asyncpg.PostgresError | asyncpg.InterfaceError):
        return False
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    text = str(_driver_error(error)).lower()
    return _code(error).startswith(_POSTGRES_OUTAGES) or any(
        word in text for word in (*_SQLITE_OUTAGES, "connection")
    )


def _driver_error(error: BaseException) -> BaseException:
    return (error.orig or error) if isinstance(error, DBAPIError) else error


def _code(error: BaseException) -> str:
    return str(getattr(_driver_error(error), "sqlstate", "") or "")


def _cause(error: BaseException) -> str:
    cause = _driver_error(error)
    return str(cause) or type(cause).__name__


def _place(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host") or "this machine"
    return f"{host}:{url.port}" if url.port else str(host)


def _sqlite_refusal(error: Exception, url: URL) -> str | None:
    if not isinstance(error, DBAPIError):
        return None
    text = str(error.orig).lower()
    if Path(str(url.database)).is_dir():
        return f"{url.database} is a folder: {NAME} must name a file, such as sqlite:///{url.database}/tipbot.db"
    if "not a database" in text:
        return (
            f"{url.database} is not a SQLite database: let {NAME} name another file, or one that is not there yet"
        )
    if "malformed" in text:
        return f"{url.database}, which {NAME} names, is damaged: put a backup in its place"
    if "readonly" in text or "unable to open" in text:
        return (
            f"{url.database}, which {NAME} names, cannot be written to: "
            "let the user that runs TipBot write to the file and to its folder"
        )
    return f"{url.database}: {_STRANGE_TABLES}" if "already exists" in text else None


_STRANGE_TABLES = f"there are tables in it that TipBot did not make: let {NAME} name a database of its own"


# The codes are those of https://www.postgresql.org/docs/current/errcodes-appendix.html.
_POSTGRES_REFUSALS = {
    "28P01": "{place} does not take the password of {user} in {name}",
    "28000": "{place} does not let {user} in, whom {name} names: {cause}",
    "3D000": "there is no database called {database} at {place}: create it, or correct {name}",
    "42501": "{user}, whom {name} names, may not do what TipBot needs: {cause}. Make it the database's owner",
    "25006": "{place}, which {name} names, only lets itself be read: name the primary server",
    "42P07": "{database} at {place}: " + _STRANGE_TABLES,
}


def _postgres_refusal(error: Exception, url: URL) -> str | None:
    place = _place(url)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{NAME}: the certificate of {place} is not trusted ({error.verify_message}); see sslrootcert"
    if isinstance(error, ConnectionError) and "rejected SSL upgrade" in str(error):
        return f"{NAME} asks for an encrypted connection, which {place} does not offer; see sslmode"
    refusal = _POSTGRES_REFUSALS.get(_code(error))
    user, database = url.username or "this user", url.database
    return refusal and refusal.format(place=place, user=user, database=database, name=NAME, cause=_cause(error))
