"""Noticing that messages do not get through in time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tipbot.domain.alarms import Alarm, DeliveriesLate
from tipbot.logs import get_logger
from tipbot.storage.database import Database

log = get_logger(__name__)

LATE_AFTER = timedelta(minutes=10)


class WatchLateness:
    """Rings when the oldest delivery that could go out has waited for 10 minutes, and says when that is over.

    A pause that Telegram asked for is no lateness: meanwhile nothing is judged. Neither is a broadcast that an
    operator holds back, because its deliveries do not wait in the queue.
    """

    def __init__(self, database: Database, *, alarm: Callable[[Alarm], None], over: Callable[[str], None]) -> None:
        self._database = database
        self._alarm = alarm
        self._over = over

    async def tick(self, *, now: datetime) -> None:
        """Look once; what only waits because the clock was wrong for a while goes at once."""
        async with self._database.writing() as books:
            hastened = await books.outbox.hasten(now=now)
        if hastened:
            log.info("clock_was_put_back", hastened=hastened)
        async with self._database.reading() as books:
            pace = await books.pace.look()
            since = await books.outbox.stuck_since(now=now)
        if pace is not None and pace.stopped_until is not None and pace.stopped_until > now:
            return
        if since is not None and now - since >= LATE_AFTER:
            self._alarm(DeliveriesLate(since))
        else:
            self._over(DeliveriesLate.cause)
