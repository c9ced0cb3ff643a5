"""TIPBOT_DATABASE_URL: what is understood, and what is refused in words, never with the password."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text

from tests.conftest import PASSWORD
from tests.postgres import PostgresServer
from tipbot.storage.address import read_address
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageRefused, StorageUnavailable
from tipbot.storage.migrations import check, current, newest, upgrade

SECRET = "unspeakable"  # noqa: S105 (opens nothing)


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require"])
def test_modes_without_verification_are_handed_to_the_driver(mode: str) -> None:
    address = read_address(f"postgresql://ann@localhost/tipbot?sslmode={mode}")
    assert address.arguments == {"ssl": mode}
    assert address.url.query == {}


@pytest.mark.parametrize(("mode", "checks_name"), [("verify-ca", False), ("verify-full", True)])
def test_modes_with_verification_trust_what_the_system_trusts(mode: str, checks_name: bool) -> None:
    context = read_address(f"postgresql://ann@localhost/tipbot?sslmode={mode}").arguments["ssl"]
    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, checks_name)


def test_without_a_mode_the_driver_decides_and_a_socket_can_be_named() -> None:
    address = read_address("postgresql://ann@/tipbot?host=/var/run/postgresql")
    assert address.arguments == {}
    assert address.url.query == {"host": "/var/run/postgresql"}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://ann:unspeakable@localhost/tipbot", "must begin with sqlite:/// or postgresql://, not mysql://"),
        (
            "postgresql//ann:unspeakable@localhost",
            "must be sqlite:///path/to/file.db or postgresql://user:password",
        ),
        ("postgresql://ann:unspeakable@localhost:port/tipbot", "a number for its port"),
        ("postgresql://ann:x:y/unspeakable", "a number for its port"),
        (
            "postgresql://ann:half@unspeakable@localhost/tipbot",
            "more than one @: in the password, @ is written %40",
        ),
        ("postgresql://ann:unspeakable@h/t?channel_binding=require", "does not know channel_binding; take it away"),
        ("postgresql://ann:unspeakable@h/t?ssl=on&target=any", "does not know ssl, target; take it away"),
        (
            "postgresql://ann:unspeakable@h/t?sslmode=maybe",
            "sslmode must be one of disable, allow, prefer, require",
        ),
        ("postgresql://ann:unspeakable@h/t?sslmode=disable&sslmode=require", "says sslmode more than once"),
        (
            "postgresql://ann:unspeakable@h/t?sslmode=prefer&sslrootcert=system",
            "no use without sslmode=verify-full",
        ),
        ("postgresql://ann:unspeakable@h/t?sslmode=verify-full&sslrootcert=/no/such", "/no/such: No such file"),
        ("sqlite:///tipbot.db?mode=ro", "does not know mode; take it away, nothing may follow the path"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(url: str, words: str) -> None:
    with pytest.raises(StorageRefused) as refused:
        Database(url)
    assert "TIPBOT_DATABASE_URL" in str(refused.value)
    assert words in str(refused.value)
    assert SECRET not in str(refused.value)


def careful(server: PostgresServer, query: str = "", *, host: str = "localhost", password: str = PASSWORD) -> str:
    return f"postgresql://careful:{quote(password, safe='')}@{host}:{server.port}/tipbot{query}"


async def says(url: str) -> str:
    """Return what both doors of a start say to a database that cannot be used."""
    database = Database(url)
    try:
        with pytest.raises((StorageRefused, StorageUnavailable)) as looked:
            await check(database)
        with pytest.raises((StorageRefused, StorageUnavailable)) as opened:
            await upgrade(database)
    finally:
        await database.close()
    assert str(looked.value) == str(opened.value)
    assert "TIPBOT_DATABASE_URL" in str(opened.value)
    assert opened.type is looked.type
    return f"{opened.type.__name__}: {opened.value}"


async def test_any_password_opens_when_it_is_percent_encoded(guarded_postgres: PostgresServer) -> None:
    database = Database(careful(guarded_postgres, host="127.0.0.1"))
    assert await upgrade(database) == newest() == await current(database)
    await database.close()


@pytest.mark.parametrize(
    "query", ["?sslmode=disable", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-full"]
)
async def test_the_connection_is_protected_as_the_url_says(guarded_postgres: PostgresServer, query: str) -> None:
    if guarded_postgres.certificate is None:
        pytest.skip("no openssl to make a certificate with")
    more = f"&sslrootcert={guarded_postgres.certificate}" if "verify" in query else ""
    database = Database(careful(guarded_postgres, query + more))
    async with database.engine.connect() as connection:
        mine = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert await connection.scalar(mine) is ("disable" not in query)
    await database.close()


async def test_a_certificate_nobody_vouches_for_or_of_another_name_is_refused(
    guarded_postgres: PostgresServer,
) -> None:
    if guarded_postgres.certificate is None:
        pytest.skip("no openssl to make a certificate with")
    unknown = await says(careful(guarded_postgres, "?sslmode=verify-full"))
    assert "StorageRefused" in unknown
    assert "is not trusted (self-signed certificate" in unknown.replace("self signed", "self-signed")
    query = f"?sslmode=verify-full&sslrootcert={guarded_postgres.certificate}"
    other = await says(careful(guarded_postgres, query, host="127.0.0.1"))
    assert "is not trusted (IP address mismatch" in other


async def test_who_is_not_let_in_is_told_what_to_change(guarded_postgres: PostgresServer) -> None:
    place = f"localhost:{guarded_postgres.port}"
    wrong = await says(careful(guarded_postgres, password=SECRET))
    assert f"StorageRefused: {place} does not take the password of careful" in wrong
    assert SECRET not in wrong
    assert f"{place} does not let unwanted in" in await says(f"postgresql://unwanted@{place}/tipbot")
    nobody = await says(f"postgresql://nobody@{place}/tipbot")
    assert "StorageRefused" in nobody
    assert 'role "nobody" does not exist' in nobody
    missing = await says(f"postgresql://guest@{place}/elsewhere")
    assert f"StorageRefused: there is no database called elsewhere at {place}: create it" in missing


async def test_who_may_not_make_tables_is_told_so(guarded_postgres: PostgresServer) -> None:
    database = Database(f"postgresql://guest@localhost:{guarded_postgres.port}/postgres?sslmode=disable")
    with pytest.raises(
        StorageRefused, match=r"guest, whom TIPBOT_DATABASE_URL names, may not .* permission denied"
    ):
        await upgrade(database)
    await database.close()


async def test_a_port_at_which_nobody_listens_is_named() -> None:
    assert "the database is not available" in await says("postgresql://ann@127.0.0.1:9/tipbot")
    assert "Is 127.0.0.1:9, which TIPBOT_DATABASE_URL names" in await says("postgresql://ann@127.0.0.1:9/tipbot")


async def test_a_host_that_is_not_there_is_named() -> None:
    assert "Is nowhere.invalid, which" in await says("postgresql://ann:unspeakable@nowhere.invalid/tipbot")


@asynccontextmanager
async def listening(answer: Callable[[bytes], bytes]) -> AsyncIterator[int]:
    """Something else than PostgreSQL, which says one thing and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(await reader.read(8)))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_server_without_tls_is_refused_when_tls_is_required() -> None:
    async with listening(lambda _: b"N") as port:
        said = await says(f"postgresql://ann:unspeakable@127.0.0.1:{port}/tipbot?sslmode=require")
    assert f"StorageRefused: TIPBOT_DATABASE_URL asks for an encrypted connection, which 127.0.0.1:{port}" in said


async def test_something_that_is_no_postgresql_is_not_available() -> None:
    async with listening(lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        said = await says(f"postgresql://ann:unspeakable@127.0.0.1:{port}/tipbot?sslmode=disable")
    assert f"Is 127.0.0.1:{port}, which TIPBOT_DATABASE_URL names, the right one" in said


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear clinic, my back is much better. " * 100)
    said = await says(f"sqlite:///{letter}")
    assert f"StorageRefused: {letter} is not a SQLite database" in said
    assert "Dear clinic" in letter.read_text()


async def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    said = await says(f"sqlite:///{tmp_path}")
    assert f"StorageRefused: {tmp_path} is a folder" in said


async def test_a_damaged_file_is_named(tmp_path: Path, template_of_sqlite: Path) -> None:
    torn = tmp_path / "torn.db"
    whole = template_of_sqlite.read_bytes()
    torn.write_bytes(whole[:100] + b"\xff" * 3000 + whole[3100:])
    assert f"StorageRefused: {torn}, which TIPBOT_DATABASE_URL names, is damaged" in await says(f"sqlite:///{torn}")


async def test_the_tables_of_something_else_are_left_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'other.db'}")
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE subscribers (name TEXT)"))
    with pytest.raises(StorageRefused, match="there are tables in it that TipBot did not make"):
        await upgrade(database)
    assert await current(database) is None
    await database.close()
