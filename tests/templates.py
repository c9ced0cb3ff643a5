"""Migrated databases that those of the tests are copied from: made once, for all workers of a test run."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import create_database, drop_database, memory_folder
from tipbot.loop import run_to_end
from tipbot.storage.database import Database
from tipbot.storage.migrations import upgrade

SQLITE, POSTGRES = "TIPBOT_TEST_SQLITE_TEMPLATE", "TIPBOT_TEST_POSTGRES_TEMPLATE"


@contextmanager
def templates_for_all(postgres_url: str) -> Iterator[None]:
    """Make one of each engine for this process and for all that it starts."""
    with sqlite_template() as file, postgres_template(postgres_url) as name:
        os.environ |= {SQLITE: str(file), POSTGRES: name}
        try:
            yield
        finally:
            del os.environ[SQLITE], os.environ[POSTGRES]


@contextmanager
def sqlite_template() -> Iterator[Path]:
    """Yield a migrated file, which is there already where all share one."""
    if SQLITE in os.environ:
        yield Path(os.environ[SQLITE])
        return
    with tempfile.TemporaryDirectory(prefix="tipbot-template-", dir=memory_folder()) as folder:
        path = Path(folder, "template.db")
        migrate(f"sqlite:///{path}")
        yield path


@contextmanager
def postgres_template(server_url: str) -> Iterator[str]:
    """Yield the name of a migrated database, which is there already where all share one."""
    if POSTGRES in os.environ:
        yield os.environ[POSTGRES]
        return
    name = f"template_{uuid.uuid4().hex[:12]}"
    migrate(create_database(server_url, name))
    try:
        yield name
    finally:
        drop_database(server_url, name)


def migrate(url: str) -> None:
    """Bring a database to the newest version, in a loop of its own."""

    async def upgraded() -> None:
        database = Database(url)
        await upgrade(database)
        await database.close()

    run_to_end(upgraded())
