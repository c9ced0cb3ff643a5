"""Noticing that the database went back in time, and keeping what went out meanwhile from going out again."""

import asyncio
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tipbot.domain.alarms import Alarm, DatabaseRestored
from tipbot.domain.broadcasts import BroadcastStatus
from tipbot.domain.content import ItemId
from tipbot.domain.delivery import DeliveryStatus, NewDelivery
from tipbot.domain.planning import due_after, passed_over, plan
from tipbot.domain.subscribers import Kind, Slot, Subscriber
from tipbot.domain.witness import IN_DOUBT, NOTHING_SEEN, Mark, Record, went_back
from tipbot.logs import get_logger
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.witness_file import WitnessFile
from tipbot.usecases.library import Library
from tipbot.usecases.planning import BATCH, PUT_OFF, Decks, ShouldStop, never
from tipbot.usecases.standing import pause_restored, put_back, there
from tipbot.usecases.sweeping import sweep

log = get_logger(__name__)

# How many waiting deliveries one transaction calls unknown.
DOUBT_AT_ONCE = 2_000
# No more broadcasts than these can have been begun since a backup; buttons below them carry their numbers.
NUMBERS_LEFT_OUT = 1_000
# Other processes that still run have seen a little more than this one did, and must not notice it once more.
BEATS_LEFT_OUT = 1_000_000
# For so long operators who could not be told are told again.
TOLD_WITHIN = timedelta(days=1)
# Nobody keeps a backup for longer; older dates that were missed leave no trace of their own.
MOST_DATES = 31


class WatchRecord:
    """Keeps the heart of a database beating, in it and beside it; compares the two at the start and at each beat.

    Each method raises StorageUnavailable, having changed nothing, and goes on where it ended the next time.
    """

    def __init__(
        self, database: Database, library: Library, *, alarm: Callable[[Alarm], None] = lambda _: None
    ) -> None:
        self._database = database
        self._library = library
        self._alarm = alarm
        self._file = WitnessFile(database)
        self._seen: Mark | None = None

    async def begin(self, *, now: datetime, should_stop: ShouldStop = never) -> bool:
        """Look whether the database is an older one than was served last; say whether it is.

        To be done before anything is planned, claimed or sent: afterwards nothing of what may have gone out since
        goes out again by itself. A database that was never served is none.
        """
        self._seen = await asyncio.to_thread(self._file.read)
        return await self.beat(now=now, should_stop=should_stop)

    async def beat(self, *, now: datetime, should_stop: ShouldStop = never) -> bool:
        """Note that the database is served at this moment; say whether it was found to have gone back."""
        async with self._database.writing() as books:
            before = await self._known(books, now)
            here = await books.witness.here()
            seen = self._seen if here is None else Mark(here, 0 if self._seen is None else self._seen.beats)
            record, is_older = _beaten(before, seen, now)
            if is_older:
                log.warning("database_restored", lost_since=_shown(record.lost_since))
                await _hold_everything(books, now)
            await books.witness.save(record)
        self._seen = record.mark
        if record.is_in_doubt:
            await self._pass_over(now, should_stop)
        await asyncio.to_thread(self._file.write, record.mark)
        if record.restored_at is not None and now - record.restored_at < TOLD_WITHIN:
            self._alarm(DatabaseRestored(record.restored_at, record.lost_since))
        return is_older

    async def _known(self, books: Books, now: datetime) -> Record:
        """Return what the database says of itself, as it stands before this beat."""
        record = await books.witness.look()
        if record is not None:
            return record
        place = await books.witness.here() or secrets.token_hex(8)
        # A file beside a database that was served, but not since it can say so, is newer than the database.
        if self._seen not in (None, NOTHING_SEEN) and await books.identity.owner() is None:
            self._seen = None
        if self._seen == NOTHING_SEEN:
            self._seen = Mark(place)
        await books.witness.begin(Record(Mark(place), now))
        record = await books.witness.look()
        return record or Record(Mark(place), now)

    async def _pass_over(self, now: datetime, should_stop: ShouldStop) -> None:
        """Deal with all that fell due in the time that is not known, in batches, one process after another."""
        async with self._database.reading() as books:
            swept = await books.broadcasts.swept()
        for number in swept:
            await sweep(self._database, number, now=now)
        while not should_stop():
            async with self._database.writing() as books:
                record = await books.witness.look()
                if record is None or record.restored_at is None or record.passed_at is not None:
                    return
                unknown = await books.outbox.doubt(now=record.restored_at, most=DOUBT_AT_ONCE)
                passed = 0 if unknown else await self._pass_over_some(books, record.restored_at)
                if unknown or passed:
                    log.warning("passed_over_after_restore", deliveries=unknown, orders=passed)
                if not unknown and passed < BATCH:
                    await books.witness.save(replace(record, passed_at=record.restored_at))

    async def _pass_over_some(self, books: Books, now: datetime) -> int:
        due = await books.slots.due(now=now, most=BATCH)
        left_out = await books.exclusions.of_many({one.chat_id for one, _ in due})
        decks = Decks(self._library)
        served = [_Served(one, slot, left_out.get(one.chat_id, ()), decks) for one, slot in due]
        outcomes = [one.until(now) for one in served]
        await books.outbox.add([delivery for deliveries, _ in outcomes for delivery in deliveries], now=now)
        await books.slots.move_on([slot for _, slot in outcomes])
        return len(due)


async def call_restored(database: Database) -> None:
    """Let the next beat, of any process, take this database for an older one, which it may not show by itself."""
    async with database.writing() as books:
        record = await books.witness.look()
        if record is not None:
            await books.witness.save(replace(record, mark=replace(record.mark, place=secrets.token_hex(8))))


def _beaten(before: Record, seen: Mark | None, now: datetime) -> tuple[Record, bool]:
    """Return the record after one more beat, and whether the database turned out to have gone back."""
    place, beats = before.mark.place, before.mark.beats
    beaten = replace(before, mark=Mark(place, beats + 1), beaten_at=now)
    if seen is None or not went_back(before.mark, seen):
        return beaten, False
    # Where this is says the server; beside a file it says nothing.
    place = seen.place if ":" in seen.place else place
    mark = Mark(place, max(beats, seen.beats) + BEATS_LEFT_OUT)
    since = before.beaten_at if beats else None
    return replace(beaten, mark=mark, restored_at=now, lost_since=since, passed_at=None), True


async def _hold_everything(books: Books, now: datetime) -> None:
    """Let nothing go out that stood in the older database as still to be sent."""
    for number in await books.broadcasts.at([BroadcastStatus.SENDING, BroadcastStatus.PAUSED]):
        await pause_restored(books, number, now=now)
    for number in await books.broadcasts.at([BroadcastStatus.SCHEDULED]):
        await put_back(books, there(await books.broadcasts.find(number, for_change=True)), now=now)
    await books.broadcasts.renew_drafts()
    await books.broadcasts.leave_out_numbers(NUMBERS_LEFT_OUT)


@dataclass(frozen=True, slots=True)
class _Served:
    """A standing order as it was probably served while nobody remembers."""

    subscriber: Subscriber
    slot: Slot
    left_out: Collection[ItemId]
    decks: Decks

    def until(self, now: datetime) -> tuple[list[NewDelivery], Slot]:
        """Return the deliveries of the dates up to `now`, all of them unknown, and the order moved on past it."""
        slot = self.slot
        deliveries: list[NewDelivery] = []
        for _ in range(MOST_DATES):
            if slot.next_at is None or slot.next_at > now:
                return deliveries, slot
            delivery, slot = self._next(slot, slot.next_at)
            deliveries += [delivery] if delivery is not None else []
        return deliveries, passed_over(self.subscriber, slot, now=now)

    def _next(self, slot: Slot, due: datetime) -> tuple[NewDelivery | None, Slot]:
        is_resting = self.subscriber.rests_stretches(due)
        if is_resting and slot.kind is Kind.STRETCH:
            return None, replace(slot, next_at=due_after(self.subscriber, slot, due))
        deck = self.decks.of(self.subscriber.language, slot.kind, is_neutral=is_resting)
        if all(item in self.left_out for item in deck):
            return None, passed_over(self.subscriber, slot, now=due)
        try:
            planned = plan(self.subscriber, slot, deck, now=due, max_lateness=timedelta(0), left_out=self.left_out)
        except (ValueError, KeyError) as fault:  # as in planning: the others go on
            log.exception("slot_put_off", kind=slot.kind, zone=self.subscriber.zone, fault=type(fault).__name__)
            return None, replace(slot, next_at=due + PUT_OFF * MOST_DATES)
        return planned.delivery._replace(status=DeliveryStatus.UNKNOWN, reason=IN_DOUBT), planned.slot


def _shown(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
