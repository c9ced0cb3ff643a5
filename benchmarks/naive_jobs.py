"""The naive way: one job for each subscriber, in a process of its own. Prints what that costs, as JSON.

`python benchmarks/naive_jobs.py jobqueue 10000`: python-telegram-bot's JobQueue, `memory`: APScheduler by itself,
`sqlite FILE`: APScheduler with its own job store, which is the one that remembers jobs over a restart.
"""

import asyncio
import json
import sys
import time as clock
from datetime import UTC, time
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.ext import Application, ContextTypes


async def nothing(_context: ContextTypes.DEFAULT_TYPE) -> None:
    """Stand for sending a tip."""


def send(_chat_id: int) -> None:
    """Stand for sending a tip; found by its name after a restart."""


def memory() -> float:
    """Return the resident memory of this process, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


async def through_jobqueue(number: int) -> None:
    queue: Any = Application.builder().token("1:benchmark-token").build().job_queue
    await queue.start()
    for chat in range(number):
        queue.run_daily(nothing, time(chat % 24, chat // 24 % 60, tzinfo=UTC), chat_id=chat, name=str(chat))


async def through_apscheduler(number: int, file: str | None) -> None:
    scheduler = AsyncIOScheduler(timezone=UTC)
    if file is not None:
        scheduler.add_jobstore("sqlalchemy", url=f"sqlite:///{file}")
    scheduler.start()
    if file is None or not scheduler.get_job("0"):
        for chat in range(number):
            given = {"hour": chat % 24, "minute": chat // 24 % 60, "args": [chat], "id": str(chat)}
            scheduler.add_job("naive_jobs:send", "cron", **given)


async def main(way: str, number: int, *file: str) -> None:
    before, began = memory(), clock.perf_counter()
    cpu = clock.process_time()
    if way == "jobqueue":
        await through_jobqueue(number)
    else:
        await through_apscheduler(number, file[0] if file else None)
    found = {"seconds": clock.perf_counter() - began, "cpu": clock.process_time() - cpu, "mb": memory() - before}
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
