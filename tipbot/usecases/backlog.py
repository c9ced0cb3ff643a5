"""How much is waiting to be sent, and how long that takes at the pace that Telegram allows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tipbot.domain.pace import Pace
from tipbot.storage.books import Books


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many deliveries wait, since when the oldest is due, and how long all of them take from now."""

    waiting: int
    oldest: timedelta
    takes: timedelta


async def measure_backlog(books: Books, *, ceiling: float, now: datetime) -> Backlog:
    """Return the backlog as it stands; `ceiling` is the configured rate in messages a second."""
    waiting = await books.outbox.waiting(now=now)
    oldest = await books.outbox.oldest_due(now=now)
    pace = await books.pace.look() or Pace(rate=ceiling, next_slot_at=now, changed_at=now)
    return Backlog(
        waiting=waiting,
        oldest=timedelta(0) if oldest is None else now - oldest,
        takes=pace.time_for(waiting, now=now),
    )
