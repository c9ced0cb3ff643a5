"""`tipbot broadcast`: the same decisions from a shell, with clear words and exit codes."""

import asyncio
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.usecases.mailing import Mailing, people
from tests.usecases.people import MONDAY_NOON
from tipbot.cli import main
from tipbot.domain.delivery import Uncertain
from tipbot.storage.database import Database
from tipbot.usecases.staffing import SHELL

SHELL_TALKS = CliRunner()


async def _under_way(url: str) -> int:
    database = Database(url)
    mailing = Mailing(database)
    await people(database, 40)
    now = MONDAY_NOON
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(now)
    await mailing.post(now, {3: Uncertain("no answer")}, most=30)
    await database.close()
    return number


async def _deeds(url: str) -> list[str]:
    database = Database(url)
    async with database.reading() as books:
        deeds = [deed.action for deed in await books.audit.latest(9) if deed.operator == SHELL]
    await database.close()
    return deeds


def test_a_broadcast_is_held_reported_and_ended_from_a_shell(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIPBOT_TOKEN", "123456:a-token-of-no-bot-at-all-and-long")
    monkeypatch.setenv("TIPBOT_DATABASE_URL", sqlite_url)
    number = asyncio.run(_under_way(sqlite_url))

    def says(*words: str, code: int = 0) -> str:
        result = SHELL_TALKS.invoke(main, ["broadcast", *words])
        assert result.exit_code == code, result.output
        return result.output

    table = tmp_path / "all.csv"
    assert "is paused" in says("pause", str(number))
    assert "paused" in says("show", str(number), "--watch")
    assert "there is no broadcast 99" in says("pause", "99", code=1).lower()
    assert "sleep" not in says("list").lower(), "no words of messages"
    assert "40 lines" in says("report", str(number), "--csv", str(table))
    assert len(table.read_text().splitlines()) == 41
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    assert "cannot be written" in says("report", str(number), "--csv", str(tmp_path), code=1)
    assert "nobody left" in says("retry", str(number), code=1)
    assert "again to 1" in says("again", str(number))
    assert "is cancelled" in says("cancel", str(number))
    assert "is cancelled: that is not possible" in says("resume", str(number), code=1)
    deeds = [deed for deed in asyncio.run(_deeds(sqlite_url)) if deed.startswith("broadcast")]
    assert sorted(deeds) == [
        *("broadcast-again-unknown", "broadcast-cancel", "broadcast-export", "broadcast-pause")
    ]
