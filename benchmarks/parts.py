"""Of what the start of `tipbot run` consists: each library's share of its processor time and memory.

Run it from the checkout: `python -m benchmarks.parts` prints the table that stands in `profiles.md`.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.population import migrated
from benchmarks.starting import started

ROUNDS = 5
# What is loaded by one library for its own sake is counted with it, and what two of them need with the first.
PARTS = {
    "Python with asyncio and ssl": "asyncio, asyncio.runners, ssl, socket, logging",
    "typer and rich, the command": "typer, rich.markup, rich.table",
    "SQLAlchemy, with the ORM that its asyncio part loads": "sqlalchemy.ext.asyncio",
    "aiosqlite and asyncpg": "aiosqlite, asyncpg",
    "aiohttp": "aiohttp",
    "python-telegram-bot, with httpx": "telegram, telegram.ext",
    "pydantic and pydantic-settings": "pydantic, pydantic_settings",
    "rapidfuzz, tzfpy, tantivy": "rapidfuzz.process, rapidfuzz.distance, tzfpy, tantivy",
    "starlette, uvicorn, feedparser": "starlette.applications, uvicorn, feedparser",
    "apscheduler, babel, structlog": "apscheduler.schedulers.asyncio, babel.numbers, structlog",
    "TipBot's own modules": "tipbot.cli",
}
# Run by a process of its own that has loaded nothing yet; imports are what it measures.
_MEASURING = """
import gc, json, sys, time

gc.disable()  # as the command does

def now():
    with open("/proc/self/statm") as file:
        return time.process_time(), int(file.read().split()[1]) * 4096 / 2**20

found = [now()]
for names in json.loads(sys.argv[1]):
    for name in names.split(", "):
        __import__(name)
    found.append(now())
print(json.dumps(found))
"""


def loaded() -> list[tuple[float, float]]:
    """Return the processor time in ms and the memory in MB after each part, before the first one first."""
    command = [sys.executable, "-c", _MEASURING, json.dumps(list(PARTS.values()))]
    compiled = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # as whatever pip installs is
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=compiled)
    return [(1000 * seconds, megabytes) for seconds, megabytes in json.loads(done.stdout)]


async def running() -> tuple[float, float]:
    """Return the processor time in ms until `tipbot run` runs on an empty database, and its memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/parts.db"
        await migrated(url)
        start = await started(url, Path(folder))
    return 1000 * start.cpu, start.mb


def main() -> None:
    rounds = [[*loaded(), asyncio.run(running())] for _ in range(ROUNDS)]
    names = ["the interpreter", *PARTS, "until it runs: content, database, Telegram; and 3 s of running"]
    # A round that was disturbed by others on this machine must not show: hence the least time.
    spent = [min(one) for one in zip(*([a for a, _ in each] for each in rounds), strict=True)]
    taken = [median(one) for one in zip(*([b for _, b in each] for each in rounds), strict=True)]
    print("| part | CPU, ms | memory, MB |\n|---|---|---|")
    for number, name in enumerate(names):
        before = (spent[number - 1], taken[number - 1]) if number else (0.0, 0.0)
        print(f"| {name} | {spent[number] - before[0]:.0f} | {taken[number] - before[1]:.1f} |")
    print(f"| together | {spent[-1]:.0f} | {taken[-1]:.1f} |")


if __name__ == "__main__":
    main()
