"""What time it is, and the ticks; the only place that asks the machine, and the only one that knows APScheduler."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from tipbot.logs import get_logger

log = get_logger(__name__)

Tick = Callable[[], Awaitable[object]]

# How soon it is noticed that the machine's clock was put back or is right again.
LOOK_AT_CLOCK_EVERY = timedelta(seconds=1)


class Clock:
    """Tells the time in UTC. A demo may begin at another moment, and move it forward, never back."""

    def __init__(self, begins: datetime | None = None) -> None:
        self._ahead = timedelta(0)
        if begins is not None:
            self._ahead = begins - self.now()

    def now(self) -> datetime:
        """Return the moment it is."""
        return datetime.now(UTC) + self._ahead  # noqa: TID251 (this is the one place)

    def move_to(self, moment: datetime) -> None:
        """Move on to a later moment. Raises ValueError for an earlier one: people's messages have gone out."""
        step = moment - self.now()
        if step < timedelta(0):
            raise ValueError("the clock does not run backwards")
        self._ahead += step


class Ticks:
    """Calls something again and again while everything else runs."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._bells: list[tuple[asyncio.Event, Tick]] = []

    def every(self, interval: timedelta, tick: Tick, *, bell: asyncio.Event | None = None) -> None:
        """Call `tick` each interval: never two of the same at once, and after a stall once instead of many times.

        Whoever sets the `bell` calls it in between.

        The scheduler only rings a bell: work of its own it would cancel in the middle when it stops. Without
        `misfire_grace_time=None` a stall of a second would silently drop a tick.
        """
        bell = bell or asyncio.Event()
        self._bells.append((bell, tick))
        self._scheduler.add_job(
            _ring, _Every(interval), args=(bell,), misfire_grace_time=None, coalesce=True, max_instances=1
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Tick until `stop` is set; what runs at that moment is left to finish."""
        self._scheduler.start()
        async with asyncio.TaskGroup() as tasks:
            for bell, tick in self._bells:
                tasks.create_task(_answer(bell, tick, stop))
            while not await _is_set_within(LOOK_AT_CLOCK_EVERY, stop):
                self._go_by_the_clock(Clock().now())
            self._scheduler.shutdown(wait=False)
            for bell, _ in self._bells:
                bell.set()

    def _go_by_the_clock(self, now: datetime) -> None:
        """Ring at once what waits for longer than its interval, and what is due already.

        The scheduler waits for a moment of the machine's clock: after one that was put back an hour it would be
        silent for an hour, and so it would after one that was wrong only while it reckoned how long to wait.
        """
        for job in self._scheduler.get_jobs():
            if job.next_run_time > now + job.trigger.interval:
                job.modify(next_run_time=now)
        self._scheduler.wakeup()


class _Every(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 has no types
    """Fires at each interval, and leaves out what was missed, where IntervalTrigger goes through every second."""

    def __init__(self, interval: timedelta) -> None:
        self.interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next moment."""
        following = (previous_fire_time or now) + self.interval
        return following if following > now else now + self.interval


async def _is_set_within(time: timedelta, stop: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(time.total_seconds()):
            await stop.wait()
    return stop.is_set()


async def _ring(bell: asyncio.Event) -> None:
    bell.set()


async def _answer(bell: asyncio.Event, tick: Tick, stop: asyncio.Event) -> None:
    while True:
        await bell.wait()
        bell.clear()
        if stop.is_set():
            return
        try:
            await tick()
        except Exception:  # a fault in one tick must not end the others, nor the next of its own
            log.exception("tick_failed")
