"""What a piece of work costs: time, CPU, the longest moment in which the event loop did nothing else."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tipbot.storage.books import Books
from tipbot.storage.database import Database


@dataclass
class Cost:
    """Seconds; `blocked` is the longest time between two turns of the event loop, `blocked_cpu` the CPU in it."""

    wall: float = 0
    cpu: float = 0
    blocked: float = 0
    blocked_cpu: float = 0


@asynccontextmanager
async def measured() -> AsyncIterator[Cost]:
    """Fill in what the work within costs."""
    cost = Cost()
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(_watch(cost))
        await asyncio.sleep(0.01)
        cost.blocked = cost.blocked_cpu = 0
        began, cpu = time.perf_counter(), _cpu()
        yield cost
        cost.wall, cost.cpu = time.perf_counter() - began, _cpu() - cpu
        watching.cancel()


async def _watch(cost: Cost) -> None:
    last, last_cpu = time.perf_counter(), time.thread_time()
    while True:
        await asyncio.sleep(0.001)
        now, cpu = time.perf_counter(), time.thread_time()
        cost.blocked, cost.blocked_cpu = max(cost.blocked, now - last), max(cost.blocked_cpu, cpu - last_cpu)
        last, last_cpu = now, cpu


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@dataclass
class Locks:
    """How long each writing transaction kept others out, in seconds."""

    held: list[float] = field(default_factory=list)


class WatchedDatabase(Database):
    """A database that notes how long its writing transactions take, from their begin to the end of the commit."""

    locks = Locks()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Books]:
        async with super().writing() as books:
            began = time.perf_counter()
            yield books
        self.locks.held.append(time.perf_counter() - began)
