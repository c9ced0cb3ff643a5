"""A PostgreSQL on a real disk that keeps what it was told, as it would for a clinic; the tests' own is quicker."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import PostgresServer

# What the tests switch off for speed is on again: the last word about a setting counts.
SAFE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"


@contextmanager
def durable_postgres() -> Iterator[str]:
    """Yield the URL of a server that is stopped and removed afterwards."""
    server = PostgresServer()
    shutil.rmtree(server.folder, ignore_errors=True)  # it may lie in memory
    server.folder = Path(tempfile.mkdtemp(prefix="tipbot-bench-postgres-"))
    server.prepare()
    server.start(SAFE)
    try:
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
