"""A backup made in the middle of a broadcast is put back minutes later: nobody gets anything twice."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.process.running import tipbot_inside
from tests.process.seeding import FIRST_CHAT, seed
from tests.usecases.mailing import Mailing
from tipbot.clock import Clock
from tipbot.domain.broadcasts import NEVER_QUIET, PausedFor
from tipbot.sandbox import Sandbox
from tipbot.storage.database import Database
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.staffing import SHELL

pytestmark = pytest.mark.process

NOW = Clock().now
OLIVE, PEOPLE = 7000, 60


async def _sending(url: str) -> int:
    """Let a broadcast go out to everybody, whatever the hour, and return its number."""
    database = Database(url)
    draft, decide = (
        await Mailing(database).drafted(now=NOW()),
        Broadcasting(database, quiet=NEVER_QUIET, ceiling=30),
    )
    await decide.confirm(draft.id, revision=draft.revision, operator=SHELL, now=NOW())
    await database.close()
    return draft.id


@pytest.mark.long(6)
async def test_what_a_backup_does_not_know_of_is_not_sent_again_and_operators_hear_of_it(sqlite_url: str) -> None:
    path, sandbox = Path(sqlite_url.removeprefix("sqlite:///")), Sandbox(now=NOW)
    settings = {"TIPBOT_OPERATORS": str(OLIVE), "TIPBOT_QUIET_HOURS": "off", "TIPBOT_BULK_RATE": "30"}
    chats = await seed(sqlite_url, [NOW()] * PEOPLE, now=NOW())
    olive = sandbox.person("Olive", chat_id=OLIVE, started=True)
    for chat in chats:
        sandbox.person(f"Person {chat}", chat_id=chat, started=True)
    number = await _sending(sqlite_url)
    async with sandbox.serving() as address:
        async with tipbot_inside(sandbox, address, sqlite_url, **settings):
            await sandbox.until(lambda: sandbox.calls.counts["sendMessage"] >= PEOPLE / 2, timeout=30)
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(f"{path}-aside")) as copy:
                source.backup(copy)
            await sandbox.until(lambda: sandbox.calls.counts["sendMessage"] >= PEOPLE * 2, timeout=30)
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        path.write_bytes(Path(f"{path}-aside").read_bytes())
        async with tipbot_inside(sandbox, address, sqlite_url, **settings):
            await sandbox.until(
                lambda: any("A backup was restored" in one.text for one in olive.screen), timeout=30
            )
            await sandbox.quiet()
    database = Database(sqlite_url)
    assert (await Mailing(database).find(number)).paused_for is PausedFor.RESTORED
    await database.close()
    received = [len(sandbox.sent_to(FIRST_CHAT + one)) for one in range(PEOPLE)]
    assert received == [2] * PEOPLE, "one tip and one article"
