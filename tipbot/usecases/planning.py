"""The tick: what fell due becomes deliveries, in batches, each one transaction."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tipbot.domain.content import ItemId, Language
from tipbot.domain.deck import Deck, deck_of
from tipbot.domain.delivery import NewDelivery
from tipbot.domain.planning import Planned, due_after, passed_over, plan
from tipbot.domain.subscribers import ChatId, Kind, Slot, Status, Subscriber
from tipbot.logs import get_logger
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.outbox import EXPIRE_AT_ONCE
from tipbot.usecases.library import Library
from tipbot.usecases.notes import Notes

log = get_logger(__name__)

BATCH = 300
# While a server reads for one batch and writes down another, the third is worked out. SQLite lets one writer in.
AT_ONCE = 3
PUT_OFF = timedelta(days=1)


# Telegram asks for this distance between messages of one chat; within one process the courier keeps it as well.
APART = timedelta(seconds=3)

ShouldStop = Callable[[], bool]


def never() -> bool:
    """Go on to the end."""
    return False


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the people of one batch want beside their standing orders, read in a few queries for all of them."""

    left_out: Mapping[ChatId, Collection[ItemId]]
    welcoming_offers: Collection[ChatId]


class Decks:
    """The decks of one batch, each put together once and not for every person."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[Language, Kind, bool], Deck] = {}

    def of(self, language: Language, kind: Kind, *, is_neutral: bool) -> Deck:
        """Return the items that a standing order of this kind draws from."""
        deck = self._known.get((language, kind, is_neutral))
        if deck is None:
            deck = deck_of(tuple(self._library.deck(language, kind, is_neutral=is_neutral)))
            self._known[language, kind, is_neutral] = deck
        return deck


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

    async def tick(self, *, now: datetime, should_stop: ShouldStop = never) -> Tick:
        """Plan what is due, expire what waited too long, and call claims unknown whose sender was lost.

        Before that it takes from processes that froze what they keep from all others.

        Between two batches it asks whether to stop: what is left is due at the next tick, here or elsewhere.
        """
        if frozen := await self._database.end_what_stands_still():
            log.warning("frozen_sessions_ended", sessions=frozen)
        async with self._database.reading() as books:
            to_do = await books.agenda.at(now)
        planned = await self._plan_all(now, should_stop) if to_do.orders else 0
        unknown = await self._give_up(now) if to_do.leases else 0
        expired = await self._expire(now, should_stop) if to_do.late else 0
        return Tick(planned, expired, unknown)

    async def _plan_all(self, now: datetime, should_stop: ShouldStop) -> int:
        planned = 0 if should_stop() else await self.plan_batch(now=now)
        if planned < BATCH:
            return planned
        if not self._database.is_sqlite:
            planned += await self._plan_side_by_side(now, should_stop)
        # Of the orders of one person, two that lock them at once may each have left one to the other.
        return planned + await self._plan_on(now, should_stop)

    async def _plan_side_by_side(self, now: datetime, should_stop: ShouldStop) -> int:
        try:
            async with asyncio.TaskGroup() as tasks:
                lanes = [tasks.create_task(self._plan_on(now, should_stop)) for _ in range(AT_ONCE)]
        except ExceptionGroup as failed:
            outages, others = failed.split(StorageUnavailable)
            if outages is None or others is not None:
                raise
            # The group wraps what is one and the same news for all.
            raise StorageUnavailable(str(outages.exceptions[0])) from None
        return sum(lane.result() for lane in lanes)

    async def _plan_on(self, now: datetime, should_stop: ShouldStop) -> int:
        planned = 0
        while not should_stop():
            batch = await self.plan_batch(now=now)
            planned += batch
            if batch < BATCH:
                break
        return planned

    async def _give_up(self, now: datetime) -> int:
        async with self._database.writing() as books:
            return await books.outbox.give_up_leases(now=now)

    async def _expire(self, now: datetime, should_stop: ShouldStop) -> int:
        """Expire in batches: after an outage there may be very many, and nobody else may wait for all of them."""
        expired = 0
        while not should_stop():
            async with self._database.writing() as books:
                batch = await books.outbox.expire(now=now)
            expired += batch
            if batch < EXPIRE_AT_ONCE:
                break
        return expired

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
            notes = Notes.beside(due, max_lateness=self._max_lateness, now=now)
            await notes.write(books, now=now)
            wishes = await _wishes(books, due, now)
            decks = Decks(self._library)
            planned = [self._plan(notes.of(one), slot, wishes, decks, now) for one, slot in notes.still_due(due)]
            ordered = [one.delivery for one in planned if isinstance(one, Planned)]
            await books.outbox.add(_apart([*ordered, *notes.deliveries]), now=now)
            await books.slots.move_on([one.slot if isinstance(one, Planned) else one for one in planned])
            return len(due)

    def _plan(
        self, subscriber: Subscriber, slot: Slot, wishes: Wishes, decks: Decks, now: datetime
    ) -> Planned | Slot:
        """Return what a due slot leads to; one that cannot be planned is put off, so that the others go on."""
        left_out = wishes.left_out.get(subscriber.chat_id, ())
        is_resting = subscriber.rests_stretches(now)
        deck = decks.of(subscriber.language, slot.kind, is_neutral=is_resting)
        try:
            if is_resting and slot.kind is Kind.STRETCH:
                return replace(slot, next_at=due_after(subscriber, slot, now))
            if left_out and all(item in left_out for item in deck):
                return passed_over(subscriber, slot, now=now)
            return plan(
                subscriber,
                slot,
                deck,
                now=now,
                max_lateness=self._max_lateness,
                left_out=left_out,
                welcomes_offers=subscriber.chat_id in wishes.welcoming_offers,
            )
        except (ValueError, KeyError) as fault:
            log.exception("slot_put_off", kind=slot.kind, zone=subscriber.zone, fault=type(fault).__name__)
            return replace(slot, next_at=now + PUT_OFF)


async def _wishes(books: Books, due: Sequence[tuple[Subscriber, Slot]], now: datetime) -> Wishes:
    tips = {one.chat_id for one, slot in due if slot.kind is Kind.TIP and one.may_get_offers(now)}
    return Wishes(
        left_out=await books.exclusions.of_many({one.chat_id for one, _ in due}),
        welcoming_offers=await books.consents.said_yes_to_offers(tips),
    )


def _apart(deliveries: Iterable[NewDelivery]) -> list[NewDelivery]:
    """Let the second of two messages to one chat wait a little, whichever processes will send them."""
    chats: Counter[ChatId] = Counter()
    spaced = []
    for delivery in deliveries:
        before = chats[delivery.chat_id]
        spaced.append(delivery._replace(wait=APART * before) if before else delivery)
        chats[delivery.chat_id] = before + 1
    return spaced
