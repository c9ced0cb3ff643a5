"""Forgetting who went away; settled deliveries are tidied up elsewhere (housekeeping)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from tipbot.domain.statistics import Step
from tipbot.domain.subscribers import Subscriber
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.planning import ShouldStop, never
from tipbot.usecases.tallying import count_step

# Subscribers in one transaction: each may have some sixty deliveries, and nobody else shall wait long.
FORGET_AT_ONCE = 100

# Brings these people the word that they will be forgotten, by writing to the outbox within the transaction.
Warn = Callable[[Books, Sequence[Subscriber], datetime], Awaitable[None]]


class Retention:
    """Forgets who does not come any more, as domain/retention.py has it; safe to repeat and to do in two processes.

    Without `warn` nobody is told, and so nobody is forgotten for silence alone.
    """

    def __init__(self, database: Database, *, warn: Warn | None = None) -> None:
        self._database = database
        self._warn = warn

    async def tidy(self, *, now: datetime, should_stop: ShouldStop = never) -> tuple[int, int]:
        """Tell the silent, forget the overdue; return how many were told and how many forgotten.

        Between two batches it asks whether to stop: the rest can wait for the next time.
        """
        return await self.warn(now=now, should_stop=should_stop), await self.forget(
            now=now, should_stop=should_stop
        )

    async def forget(self, *, now: datetime, should_stop: ShouldStop = never) -> int:
        """Erase everybody whose time is over, in batches, each one transaction."""
        forgotten = 0
        while not should_stop():
            async with self._database.writing() as books:
                overdue = await books.departures.overdue(now=now, most=FORGET_AT_ONCE)
                if overdue:
                    count_step(books, Step.ERASED, now=now, times=await books.departures.still_with_us(overdue))
                    await books.personal.erase(overdue)
            if not overdue:
                break
            forgotten += len(overdue)
        return forgotten

    async def to_be_warned(self, *, now: datetime, most: int = FORGET_AT_ONCE) -> list[Subscriber]:
        """Return some of those who have been silent for a year and were not told yet."""
        async with self._database.reading() as books:
            return await books.departures.silent(now=now, most=most)

    async def warn(self, *, now: datetime, should_stop: ShouldStop = never) -> int:
        """Tell everybody once who has been silent for a year: the word and the mark are one transaction."""
        warned = 0
        while self._warn is not None and not should_stop():
            async with self._database.writing() as books:
                silent = await books.departures.silent(now=now, most=FORGET_AT_ONCE)
                if silent:
                    await self._warn(books, silent, now)
                    await books.departures.note_warned([one.chat_id for one in silent], now=now)
            if not silent:
                break
            warned += len(silent)
        return warned
