"""What `tipbot audit` prints."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.usecases.people import MONDAY_NOON
from tipbot.cli import main
from tipbot.storage.database import Database
from tipbot.usecases.staffing import Staffing


async def appoint(database_url: str) -> None:
    database = Database(database_url)
    await Staffing(database).appoint({7000, 7001}, now=MONDAY_NOON)
    await database.close()


def test_deeds_are_listed_newest_first_or_all_of_them_as_csv(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(appoint(sqlite_url))
    monkeypatch.chdir(tmp_path)
    variables = {"TIPBOT_TOKEN": "424242:sandbox-token-of-no-value", "TIPBOT_DATABASE_URL": sqlite_url}
    run = CliRunner(env=variables).invoke
    listed = run(main, ["audit", "--most", "1"])
    assert listed.stdout.splitlines()[1].split() == ["2026-11-23", "12:00", "shell", "owner-appointed", "7001"]
    assert len(listed.stdout.splitlines()) == 2
    assert run(main, ["audit", "--csv"]).stdout.split() == [
        "at,operator,action,subject",
        "2026-11-23T12:00:00+00:00,shell,owner-appointed,7000",
        "2026-11-23T12:00:00+00:00,shell,owner-appointed,7001",
    ]


def test_without_a_database_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner(env={"TIPBOT_TOKEN": "424242:sandbox-token-of-no-value"}).invoke(main, ["audit"])
    assert result.exit_code == 1
    assert "tipbot db upgrade" in result.stderr
    assert list(tmp_path.iterdir()) == []
