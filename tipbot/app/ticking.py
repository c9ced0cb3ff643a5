"""What happens again and again: planning, counting, tidying up; and how well all of it goes."""

import asyncio
from datetime import timedelta

from tipbot.app.house import House
from tipbot.clock import Ticks
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.backlog import measure_backlog
from tipbot.usecases.courier import Courier
from tipbot.usecases.housekeeping import Housekeeping
from tipbot.usecases.notes import say_farewell
from tipbot.usecases.planning import PlanDue
from tipbot.usecases.retention import Retention

log = get_logger(__name__)

PLAN_EVERY = timedelta(seconds=1)
COUNT_EVERY = timedelta(seconds=1)
TIDY_EVERY = timedelta(hours=1)


def ticks_of(house: House, courier: Courier, stop: asyncio.Event) -> Ticks:
    """Return what ticks in every process until a stop; while the database is away a tick is left out."""
    planner = PlanDue(house.database, house.library, max_lateness=house.settings.max_lateness)
    housekeeping, retention = Housekeeping(house.database), Retention(house.database, warn=say_farewell)

    async def plan() -> None:
        try:
            done = await planner.tick(now=house.clock.now(), should_stop=stop.is_set)
        except StorageUnavailable as outage:
            log.warning("planning_waits_for_database", reason=str(outage))
            return
        if done.planned:
            courier.wake()
        if done.planned or done.expired or done.unknown:
            log.info("planned", planned=done.planned, expired=done.expired, unknown=done.unknown)

    async def tidy() -> None:
        try:
            await housekeeping.tidy(now=house.clock.now(), should_stop=stop.is_set)
            warned, forgotten = await retention.tidy(now=house.clock.now(), should_stop=stop.is_set)
        except StorageUnavailable as outage:
            log.warning("housekeeping_waits_for_database", reason=str(outage))
            return
        if warned or forgotten:
            log.info("retention", warned=warned, forgotten=forgotten)

    ticks = Ticks()
    ticks.every(PLAN_EVERY, plan)
    ticks.every(TIDY_EVERY, tidy)
    ticks.every(COUNT_EVERY, house.presses.write)
    return ticks


async def health(house: House) -> dict[str, object]:
    """Say whether the database answers, since when the oldest delivery waits, and how long the backlog takes."""
    now = house.clock.now()
    try:
        async with house.database.reading() as books:
            backlog = await measure_backlog(books, ceiling=house.settings.bulk_rate, now=now)
    except StorageUnavailable as outage:
        return {"ok": False, "reason": str(outage)}
    return {
        "ok": True,
        "oldest_due_seconds": round(backlog.oldest.total_seconds(), 1),
        "waiting": backlog.waiting,
        "seconds_to_finish": round(backlog.takes.total_seconds(), 1),
    }
