"""The loops that were asked for, which run all at once, and a database for each."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.campaign import Place, campaign
from tests.postgres import PostgresServer, create_database, drop_database, execute
from tests.templates import migrate
from tipbot.loop import run_to_end

# As if the disk were full, for whoever writes what TipBot cannot do without.
FULL_DISK = (
    "CREATE TABLE disk (is_full boolean)",
    "INSERT INTO disk VALUES (false)",
    """CREATE FUNCTION needs_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT is_full FROM disk) THEN
            RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
        END IF;
        RETURN NULL;
    END $$""",
    *(
        f"CREATE TRIGGER needs_room BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION needs_room()"
        for table in ("outbox", "slots", "pace", "broadcasts", "recipients")
    ),
)


@dataclass
class Results:
    """What the loops complained of; those of an engine run when the first of them is asked for."""

    wanted: Mapping[str, Sequence[str]]
    place: Callable[[str, str], Place]
    begin: Callable[[str], None]
    _found: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def of(self, engine: str, fault: str) -> list[str]:
        if engine not in self._found:
            self.begin(engine)
            places = {name: self.place(engine, name) for name in self.wanted[engine]}
            self._found[engine] = {name: ["the loops did not come to their end"] for name in places}
            self._found[engine] = run_to_end(campaign(engine, places))
        return self._found[engine][fault]


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    """The loops that this run of the tests is to go through."""
    wanted = _wanted(request.session)
    if "postgresql" in wanted:
        # Now, so that the server is still there when the databases are removed.
        request.getfixturevalue("template_of_postgres")
    with ExitStack() as until_the_end:

        def begin(engine: str) -> None:
            # Its workers have this folder in common: a second that goes through the same loops fails here.
            if "PYTEST_XDIST_WORKER" in os.environ:
                (tmp_path_factory.getbasetemp().parent / f"loops on {engine}").mkdir()

        def place(engine: str, fault: str) -> Place:
            folder = tmp_path_factory.mktemp(fault)
            if engine == "sqlite":
                shutil.copy(request.getfixturevalue("template_of_sqlite"), folder / "tipbot.db")
                return Place(f"sqlite:///{folder}/tipbot.db", folder)
            if fault == "database":
                return _own_server(folder, until_the_end)
            server, template = map(request.getfixturevalue, ("postgres_url", "template_of_postgres"))
            return _database(server, template, folder, until_the_end)

        yield Results(wanted, place, begin)


def _wanted(session: pytest.Session) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for item in session.items:
        if item.get_closest_marker("faults") is not None and isinstance(item, pytest.Function):
            engine, fault = (str(item.callspec.params[name]) for name in ("engine", "fault"))
            wanted.setdefault(engine, []).append(fault)
    return wanted


def _database(server: str, template: str, folder: Path, until_the_end: ExitStack) -> Place:
    name = f"faults_{uuid.uuid4().hex[:12]}"
    url = create_database(server, name, template=template)
    until_the_end.callback(drop_database, server, name)
    execute(url, *FULL_DISK)
    return Place(url, folder)


def _own_server(folder: Path, until_the_end: ExitStack) -> Place:
    server = until_the_end.enter_context(PostgresServer())
    url = create_database(server.url, "tipbot")
    migrate(url)
    return Place(url, folder, server)
