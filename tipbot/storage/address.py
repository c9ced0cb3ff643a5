"""Reading TIPBOT_DATABASE_URL: which engine it names, and how the way there is protected."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from tipbot.storage.errors import StorageRefused

NAME = "TIPBOT_DATABASE_URL"
ENCODING = "in the password, @ is written %40, : is %3A, / is %2F, ? is %3F and % is %25"
# As in libpq, https://www.postgresql.org/docs/current/libpq-ssl.html, except that the system's certificates are
# trusted where no file is named: hosts give out such URLs, and nobody has a ~/.postgresql/root.crt.
UNVERIFIED = ("disable", "allow", "prefer", "require")
VERIFIED = ("verify-ca", "verify-full")
PARAMETERS = ("sslmode", "sslrootcert", "host")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is: the URL with TipBot's driver, and what the driver needs beside it."""

    url: URL
    arguments: Mapping[str, Any]


def read_address(database_url: str) -> Address:
    """Return where the database is; raises StorageRefused, without the password, for what cannot be understood."""
    url = _parsed(database_url)
    match url.get_backend_name():
        case "sqlite":
            _refuse_unknown(url, ())
            return Address(url.set(drivername="sqlite+aiosqlite"), {})
        case "postgresql" | "postgres":
            _refuse_unknown(url, PARAMETERS)
            plain = url.difference_update_query(("sslmode", "sslrootcert"))
            return Address(plain.set(drivername="postgresql+asyncpg"), _protection(url))
        case other:
            message = f"{NAME} must begin with sqlite:/// or postgresql://, not {other}://"
            raise StorageRefused(message)


def _parsed(database_url: str) -> URL:
    before_parameters = database_url.partition("?")[0]
    # What stands behind the first @ would be taken for the host, and shown: it may be half a password.
    if not database_url.startswith("sqlite") and before_parameters.count("@") > 1:
        message = f"{NAME} has more than one @: {ENCODING}"
        raise StorageRefused(message)
    try:
        return make_url(database_url)
    except ArgumentError:
        message = f"{NAME} must be sqlite:///path/to/file.db or postgresql://user:password@host/name"
        raise StorageRefused(message) from None
    except ValueError:
        message = f"{NAME} must have a number for its port, as in host:5432; {ENCODING}"
        raise StorageRefused(message) from None


def _refuse_unknown(url: URL, known: tuple[str, ...]) -> None:
    unknown = sorted(set(url.query) - set(known))
    if unknown:
        allowed = f"only {', '.join(known)} may follow the ?" if known else "nothing may follow the path"
        message = f"{NAME}: TipBot does not know {', '.join(unknown)}; take it away, {allowed}"
        raise StorageRefused(message)
    twice = sorted(name for name, value in url.query.items() if not isinstance(value, str))
    if twice:
        message = f"{NAME} says {', '.join(twice)} more than once"
        raise StorageRefused(message)


def _protection(url: URL) -> Mapping[str, Any]:
    mode, certificates = url.query.get("sslmode"), url.query.get("sslrootcert")
    if mode is None and certificates is None:
        return {}
    if mode not in (*UNVERIFIED, *VERIFIED):
        message = f"{NAME}: sslmode must be one of {', '.join((*UNVERIFIED, *VERIFIED))}"
        raise StorageRefused(message)
    if certificates is None:
        return {"ssl": mode if mode in UNVERIFIED else _verifying(mode, None)}
    if mode not in ("require", *VERIFIED):
        message = f"{NAME}: sslrootcert is of no use without sslmode=verify-full"
        raise StorageRefused(message)
    return {"ssl": _verifying(mode, None if certificates == "system" else str(certificates))}


def _verifying(mode: object, certificates: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=certificates)
    except OSError as error:
        message = f"{NAME}: no certificates can be read from sslrootcert={certificates}: {error.strerror or error}"
        raise StorageRefused(message) from error
    context.check_hostname = mode == "verify-full"
    return context
