"""The tick: what fell due becomes deliveries, in batches, each one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tipbot.domain.planning import Planned, plan
from tipbot.domain.subscribers import Slot, Status, Subscriber
from tipbot.storage.database import Database
from tipbot.usecases.library import Library

BATCH = 500


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick did."""

    planned: int
    expired: int
    unknown: int


class PlanDue:
    """Plans everything that is due. Any number of processes may do it at once, and any of them may die in it."""

    def __init__(self, database: Database, library: Library, *, max_lateness: timedelta) -> None:
        self._database = database
        self._library = library
        self._max_lateness = max_lateness

    async def tick(self, *, now: datetime) -> Tick:
        """Plan what is due, expire what waited too long, and call claims unknown whose sender was lost."""
        async with self._database.writing() as books:
            unknown = await books.outbox.give_up_leases(now=now)
            expired = await books.outbox.expire(now=now)
        planned = 0
        while batch := await self.plan_batch(now=now):
            planned += batch
            if batch < BATCH:
                break
        return Tick(planned, expired, unknown)

    async def plan_batch(self, *, now: datetime) -> int:
        """Plan at most one batch; return how many standing orders it moved on.

        Deliveries and the orders' next moments are written in one transaction: after a crash both are there or
        neither is, and the unique key of a delivery makes planning it again harmless.
        """
        async with self._database.writing() as books:
            due = await books.slots.due(now=now, most=BATCH)
            # A paused subscriber's orders fall due only after the pause is over: this is what ends it.
            paused = {one.chat_id for one, _ in due if one.status is Status.PAUSED}
            await books.subscribers.wake(paused, now=now)
            planned = [self._plan(subscriber, slot, now) for subscriber, slot in due]
            await books.outbox.add([one.delivery for one in planned], now=now)
            await books.slots.save([one.slot for one in planned])
            return len(due)

    def _plan(self, subscriber: Subscriber, slot: Slot, now: datetime) -> Planned:
        deck = self._library.deck(subscriber.language, slot.kind)
        return plan(subscriber, slot, deck, now=now, max_lateness=self._max_lateness)
