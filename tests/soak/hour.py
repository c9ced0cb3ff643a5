"""An hour of mixed life on one database, six times as fast as the clock on the wall, and its verdict."""

import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.faults.wire import wire_to
from tests.postgres import PostgresServer, create_database, memory_folder
from tests.process.clockwork import Clockwork
from tests.soak.fleet import Fleet
from tests.soak.living import Living, Operator
from tests.soak.population import Population, population, settle_in
from tests.soak.striking import KEEPS_ITS_WORD, Troubles
from tests.soak.verdict import Verdict, judged
from tipbot.domain.delivery import DeliveryStatus
from tipbot.sandbox import Sandbox
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.migrations import upgrade

# The clock is moved on in steps that are shorter than a lease, less what sending takes: time passes, nobody sleeps.
STEP, EVERY_SECONDS = timedelta(seconds=20), 4.0
PACE_OF_TIME = 1 + STEP.total_seconds() / EVERY_SECONDS
REPORT_EVERY_SECONDS = 15.0
ROUND_TRIP_MS = 30
# How long the end may take: messages on their way, leases that must run out.
LONGEST_END_SECONDS = 1_200
# How many troubles there are in the time, about.
TROUBLES = 40
BROADCASTS = 2
MOVING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.HELD)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be lived through."""

    engine: str
    people: int
    minutes: float
    rate: int
    seed: int
    acts_a_second: float

    @property
    def processes(self) -> int:
        return 2 if self.engine == "postgresql" else 1


@dataclass
class Hour:
    """Everything that takes part."""

    plan: Plan
    sandbox: Sandbox
    clock: Clockwork
    database: Database
    fleet: Fleet
    troubles: Troubles
    living: Living
    operator: Operator
    everybody: Population
    refused: set[int] = field(default_factory=set)
    calls_seen: int = 0
    begun: float = 0.0

    async def live(self) -> None:
        """Let everything happen until the time is over."""
        over, stop = asyncio.Event(), asyncio.Event()
        self.begun = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for work in (self.living.run, self.operator.watches):
                tasks.create_task(work(stop))
            tasks.create_task(self._time_passes(over))
            reporting = tasks.create_task(self._report(over))
            tasks.create_task(self._broadcasts())
            tasks.create_task(_after(60 * self.plan.minutes, stop))
            await self.troubles.run(stop, tasks)
            self.troubles.end()
            await self._come_to_rest()
            over.set()
            await reporting
        await self.fleet.all_stopped()

    async def _broadcasts(self) -> None:
        """Send two messages to everybody, one early and one in the middle."""
        for number in range(1, BROADCASTS + 1):
            await asyncio.sleep(60 * self.plan.minutes * (0.05 if number == 1 else 0.4))
            async with self.troubles.calm:
                await self.operator.sends(f"Sleep, and your back, part {number}")
            _say(f"{self._elapsed}  broadcast {number} goes out")

    async def _time_passes(self, over: asyncio.Event) -> None:
        while not over.is_set():
            await asyncio.sleep(EVERY_SECONDS)
            self.clock.move_on(STEP)

    async def _come_to_rest(self) -> None:
        """Wait until everything is sent and settled; leases of dead processes run out meanwhile."""
        begun = time.monotonic()
        while time.monotonic() - begun < LONGEST_END_SECONDS and not await self._at_rest():
            await asyncio.sleep(1)

    async def _at_rest(self) -> bool:
        counts = await self.counts()
        if not counts or any(counts.get(status) for status in MOVING) or len(self.sandbox.telegram.updates):
            return False
        return await self.operator.done() == BROADCASTS

    async def counts(self) -> dict[DeliveryStatus, int]:
        """Return how many deliveries stand how, or nothing while the database is away."""
        try:
            async with self.database.reading() as books:
                return await books.outbox.count()
        except StorageUnavailable:
            return {}

    async def _pace(self) -> float:
        try:
            async with self.database.reading() as books:
                pace = await books.pace.look()
        except StorageUnavailable:
            pace = None
        return self.plan.rate if pace is None else pace.rate

    async def _report(self, over: asyncio.Event) -> None:
        """Say every few seconds how it goes."""
        before = 0
        while not over.is_set():
            self._note_refused()
            sent = self.sandbox.calls.counts["sendMessage"]
            _say(await self._line(sent, (sent - before) / REPORT_EVERY_SECONDS))
            before = sent
            for _ in range(round(REPORT_EVERY_SECONDS)):
                await asyncio.sleep(0 if over.is_set() else 1)
                self._note_refused()

    async def _line(self, sent: int, rate: float) -> str:
        counts, pace = await self.counts(), await self._pace()
        waiting, unknown = (counts.get(status, 0) for status in (DeliveryStatus.QUEUED, DeliveryStatus.UNKNOWN))
        memory = " ".join(f"{one.number}:{one.look():.0f}" for one in self.fleet.running if not one.is_frozen)
        clock, at = f"{self._elapsed}  {self.clock.now():%H:%M:%S}", f"{rate:.0f}/s of {pace:.0f}"
        return f"{clock} {sent:>7} sent, {at:>10}, {waiting:>5} wait, {unknown:>4} unknown, MB {memory}"

    def _note_refused(self) -> None:
        """Remember the chats of which Telegram refused a message for good; its log does not reach back for ever."""
        calls = self.sandbox.calls
        new = calls.after(self.calls_seen, most=calls.total - self.calls_seen)
        self.calls_seen = calls.total
        self.refused |= {call.chat_id for _, call in new if call.status in (400, 403) and call.chat_id is not None}

    @property
    def told(self) -> str:
        """Say what happened."""
        struck = ", ".join(f"{name} {times}" for name, times in sorted(self.troubles.struck.items()))
        lasted, took = self.clock.now() - self.everybody.begins, time.monotonic() - self.begun
        return (
            f"{self.plan.engine}: {self.plan.people:,} people, {lasted} of their time in {took:.0f} s; "
            f"{sum(self.living.acts.values()):,} times somebody wrote or pressed; "
            f"{self.sandbox.calls.counts['sendMessage']:,} messages asked for; {struck}."
        )

    @property
    def _elapsed(self) -> str:
        seconds = round(time.monotonic() - self.begun)
        return f"{self.plan.engine:<10} {seconds // 60:>2}:{seconds % 60:02}"


async def lived_through(plan: Plan) -> Verdict:
    """Live through an hour and return what the oracle says to it."""
    async with AsyncExitStack() as until_the_end:
        hour = await _prepared(plan, until_the_end)
        await hour.live()
        found = await judged(hour.database, hour.sandbox, hour.everybody, hour.living.acts, hour.refused)
        found.complaints += hour.fleet.complaints
        found.facts.insert(0, hour.told)
        await hour.database.close()
        return found


async def _prepared(plan: Plan, until_the_end: AsyncExitStack) -> Hour:
    folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(dir=memory_folder())))
    random = Random(plan.seed)  # noqa: S311 (chance, not secrecy)
    server, url = await asyncio.to_thread(_place, plan.engine, folder)
    if server is not None:
        until_the_end.push(server.__exit__)
    clock, database = Clockwork.in_folder(folder), Database(url)
    await upgrade(database)
    sandbox = Sandbox(now=clock.now)
    span = timedelta(minutes=plan.minutes) * PACE_OF_TIME
    everybody = population(plan.people, begins=clock.now(), ends=clock.now() + span)
    _say(f"{plan.engine}: {plan.people:,} people move in, seed {plan.seed}")
    lively = await settle_in(everybody, sandbox, database, random)
    address = await until_the_end.enter_async_context(sandbox.serving())
    wire = await until_the_end.enter_async_context(wire_to(int(address.rpartition(":")[2])))
    fleet = Fleet(wire.address, sandbox.token, url, folder, clock.path, plan.rate, until_the_end)
    every, still = 60 * plan.minutes / TROUBLES, min(60, 10 * plan.minutes)
    troubles = Troubles(sandbox, wire, fleet, random, server, every, ROUND_TRIP_MS, still)
    troubles.end()
    for _ in range(plan.processes):
        await fleet.start()
    living, operator = Living(sandbox, lively, random, plan.acts_a_second), Operator(sandbox, database)
    return Hour(plan, sandbox, clock, database, fleet, troubles, living, operator, everybody)


def _place(engine: str, folder: Path) -> tuple[PostgresServer | None, str]:
    """Return the server, where there is one, and the URL of an empty database."""
    if engine == "sqlite":
        return None, f"sqlite:///{folder / 'tipbot.db'}"
    server = PostgresServer()
    server.prepare()
    server.start(KEEPS_ITS_WORD)
    return server, create_database(server.url, "tipbot")


async def _after(seconds: float, event: asyncio.Event) -> None:
    await asyncio.sleep(seconds)
    event.set()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
