"""What goes wrong meanwhile, one thing after another, in an order and at moments that the seed decides."""

import asyncio
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from random import Random

from tests.faults.wire import Cut, Wire
from tests.postgres import PostgresServer
from tests.soak.fleet import Fleet, One
from tipbot.sandbox import NO_LIMITS, Limits, Sandbox
from tipbot.sandbox.faults import Kind

SERVER_FAULTS = (Kind.SERVER_ERROR, Kind.BAD_GATEWAY, Kind.BAD_GATEWAY_AFTER)
# The tests' own server may lose the last half second of what was committed; this one may not.
KEEPS_ITS_WORD = "-c synchronous_commit=on"


@dataclass
class Troubles:
    """Strikes again and again until the end; `struck` counts how often by name."""

    sandbox: Sandbox
    wire: Wire
    fleet: Fleet
    random: Random
    server: PostgresServer | None
    every_seconds: float
    round_trip_ms: int
    standstill_seconds: float = 60
    calm: asyncio.Lock = field(default_factory=asyncio.Lock)
    struck: Counter[str] = field(default_factory=Counter)

    async def run(self, stop: asyncio.Event, tasks: asyncio.TaskGroup) -> None:
        """Let one trouble follow another, in an order of chance, each as often as the others."""
        order: list[str] = []
        troubles = self._troubles(tasks)
        while not stop.is_set():
            await asyncio.sleep(self.random.uniform(0.5, 1.5) * self.every_seconds)
            order = order or self.random.sample(sorted(troubles), len(troubles))
            name = order.pop()
            async with self.calm:
                self.struck[name] += 1
                await troubles[name]()

    def _troubles(self, tasks: asyncio.TaskGroup) -> dict[str, Callable[[], Awaitable[None]]]:
        both: dict[str, Callable[[], Awaitable[None]]] = {
            "kill -9": lambda: self.fleet.killed(self.random),
            "kill -9 again": lambda: self.fleet.killed(self.random),
            "SIGTERM": lambda: self.fleet.stopped(self.random),
            "connections cut": self._cut,
            "answers of 5xx": self._server_faults,
            "storm of 429": self._storm,
            "a stricter limit": self._limit,
            "Telegram unreachable": self._unreachable,
        }
        if self.server is None:
            return both | {"the file locked by another": self._locked}
        return both | {"the server restarted": self._restarted, "a process frozen": lambda: self._frozen(tasks)}

    def end(self) -> None:
        """Let everything be well again."""
        self.sandbox.limit(NO_LIMITS)
        self.sandbox.faults.clear()
        self.sandbox.faults.latency_ms = self.round_trip_ms
        self.wire.strikes = lambda: None

    async def _cut(self) -> None:
        share = self.random.uniform(0.01, 0.05)
        self.wire.strikes = lambda: self.random.choice(list(Cut)) if self.random.random() < share else None
        await asyncio.sleep(self.random.uniform(1, 4))
        self.end()

    async def _server_faults(self) -> None:
        for kind in SERVER_FAULTS:
            self.sandbox.faults.add(kind, "sendMessage", times=10, every=self.random.randint(5, 30))
        await asyncio.sleep(self.random.uniform(1, 4))
        self.end()

    async def _storm(self) -> None:
        wait = self.random.randint(1, 5)
        self.sandbox.faults.add(Kind.TOO_MANY_REQUESTS, "sendMessage", times=5, every=10, retry_after=wait)
        await asyncio.sleep(self.random.uniform(1, 4))
        self.end()

    async def _limit(self) -> None:
        self.sandbox.limit(Limits(paid_per_second=max(1, self.fleet.rate // 2), penalty=2))
        await asyncio.sleep(self.random.uniform(2, 5))
        self.end()

    async def _unreachable(self) -> None:
        await self.wire.down()
        await asyncio.sleep(self.random.uniform(2, 6))
        await self.wire.up()

    async def _locked(self) -> None:
        await asyncio.to_thread(_hold, self.fleet.url.removeprefix("sqlite:///"), self.random.uniform(0.5, 3))

    async def _restarted(self) -> None:
        if self.server is not None:
            await asyncio.to_thread(self.server.stop, self.random.choice(["immediate", "fast"]))
            await asyncio.sleep(self.random.uniform(0.5, 3))
            await asyncio.to_thread(self.server.start, KEEPS_ITS_WORD)

    async def _frozen(self, tasks: asyncio.TaskGroup) -> None:
        """One process stands still, and wakes up when others have gone on; meanwhile other things go wrong."""
        awake = [one for one in self.fleet.running if not one.is_frozen]
        if len(awake) == len(self.fleet.running):
            tasks.create_task(self._standstill(self.random.choice(awake)))

    async def _standstill(self, one: One) -> None:
        one.is_frozen = True
        one.process.signal(signal.SIGSTOP)
        await asyncio.sleep(self.standstill_seconds)
        one.process.signal(signal.SIGCONT)
        one.is_frozen = False


def _hold(path: str, seconds: float) -> None:
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
