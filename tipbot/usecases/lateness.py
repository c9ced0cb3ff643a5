"""Noticing that messages do not get through in time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tipbot.domain.alarms import Alarm, DeliveriesLate
from tipbot.storage.database import Database

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
        """Look once."""
        async with self._database.reading() as books:
            pace = await books.pace.look()
            since = await books.outbox.stuck_since(now=now)
        if pace is not None and pace.stopped_until is not None and pace.stopped_until > now:
            return
        if since is not None and now - since >= LATE_AFTER:
            self._alarm(DeliveriesLate(since))
        else:
            self._over(DeliveriesLate.cause)
