"""What time it is, and the ticks; the only place that asks the machine, and the only one that knows APScheduler."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

Tick = Callable[[], Awaitable[None]]


class Clock:
    """Tells the time in UTC. A demo may move it forward, never back."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

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

    def every(self, interval: timedelta, tick: Tick) -> None:
        """Call `tick` each interval: never two of the same at once, and after a stall once instead of many times.

        Without `misfire_grace_time=None` a stall of a second would silently drop a tick.
        """
        self._scheduler.add_job(
            tick,
            IntervalTrigger(seconds=interval.total_seconds(), timezone=UTC),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop; a tick that runs is left to finish."""
        self._scheduler.shutdown(wait=False)
