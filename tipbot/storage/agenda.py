"""Whether there is anything to do at a moment, asked in one statement: most ticks find nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.columns import UtcDateTime
from tipbot.storage.schema import broadcasts, is_queued, is_sending, outbox, slots, waves


@dataclass(frozen=True, slots=True)
class ToDo:
    """What waits to be done: orders to plan, claims whose lease ran out, deliveries that are too late."""

    orders: bool
    leases: bool
    late: bool


class Agenda:
    """The pages that a tick looks at, each through its own partial index."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def at(self, now: datetime) -> ToDo:
        """Return what there is to do at this moment (UTC)."""
        return ToDo(*map(bool, (await self._connection.execute(_TO_DO, {"now": now})).one()))

    async def next_broadcast(self, *, after: datetime | None = None) -> datetime | None:
        """Return when a broadcast, or the next zone of one, is due to go out (UTC); None when nothing is planned.

        A moment that has passed means that one is going out now; `after` leaves such moments out.
        """
        begins = select(func.min(broadcasts.c.starts_at)).where(broadcasts.c.status == "scheduled")
        joined = waves.join(broadcasts, broadcasts.c.id == waves.c.broadcast_id)
        goes_on = select(func.min(waves.c.due_at)).select_from(joined).where(broadcasts.c.status == "sending")
        goes_on = goes_on.where(waves.c.released < waves.c.people)
        if after is not None:
            begins, goes_on = begins.where(broadcasts.c.starts_at > after), goes_on.where(waves.c.due_at > after)
        moments = [await self._connection.scalar(one) for one in (begins, goes_on)]
        return min((moment for moment in moments if moment is not None), default=None)


_now = bindparam("now", type_=UtcDateTime)
# Made once, because every tick asks it.
_TO_DO = select(
    exists().where(slots.c.next_at.is_not(None), slots.c.next_at <= _now),
    exists().where(is_sending, outbox.c.lease_until <= _now),
    exists().where(is_queued, outbox.c.not_after < _now),
)
