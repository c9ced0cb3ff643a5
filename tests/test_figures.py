"""The numbers in a shell: tables, and rows for a spreadsheet; they say no more than the chat does."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tipbot.cli import main


@pytest.mark.parametrize("more", [[], ["--csv"]])
def test_the_command_shows_tables_or_a_row_for_each_day(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, more: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIPBOT_TOKEN", "1:abcdefghijklmnopqrstuvwxyzabcdefghi")
    monkeypatch.setenv("TIPBOT_DATABASE_URL", sqlite_url)
    shown = CliRunner().invoke(main, ["stats", "--days", "3", *more])
    assert shown.exit_code == 0, shown.output
    if more:
        heading, *rows = shown.output.splitlines()
        assert len(rows) == 3
        assert all(row.count(",") == heading.count(",") for row in rows)
        assert all(row.endswith(",fewer than 10") for row in rows)
    else:
        assert "Subscribers now" in shown.output
        assert "Broadcasts" not in shown.output, "an empty table says nothing"
