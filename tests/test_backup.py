"""What `tipbot backup` and `tipbot restore` do with a SQLite database."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.usecases.mailing import people
from tests.usecases.test_restoring import served
from tipbot.cli import main
from tipbot.domain.subscribers import ChatId
from tipbot.storage.database import Database
from tipbot.storage.leadership import ProcessLock


async def add(url: str, chat: int) -> None:
    await served(url)
    database = Database(url)
    await people(database, 1, first=chat)
    await database.close()


async def known(url: str, chat: int) -> bool:
    database = Database(url)
    async with database.reading() as books:
        found = await books.subscribers.find(ChatId(chat))
    await database.close()
    return found is not None


def test_a_copy_is_made_and_put_back_and_the_next_start_notices(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    variables = {"TIPBOT_TOKEN": "424242:sandbox-token-of-no-value", "TIPBOT_DATABASE_URL": sqlite_url}
    run = CliRunner(env=variables).invoke
    asyncio.run(add(sqlite_url, 1))
    assert run(main, ["backup", "copy.db"]).exit_code == 0
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0
    assert "there already" in run(main, ["backup", "copy.db"]).stderr
    asyncio.run(add(sqlite_url, 2))
    (tmp_path / "other.db").write_text("no database")
    assert "could not be put back" in run(main, ["restore", "other.db"]).stderr
    assert "could not be put back" in run(main, ["restore", "missing.db"]).stderr
    with ProcessLock(Database(sqlite_url)):
        assert "another TipBot is running" in run(main, ["restore", "copy.db"]).stderr
    assert asyncio.run(known(sqlite_url, 2))
    assert run(main, ["restore", "copy.db"]).exit_code == 0
    assert {path.name for path in tmp_path.glob("copy.db*")} == {"copy.db"}, "the copy is one file, and stays so"
    assert asyncio.run(known(sqlite_url, 1))
    assert not asyncio.run(known(sqlite_url, 2))
    assert asyncio.run(served(sqlite_url)), "taken for an older one"
    assert not asyncio.run(served(sqlite_url))
