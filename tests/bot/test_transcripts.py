"""Conversations as they are written down in tests/transcripts; TIPBOT_TEST_REWRITE=1 writes them down anew.

On SQLite, test_another_language.py plays them in a language made from the English, and reads that back: what comes
is compared with the same lines. English alone is left for some here, and for all in the thorough run.
"""

import os
from pathlib import Path

import pytest

from tests.bot.conftest import House
from tests.bot.transcript import Play
from tests.thoroughness import IS_THOROUGH

REWRITES = bool(os.environ.get("TIPBOT_TEST_REWRITE"))
FOLDER = Path(__file__).parent.parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
# What depends on how the database keeps things is played on both engines; words are the same on each.
ON_BOTH_ENGINES = {"groups", "rights"}
# This one is about a bot that has only one language; test_language.py tells what happens with two.
OF_ONE_LANGUAGE = {"language"}


def _is_played(name: str, engine: str) -> bool:
    if engine == "postgresql":
        return name in ON_BOTH_ENGINES
    return IS_THOROUGH or REWRITES or name in OF_ONE_LANGUAGE


PLAYS = [
    pytest.param(path, engine, id=f"{path.stem}-{engine}")
    for path in TRANSCRIPTS
    for engine in ("sqlite", "postgresql")
    if _is_played(path.stem, engine)
]


@pytest.mark.parametrize(("path", "database_url"), PLAYS, indirect=["database_url"])
async def test_conversation_goes_as_written_down(path: Path, house: House) -> None:
    written = _read(path)
    happened = await Play(house).run(written)
    if REWRITES:
        _write(path, happened)
    assert happened == written


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
