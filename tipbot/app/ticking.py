"""What happens again and again: planning, counting, tidying up; and how well all of it goes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from tipbot.app.house import House
from tipbot.bot.progress_messages import ProgressMessages
from tipbot.clock import Ticks
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.alarms import Alarms
from tipbot.usecases.backlog import measure_backlog
from tipbot.usecases.courier import Courier
from tipbot.usecases.housekeeping import Housekeeping
from tipbot.usecases.lateness import WatchLateness
from tipbot.usecases.notes import say_farewell
from tipbot.usecases.planning import PlanDue
from tipbot.usecases.reporting import Reports
from tipbot.usecases.restoring import WatchRecord
from tipbot.usecases.retention import Retention
from tipbot.usecases.reviews import ListReviews, Staffroom
from tipbot.usecases.sending import Rules, SendBroadcasts
from tipbot.usecases.summarising import SummariseWeeks, SummaryLine

log = get_logger(__name__)

PLAN_EVERY = timedelta(seconds=1)
BROADCAST_EVERY = timedelta(seconds=1)
# More often than a message is changed, so that the end of a broadcast is seen soon.
SHOW_EVERY = timedelta(seconds=1)
COUNT_EVERY = timedelta(seconds=1)
# What goes out within this time before a crash may go out again from a backup that was made in it.
BEAT_EVERY = timedelta(seconds=5)
WATCH_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)
NOTICE_EVERY = timedelta(seconds=2)
LIST_EVERY = timedelta(minutes=1)
SUMMARISE_EVERY = timedelta(minutes=1)


class Lines(Protocol):
    """What reaches operators."""

    def progress_messages(self) -> ProgressMessages:
        """Keep the messages up to date that show how broadcasts go."""
        ...

    @property
    def operators(self) -> Staffroom:
        """Brings words."""
        ...

    @property
    def summaries(self) -> SummaryLine:
        """Brings the week in numbers."""
        ...


def ticks_of(
    house: House,
    courier: Courier,
    alarms: Alarms,
    lines: Lines,
    stop: asyncio.Event,
    *,
    broadcast_goes: asyncio.Event,
) -> Ticks:
    """Return what ticks in every process until a stop; while the database is away a tick is left out.

    Whoever sets `broadcast_goes` has broadcasts looked after at once.
    """
    rounds = Rounds(house, courier, alarms, lines.progress_messages(), stop)
    upkeep = Upkeep(house, alarms, lines.operators)
    ticks = Ticks()
    ticks.every(PLAN_EVERY, unless_away(rounds.plan))
    ticks.every(BROADCAST_EVERY, unless_away(rounds.send_broadcasts), bell=broadcast_goes)
    weeks = SummariseWeeks(house.database, lines.summaries, zone=house.settings.timezone)
    ticks.every(SUMMARISE_EVERY, unless_away(lambda: weeks.tick(now=house.clock.now())))
    ticks.every(WATCH_EVERY, unless_away(rounds.watch_lateness))
    ticks.every(TIDY_EVERY, unless_away(rounds.tidy))
    ticks.every(NOTICE_EVERY, unless_away(upkeep.notice))
    ticks.every(LIST_EVERY, unless_away(upkeep.list_reviews))
    ticks.every(TIDY_EVERY, unless_away(upkeep.tidy))
    ticks.every(SHOW_EVERY, unless_away(rounds.show_progress))
    ticks.every(COUNT_EVERY, house.presses.write)
    ticks.every(COUNT_EVERY, house.check_counts.write)
    return ticks


def beats_of(house: House, record: WatchRecord, stop: asyncio.Event) -> Ticks:
    """Return what keeps the heart of the database beating, in every process; it waits for a disk."""

    async def beat() -> None:
        await record.beat(now=house.clock.now(), should_stop=stop.is_set)

    ticks = Ticks()
    ticks.every(BEAT_EVERY, unless_away(beat))
    return ticks


def unless_away(work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
    """Return work that is left out while the database is away."""

    async def tick() -> None:
        try:
            await work()
        except StorageUnavailable as outage:
            log.warning("tick_waits_for_database", work=getattr(work, "__name__", ""), reason=str(outage))

    return tick


class Rounds:
    """What every process does again and again; each raises StorageUnavailable, and goes on at the next tick."""

    def __init__(
        self, house: House, courier: Courier, alarms: Alarms, progress: ProgressMessages, stop: asyncio.Event
    ) -> None:
        database, settings = house.database, house.settings
        self._progress = progress
        self._reports = Reports(database, counts_presses=settings.public_url is not None)
        self._now, self._should_stop, self._courier = house.clock.now, stop.is_set, courier
        self._planner = PlanDue(database, house.library, max_lateness=settings.max_lateness)
        rules = Rules(settings.quiet_hours, settings.max_lateness, settings.bulk_rate)
        self._broadcasts = SendBroadcasts(database, rules, alarm=alarms.ring)
        self._lateness = WatchLateness(database, alarm=alarms.ring, over=alarms.over)
        self._housekeeping = Housekeeping(database)
        self._retention = Retention(database, warn=say_farewell)

    async def plan(self) -> None:
        """Plan what is due."""
        done = await self._planner.tick(now=self._now(), should_stop=self._should_stop)
        if done.planned:
            self._courier.wake()
        if done.planned or done.expired or done.unknown:
            log.info("planned", planned=done.planned, expired=done.expired, unknown=done.unknown)

    async def send_broadcasts(self) -> None:
        """Bring broadcasts on their way."""
        if await self._broadcasts.tick(now=self._now(), should_stop=self._should_stop):
            self._courier.wake()

    async def watch_lateness(self) -> None:
        """Tell operators when messages do not get through in time."""
        await self._lateness.tick(now=self._now())

    async def show_progress(self) -> None:
        """Stop broadcasts that go wrong, and show operators how all of them go."""
        await self._progress.tick(lambda number: self._broadcasts.watch(number, now=self._now()))

    async def tidy(self) -> None:
        """Keep the record small and right."""
        await self._reports.freeze_stops(now=self._now())
        await self._housekeeping.tidy(now=self._now(), should_stop=self._should_stop)
        warned, forgotten = await self._retention.tidy(now=self._now(), should_stop=self._should_stop)
        if warned or forgotten:
            log.info("retention", warned=warned, forgotten=forgotten)


class Upkeep:
    """What every process does again and again so that its content is that of all; raises StorageUnavailable."""

    def __init__(self, house: House, alarms: Alarms, staffroom: Staffroom) -> None:
        self._now, self._alarms, self._staffroom = house.clock.now, alarms, staffroom
        self._reload, self._retire = house.reload, house.retire
        self._list = ListReviews(house.database, house.library, zone=house.settings.timezone)

    async def notice(self) -> None:
        """Follow what operators changed through another process."""
        await self._retire.notice(now=self._now())
        await self._reload.notice(self._alarms.ring, now=self._now())

    async def list_reviews(self) -> None:
        """Tell operators once a week what a clinician has to look at."""
        await self._list.tick(self._staffroom, now=self._now())

    async def tidy(self) -> None:
        """Forget retired items that are no more."""
        await self._retire.tidy(now=self._now())


async def health(house: House, *, token_refused_since: datetime | None = None) -> dict[str, object]:
    """Say whether the database answers, since when the oldest delivery waits, and how long the backlog takes.

    A token that Telegram refuses (since when, in UTC) is as bad as no database: nobody gets anything.
    """
    now = house.clock.now()
    try:
        async with house.database.reading() as books:
            backlog = await measure_backlog(books, ceiling=house.settings.bulk_rate, now=now)
    except StorageUnavailable as outage:
        return {"ok": False, "reason": str(outage)}
    refused = (
        {}
        if token_refused_since is None
        else {"reason": f"the token is refused since {token_refused_since:%Y-%m-%d %H:%M} UTC"}
    )
    return {
        "ok": token_refused_since is None,
        **refused,
        "oldest_due_seconds": round(backlog.oldest.total_seconds(), 1),
        "waiting": backlog.waiting,
        "seconds_to_finish": round(backlog.takes.total_seconds(), 1),
    }
