"""Every conversation as it is written down in tests/transcripts; TIPBOT_TEST_REWRITE=1 writes them down anew."""

import os
from pathlib import Path

import pytest

from tests.bot.conftest import House
from tests.bot.transcript import Play

FOLDER = Path(__file__).parent.parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
# What depends on how the database keeps things is played on both engines; words are the same on each.
ON_BOTH_ENGINES = {"first-contact", "settings", "pause-and-stop", "groups", "rights"}

PLAYS = [
    pytest.param(path, engine, id=f"{path.stem}-{engine}")
    for path in TRANSCRIPTS
    for engine in ("sqlite", "postgresql")
    if engine == "sqlite" or path.stem in ON_BOTH_ENGINES
]


@pytest.mark.parametrize(("path", "database_url"), PLAYS, indirect=["database_url"])
async def test_conversation_goes_as_written_down(path: Path, house: House) -> None:
    written = _read(path)
    happened = await Play(house).run(written)
    if os.environ.get("TIPBOT_TEST_REWRITE"):
        _write(path, happened)
    assert happened == written


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
