"""What every test may ask for: a fresh database of either kind, and a count of how many ran on each."""

import asyncio
import gc
import os
import shlex
import shutil
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings
from sqlalchemy import Engine

from tests.postgres import (
    GIVEN,
    PostgresServer,
    UsedAgain,
    create_database,
    execute,
    memory_folder,
    running_postgres,
    self_signed_certificate,
    shared_by_all,
)
from tests.process.ordering import CHECKOUT, shared_nursery
from tests.templates import migrate, postgres_template, sqlite_template, templates_for_all
from tests.thoroughness import chosen
from tipbot.loop import new_loop
from tipbot.storage.database import Database

# Until everything is imported and collected, there is no garbage worth the search.
gc.disable()
ENGINES = ("sqlite", "postgresql")
# How long an example takes says more about what else the machine does than about the code.
settings.register_profile("tipbot", deadline=None, max_examples=chosen(usually=40, thoroughly=1000))
settings.load_profile("tipbot")
NOTEWORTHY_SECONDS = 0.5
_ran_on: Counter[str] = Counter()
_first_engines: dict[str, Engine] = {}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a running PostgreSQL."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def template_of_postgres(postgres_url: str) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    with postgres_template(postgres_url) as name:
        yield name


@pytest.fixture(scope="session")
def template_of_sqlite() -> Iterator[Path]:
    """A migrated database file that others are copied from."""
    with sqlite_template() as path:
        yield path


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh migrated database; the test runs once for each engine."""
    if request.param == "sqlite":
        path = tmp_path / "tipbot.db"
        shutil.copy(request.getfixturevalue("template_of_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    yield request.getfixturevalue("postgres_database_url")


@pytest.fixture
def sqlite_url(template_of_sqlite: Path, tmp_path: Path) -> str:
    """The URL of a fresh migrated SQLite database."""
    path = tmp_path / "alone.db"
    shutil.copy(template_of_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_used_again(postgres_url: str, template_of_postgres: str) -> Iterator[UsedAgain]:
    """The database of this process, for one test after another."""
    used_again = UsedAgain(postgres_url, template_of_postgres)
    yield used_again
    used_again.close()


@pytest.fixture
def postgres_database_url(postgres_used_again: UsedAgain) -> str:
    """The URL of a PostgreSQL database that is as if just migrated."""
    return postgres_used_again.fresh()


@pytest.fixture
def own_postgres() -> Iterator[tuple[PostgresServer, str]]:
    """A server that a test may stop and start, with a migrated database on it."""
    with PostgresServer() as server:
        url = create_database(server.url, "tipbot")
        migrate(url)
        yield server, url


PASSWORD = "p@ss: w/%41?#[ö]"  # noqa: S105 (opens nothing but a server of the tests)


@pytest.fixture(scope="session")
def guarded_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A server with an empty database "tipbot" of the role careful, who needs PASSWORD.

    The role guest needs none, but may do nothing; unwanted is never let in. TLS is offered where it can be.
    """
    with PostgresServer() as server:
        execute(
            server.url,
            f"CREATE ROLE careful LOGIN PASSWORD '{PASSWORD}'",
            "CREATE ROLE guest LOGIN",
            "CREATE ROLE unwanted LOGIN",
            # PostgreSQL 15 and newer are like this by themselves.
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        )
        create_database(server.url, "tipbot")
        execute(server.url, "ALTER DATABASE tipbot OWNER TO careful")
        server.admit("host all careful all scram-sha-256")
        server.admit("host all unwanted all reject")
        server.stop("fast")
        server.start(_with_tls(server, tmp_path_factory.mktemp("certificate")))
        yield server


def _with_tls(server: PostgresServer, folder: Path) -> str:
    made = self_signed_certificate(folder)
    if made is None:
        return ""
    server.certificate = made[0]
    certificate, key = map(server.lend, made)
    return f"-c ssl=on -c ssl_cert_file={certificate} -c ssl_key_file={key}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database, open."""
    database = Database(database_url)
    _remember_statements(database)
    yield database
    await database.close()


def _remember_statements(database: Database) -> None:
    """Let the databases of one test after another share what an engine works out once for each statement."""
    engine = database.engine.sync_engine
    first = _first_engines.setdefault(engine.dialect.name, engine)
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run every test on the loop that TipBot itself runs on."""
    return {"own": new_loop}


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def pytest_configure(config: pytest.Config) -> None:
    """Start what all workers share before they are; a run without workers starts its own when needed."""
    # A loop that finds Python's own handler puts another in its place for the time of each run, and to ask for that
    # one again makes Python describe, and throw away, the task of the run and all that it returned.
    signal.signal(signal.SIGINT, _interrupted)
    if hasattr(config, "workerinput"):
        return
    # Every worker, and every process that a test starts, reads what was compiled before instead of compiling anew.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if in_memory := memory_folder():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", in_memory)
    if config.getoption("numprocesses", None):
        until_the_end = ExitStack()
        until_the_end.enter_context(shared_nursery())
        until_the_end.enter_context(shared_by_all())
        until_the_end.enter_context(templates_for_all(os.environ[GIVEN]))
        config.add_cleanup(until_the_end.close)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[Any]) -> None:
    """Let workers be forks of the nursery, which has imported everything once."""
    for spec in specs:
        spec.python = shlex.join([sys.executable, "-I", "-S", str(CHECKOUT / "tests" / "process" / "hatching.py")])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let half of the workers begin with what waits for processes, and the others with what computes.

    Each worker is given an equal share of the list, as it stands, and those that are done take from the others.
    What takes long comes before what does not: it would be what everybody waits for in the end.
    What needs a browser comes first for the last worker, so that one browser is enough.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow_first = sorted(items, key=_seconds, reverse=True)
    browsing = [item for item in slow_first if item.get_closest_marker("browser") is not None]
    waiting = [item for item in slow_first if item.get_closest_marker("browser") is None and _waits(item)]
    apart = {*browsing, *waiting}
    rest = [item for item in items if item not in apart]
    first = (workers + 1) // 2
    mixed: list[pytest.Item] = []
    for worker in range(workers):
        mixed += waiting[worker::first] if worker < first else []
        mixed += browsing if worker == workers - 1 else []
        size = len(items) * (worker + 1) // workers - len(mixed)
        mixed += rest[:size]
        del rest[:size]
    items[:] = mixed


def _waits(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) is not None for name in ("process", "long"))


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("long")
    return 0.0 if mark is None else float(mark.args[0])


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives until the end anyway, and make it come less often."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Let workers report what came of a test, and of its setup and teardown only what somebody will read.

    Each of six events for each test takes the main process and the worker some time.
    """
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed or report.duration > NOTEWORTHY_SECONDS:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count the tests that really ran on each engine."""
    if report.when == "call" and report.passed:
        for engine in ENGINES:
            if engine in report.nodeid.partition("[")[2]:
                _ran_on[engine] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran on each engine, so that a silent half is noticed."""
    counts = ", ".join(f"{engine} {_ran_on[engine]}" for engine in ENGINES)
    terminalreporter.write_line(f"database tests that passed: {counts}")
    skipped = [report for report in terminalreporter.stats.get("skipped", ()) if "Chromium" in str(report.longrepr)]
    if skipped:
        line = (
            f"not tried in a browser: {len(skipped)} tests, because there is no Chromium (apt-get install chromium)"
        )
        terminalreporter.write_line(line)
