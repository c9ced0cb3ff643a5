"""What became of a broadcast: the list of all, the report of one, and every recipient line by line."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tipbot.domain.broadcasts import Broadcast, BroadcastStatus, Tally
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.operators import Right
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.broadcast_deliveries import Line
from tipbot.storage.database import Database
from tipbot.usecases.staffing import allowed
from tipbot.usecases.standing import taken_back_from, tally_of, there

# Who leaves within a day of a message may have left because of it.
STOPS_WITHIN = timedelta(days=1)
LINES_AT_ONCE = 2_000
_ENDED = (BroadcastStatus.DONE, BroadcastStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Report:
    """The numbers of one broadcast.

    `passed_over` are those who did not want it any more when their turn came, `erased` those of whom nothing is
    known any more, `never` those it had not come to when it was cancelled. `stops` are those who left within a day;
    `is_final` says that this day is over. `presses` is None where nothing is counted. From `taken_back` chats it
    was deleted afterwards.
    """

    broadcast: Broadcast
    tally: Tally
    reasons: Mapping[str, int] = field(default_factory=dict)
    cancelled: int = 0
    passed_over: int = 0
    erased: int = 0
    never: int = 0
    to_come: int = 0
    stops: int = 0
    is_final: bool = False
    has_details: bool = True
    presses: int | None = None
    taken_back: int = 0

    @property
    def reached(self) -> int:
        """How many have it."""
        return self.tally.of(DeliveryStatus.SENT)

    @property
    def took(self) -> timedelta | None:
        """How long it took from the first to the last, or None while it goes on."""
        began, ended = self.broadcast.started_at, self.broadcast.finished_at
        return None if began is None or ended is None else ended - began


class Reports:
    """Shows what became of broadcasts; raises NotAnOperator or NotAllowed, and NoSuchBroadcast."""

    def __init__(self, database: Database, *, counts_presses: bool) -> None:
        self._database = database
        self._counts_presses = counts_presses

    async def latest(self, *, most: int, offset: int = 0, operator: int) -> list[Broadcast]:
        """Return broadcasts and drafts, the one that was changed last first."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEE)
            return await books.broadcasts.listed(most, offset=offset)

    async def report(self, number: int, *, operator: int, now: datetime) -> Report:
        """Return the numbers of a broadcast as they are at this moment."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEE)
            broadcast = there(await books.broadcasts.find(number))
            presses = await books.link_presses.of_broadcast(number) if self._counts_presses else None
            taken_back = await taken_back_from(books, number)
            return replace(await _report(books, broadcast, now), presses=presses, taken_back=taken_back)

    async def lines(self, number: int, *, operator: int, now: datetime) -> AsyncGenerator[list[Line]]:
        """Yield what became of each recipient, some thousands at a time; that they were taken out is audited."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            there(await books.broadcasts.find(number))
            await books.audit.note(Deed(operator, "broadcast-export", str(number), now))
        after = 0
        while True:
            async with self._database.reading() as books:
                batch = await books.broadcast_deliveries.lines(number, after=after, most=LINES_AT_ONCE)
            if not batch:
                return
            yield [line for _, line in batch]
            after = batch[-1][0]

    async def freeze_stops(self, *, now: datetime) -> int:
        """Write down how many left within a day of a broadcast, once that day is over; return of how many."""
        async with self._database.reading() as books:
            numbers = await books.broadcasts.without_stops(finished_before=now - STOPS_WITHIN)
        for number in numbers:
            async with self._database.writing() as books:
                broadcast = await books.broadcasts.take(number)
                if broadcast is not None and broadcast.finished_at is not None:
                    await books.broadcasts.save(replace(broadcast, stops=await _stops(books, broadcast, now)))
        return len(numbers)


async def _report(books: Books, broadcast: Broadcast, now: datetime) -> Report:
    tally, number = await tally_of(books, broadcast), broadcast.id
    stops = await _stops(books, broadcast, now) if broadcast.stops is None else broadcast.stops
    is_final = broadcast.finished_at is not None and now - broadcast.finished_at > STOPS_WITHIN
    if not await books.recipients.are_kept(number):
        cancelled = tally.of(DeliveryStatus.CANCELLED)
        return Report(broadcast, tally, cancelled=cancelled, stops=stops, is_final=is_final, has_details=False)
    unwelcome = await books.broadcast_deliveries.unwelcome(number)
    passed_over = await books.broadcast_deliveries.passed_over(number)
    kept = await books.recipients.kept(number)
    rest = kept - sum(tally.counts.values()) - passed_over
    waiting = tally.of(DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.HELD)
    has_ended = broadcast.status in _ENDED
    return Report(
        broadcast,
        tally,
        reasons=await books.broadcast_deliveries.reasons(number),
        cancelled=tally.of(DeliveryStatus.CANCELLED) - unwelcome,
        passed_over=passed_over + unwelcome,
        erased=max(tally.people - kept, 0),
        never=max(rest, 0) if has_ended else 0,
        to_come=waiting + (0 if has_ended else max(rest, 0)),
        stops=stops,
        is_final=is_final,
    )


async def _stops(books: Books, broadcast: Broadcast, now: datetime) -> int:
    return await books.broadcast_deliveries.stops(broadcast.id, within=STOPS_WITHIN, until=now)
