"""Very many subscribers: planning, a broadcast to all, start and memory, beside one scheduler job for each of them.

Run it from the checkout: `python -m benchmarks.scale --out rows.json`; `--quick` goes to 100,000 subscribers, not
to a million. Databases are made in memory where there is room, PostgreSQL as in the tests.
"""

import argparse
import asyncio
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import delete

from benchmarks.measuring import WatchedDatabase, measured
from benchmarks.population import COHORTS, DUE_AT_ONCE, minute, populate
from benchmarks.starting import started
from tests.content import shipped_catalogue
from tests.postgres import create_database, drop_database, memory_folder, running_postgres
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Broadcast, BroadcastId, QuietHours
from tipbot.domain.composition import Composition, Part, PartKind
from tipbot.domain.delivery import Sent
from tipbot.storage.schema import outbox
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.journal import Answer, Journal
from tipbot.usecases.library import Library
from tipbot.usecases.planning import PlanDue
from tipbot.usecases.sending import Rules, SendBroadcasts
from tipbot.usecases.staffing import Staffing

ROUNDS = 3
# As a host would with a million subscribers, see docs/operating.md: into the 128 MB that PostgreSQL takes by itself
# their database does not fit, and what is due is read from its files again and again.
OPTIONS = "-c shared_buffers=1GB"
LATENESS = timedelta(hours=3)
BOSS, RATE = 7000, 1_000.0
THOUSAND, MILLION = 1_000, 1_000_000

Row = dict[str, object]


class Table:
    """The rows, printed as they come."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, what: str, engine: str, figure: float, unit: str, target: str = "") -> None:
        self.rows.append(
            {"what": what, "engine": engine, "figure": round(figure, 3), "unit": unit, "target": target}
        )
        print(f"{what:<68} {engine:<11} {figure:>10.2f} {unit:<5} {target}", flush=True)


def people(number: int) -> str:
    return f"{number // MILLION} million" if number >= MILLION else f"{number // THOUSAND} thousand"


async def plan(url: str, engine: str, number: int, table: Table) -> None:
    """Plan 10,000 due tips in one minute after another, as the tick does."""
    database = WatchedDatabase(url)
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    await planner.tick(now=minute(0))  # statements and decks are known from then on, as in a running process
    gc.collect()
    gc.freeze()  # as `tipbot run` does
    costs = []
    for cohort in range(1, min(ROUNDS, COHORTS - 1) + 1):
        async with measured() as cost:
            done = await planner.tick(now=minute(cohort))
        assert done.planned == DUE_AT_ONCE, done
        costs.append(cost)
    of = f"10,000 due in one minute among {people(number)}"
    table.add(f"{of}: planned", engine, median(c.wall for c in costs), "s", "<= 1")
    table.add(f"{of}: CPU of the process", engine, median(c.cpu for c in costs), "s")
    table.add(f"{of}: longest block of the loop", engine, 1000 * median(c.blocked for c in costs), "ms", "<= 50")
    table.add(f"{of}: CPU in that block", engine, 1000 * median(c.blocked_cpu for c in costs), "ms")
    await database.close()


class Clockwork:
    """The time in a benchmark: shortly after what was planned, plus what has passed."""

    def __init__(self) -> None:
        self._start = minute(COHORTS)
        self._began = time.perf_counter()

    @property
    def passed(self) -> float:
        return time.perf_counter() - self._began

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.passed)


async def broadcast(url: str, engine: str, number: int, table: Table) -> None:
    """Send to everybody: confirmed, expanded beside the sending, until everybody is written down."""
    database = WatchedDatabase(url)
    broadcasting = Broadcasting(database, quiet=QuietHours(), ceiling=RATE)
    sending = SendBroadcasts(database, Rules(QuietHours(), LATENESS, RATE))
    journal = Journal(database, owner="benchmark", ceiling=RATE)
    async with database.engine.begin() as connection:
        await connection.execute(delete(outbox))  # tips that were planned would go first
    draft = await drafted(database)
    clock = Clockwork()
    await broadcasting.estimate(draft.id, now=clock.now())
    estimated = clock.passed
    await broadcasting.confirm(draft.id, revision=draft.revision, operator=BOSS, now=clock.now())
    to = f"a broadcast to {people(number)}"
    table.add(f"{to}: estimate before it is confirmed", engine, estimated, "s")
    table.add(f"{to}: confirm", engine, 1000 * (clock.passed - estimated), "ms")
    database.locks.held.clear()
    confirmed = clock.passed
    async with measured() as cost, asyncio.TaskGroup() as tasks:
        expanding = tasks.create_task(expand(sending, clock))
        first, turns = await send(journal, clock, expanding)
    expanded = await expanding - confirmed
    table.add(f"{to}: first message handed over", engine, first - confirmed, "s", "<= 2")
    table.add(f"{to}: everybody written down", engine, expanded, "s", "<= 3" if engine == "SQLite" else "<= 15")
    table.add(f"{to}: longest transaction", engine, 1000 * max(database.locks.held), "ms", "<= 100")
    table.add(f"{to}: longest turn of the sender beside it", engine, 1000 * turns, "ms")
    table.add(f"{to}: longest block of the loop", engine, 1000 * cost.blocked, "ms", "<= 50")
    table.add(f"{to}: CPU of the process", engine, cost.cpu, "s")
    async with database.reading() as books:
        assert sum(wave.people for wave in await books.recipients.waves_of(draft.id)) == number
    await database.close()


async def drafted(database: WatchedDatabase) -> Broadcast:
    """Return a draft of an article, whole and decided."""
    now = minute(0)
    await Staffing(database).appoint({BOSS}, now=now)
    words = Composition((Part(PartKind.TEXT, "Sleep and your back"),), ())
    draft = Broadcast(BroadcastId(0), BOSS, now, now, composition=words, purpose=Purpose.ARTICLE)
    async with database.writing() as books:
        return await books.broadcasts.add(draft)


async def expand(sending: SendBroadcasts, clock: Clockwork) -> float:
    """Tick once, a second after the confirmation at the latest; return when everybody was written down."""
    await sending.tick(now=clock.now())
    return clock.passed


async def send(journal: Journal, clock: Clockwork, expanding: asyncio.Task[float]) -> tuple[float, float]:
    """Claim and settle as the courier does, until all is expanded; return the first moment and the longest turn."""
    first, longest = 0.0, 0.0
    answers: list[Answer] = []
    while not expanding.done():
        began = time.perf_counter()
        claims = await journal.turn(answers, replies=0, room=64, now=clock.now())
        longest = max(longest, time.perf_counter() - began)
        if claims and not first:
            first = clock.passed
        answers = [Answer(claim, Sent(claim.id)) for claim in claims]
        await asyncio.sleep(0.02)
    return first or clock.passed, longest


@contextmanager
def databases(number: int, server: str, folder: Path) -> Iterator[dict[str, str]]:
    """Make a database of each kind with so many subscribers; they are gone afterwards."""
    file = folder / f"{number}.db"
    urls = {"SQLite": f"sqlite:///{file}", "PostgreSQL": create_database(server, f"scale_{number}")}
    try:
        for url in urls.values():
            populate(url, number)
        yield urls
    finally:
        drop_database(server, f"scale_{number}")
        for path in folder.glob(f"{number}.db*"):
            path.unlink()


def naive(number: int, folder: Path, table: Table) -> None:
    """Let one job for each subscriber be registered, each way in a process of its own."""
    ways = {"jobqueue": "JobQueue", "memory": "APScheduler"}
    if number <= THOUSAND:  # a hundred thousand take minutes
        ways["sqlite"] = "APScheduler on SQLite"
    for way, name in ways.items():
        command = [sys.executable, str(Path(__file__).with_name("naive_jobs.py")), way, str(number)]
        if way == "sqlite":
            command.append(str(folder / f"jobs-{number}.db"))
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        again = "" if way == "sqlite" else ", and again at every start"
        table.add(f"a job for each of {people(number)}{again}", name, found["seconds"], "s")
        table.add(f"a job for each of {people(number)}: memory", name, found["mb"], "MB")


def run(table: Table, numbers: list[int], folder: Path) -> None:
    for number in (1_000, 10_000, 100_000) if max(numbers) >= MILLION else (1_000, 10_000):
        naive(number, folder, table)
    with running_postgres(OPTIONS) as server:
        for number in numbers:
            with databases(number, server, folder) as urls:
                for engine, url in urls.items():
                    begin = asyncio.run(started(url, folder))
                    at = f"start with {people(number)}"
                    table.add(f"{at}: until it runs", engine, begin.wall, "s", "< 1")
                    table.add(f"{at}: CPU", engine, begin.cpu, "s")
                    table.add(f"{at}: memory three seconds later", engine, begin.mb, "MB", "<= 100")
                    if number > DUE_AT_ONCE:
                        asyncio.run(plan(url, engine, number, table))
                        asyncio.run(broadcast(url, engine, number, table))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--out", type=Path)
    given = arguments.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        run(table, [10_000, 100_000] if given.quick else [10_000, 100_000, MILLION], Path(folder))
    if given.out is not None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps({"rows": table.rows}, indent=1))


if __name__ == "__main__":
    main()
