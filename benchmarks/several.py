"""How several processes share one pace, and how soon another takes over polling, on PostgreSQL.

Each row is one run against the sandbox as Telegram, with 60 ms round trip, and judged by the sandbox's own log. Run
it from the checkout: `python -m benchmarks.several --out rows.json`.
"""

import argparse
import asyncio
import json
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median

from tests.postgres import create_database, running_postgres
from tests.process.running import Process, tipbot_with
from tests.process.seeding import seed
from tipbot.clock import Clock
from tipbot.loop import run_to_end
from tipbot.sandbox import Person, Sandbox
from tipbot.storage.database import Database
from tipbot.storage.migrations import upgrade

NOW = Clock().now
ROUND_TRIP_MS = 60
WARM_UP, WINDOW = timedelta(seconds=4), timedelta(seconds=20)
PACES = (29, 400)
PROCESSES = (1, 2, 4)
FAIL_OVERS = 5

Row = dict[str, object]


@dataclass
class Fleet:
    """Processes that run beside one Telegram and one database."""

    sandbox: Sandbox
    url: str
    pace: int
    folder: Path
    address: str
    stack: AsyncExitStack
    processes: list[Process] = field(default_factory=list)

    async def start(self) -> None:
        """Start one more process, and wait until it runs."""
        more = {"TIPBOT_BULK_RATE": str(self.pace), "TIPBOT_PAID_BROADCAST": "true"}
        process = tipbot_with(self.sandbox, self.address, self.url, self.folder, **more)
        self.processes.append(await self.stack.enter_async_context(process))


@asynccontextmanager
async def fleet(server: str, number: int, pace: int) -> AsyncIterator[Fleet]:
    """Start so many processes on a new database."""
    sandbox, url = Sandbox(now=NOW), await _fresh_database(server)
    sandbox.faults.latency_ms = ROUND_TRIP_MS
    with tempfile.TemporaryDirectory() as folder:
        async with sandbox.serving() as address, AsyncExitStack() as stack:
            started = Fleet(sandbox, url, pace, Path(folder), address, stack)
            for _ in range(number):
                await started.start()
            yield started


async def _fresh_database(server: str) -> str:
    url = await asyncio.to_thread(create_database, server, f"bench_{uuid.uuid4().hex[:12]}")
    database = Database(url)
    await upgrade(database)
    await database.close()
    return url


async def shared_pace(server: str, number: int, pace: int) -> Row:
    """Return how many messages a second so many processes send together, once all of them run."""
    people = round(pace * (WARM_UP + WINDOW).total_seconds() * 1.5)
    async with fleet(server, number, pace) as ours:
        chats = await seed(ours.url, [NOW()] * people, now=NOW())
        for chat in chats:
            ours.sandbox.person(f"Person {chat}", chat_id=chat, started=True)
        await ours.sandbox.until(lambda: ours.sandbox.calls.counts["sendMessage"] > 0, timeout=60)
        begins = NOW() + WARM_UP
        await asyncio.sleep((WARM_UP + WINDOW).total_seconds())
    moments = [call.at for call in ours.sandbox.calls.of("sendMessage") if begins <= call.at < begins + WINDOW]
    rate = (len(moments) - 1) / (moments[-1] - moments[0]).total_seconds()
    doubled = sum(len(ours.sandbox.sent_to(chat)) > 1 for chat in chats)
    what = f"{number} of TipBot's processes share {pace}/s: {rate / pace:.1%} of it, {doubled} doubled"
    return _row(what, round(rate, 2), "messages/s", f"within 2 % of {pace}")


async def fail_over(server: str) -> Row:
    """Return how long somebody waits at most who writes at the moment when the poller is killed."""
    waits = []
    async with fleet(server, 2, 25) as ours:
        ann = ours.sandbox.person("Ann")
        for _ in range(FAIL_OVERS):
            await _answered(ours.sandbox, ann)
            await ours.processes.pop(0).killed()
            waits.append(await _answered(ours.sandbox, ann))
            await ours.start()
    what = f"kill -9 of the poller until the next answer: longest of {FAIL_OVERS}, median {median(waits):.1f}"
    return _row(what, round(max(waits), 1), "s", "at most 10")


async def _answered(sandbox: Sandbox, person: Person) -> float:
    """Ask something and return how many seconds the answer took."""
    begun = NOW()
    await person.sends("/help")
    await sandbox.until(lambda: person.last.from_bot, timeout=60)
    return (NOW() - begun).total_seconds()


def _row(what: str, figure: float, unit: str, target: str) -> Row:
    return {"what": what, "engine": "postgresql", "figure": figure, "unit": unit, "target": target}


async def measure(server: str) -> list[Row]:
    """Return all rows, and print each as soon as it is known."""
    rows = []
    for pace in PACES:
        for number in PROCESSES:
            rows.append(await shared_pace(server, number, pace))
            print(rows[-1]["what"], flush=True)
    rows.append(await fail_over(server))
    print(rows[-1]["what"], rows[-1]["figure"], "s")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the rows into this file, as JSON")
    given = parser.parse_args()
    with running_postgres() as server:
        rows = run_to_end(measure(server))
    if given.out is not None:
        given.out.write_text(json.dumps({"rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
