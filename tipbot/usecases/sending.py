"""The tick of broadcasts: begin what is due, write recipients down, hand them to the outbox, notice the end.

Nothing is ever sent from here: the courier empties the outbox. Any number of processes may tick at once, and any of
them may die in it; each step is one short transaction that goes on where the last one ended.
"""

import itertools
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tipbot.domain.alarms import Alarm, BroadcastStopped
from tipbot.domain.broadcasts import (
    DELETABLE_FOR,
    Action,
    Broadcast,
    BroadcastId,
    BroadcastStatus,
    PausedFor,
    QuietHours,
    Wave,
    trouble,
    wave_due,
)
from tipbot.logs import get_logger
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.planning import ShouldStop, never
from tipbot.usecases.standing import Progress, hold, put_back, standing_of, tally_of
from tipbot.usecases.sweeping import sweep

log = get_logger(__name__)

# Of so many steps one fills the outbox up instead, so that sending goes on while very many are written down.
FILL_EVERY = 5
# So many seconds' worth of messages wait in the outbox: enough until the next tick, few enough for a pause to hold
# back at once and for a daily tip to wait behind.
WINDOW_SECONDS = 3
SMALLEST_WINDOW = 100
# Those of a rare zone stand far apart: so often the next ones are looked for in one transaction.
LOOKS_AT_ONCE = 20
# And no more are handed over in one, so that nobody waits long for a write beside it.
DELIVERIES_AT_ONCE = 1_000
# Telegram minds when one message is edited more often.
SHOW_EVERY = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say: quiet hours, how late a message may be, and the pace in messages a second."""

    quiet: QuietHours
    max_lateness: timedelta
    ceiling: float


@dataclass(frozen=True, slots=True)
class _Filling:
    """How many deliveries came into the outbox, whether more of those who are due have room, and if all is over."""

    released: int
    goes_on: bool
    is_over: bool


class SendBroadcasts:
    """Brings broadcasts on their way."""

    def __init__(
        self, database: Database, rules: Rules, *, alarm: Callable[[Alarm], None] = lambda _: None
    ) -> None:
        self._database = database
        self._rules = rules
        self._alarm = alarm

    async def tick(self, *, now: datetime, should_stop: ShouldStop = never) -> int:
        """Do what is due for every broadcast, and return how many deliveries were handed to the outbox."""
        async with self._database.reading() as books:
            scheduled = await books.broadcasts.at([BroadcastStatus.SCHEDULED])
            sending = await books.broadcasts.at([BroadcastStatus.SENDING])
            swept = await books.broadcasts.swept()
        handed_over = 0
        for number in swept:
            await self._apart(number, self._sweep(number, now))
        for number in scheduled:
            if await self._apart(number, self._begin(number, now)):
                handed_over += await self._apart(number, self._advance(number, now, should_stop))
        for number in sending:
            handed_over += await self._apart(number, self._advance(number, now, should_stop))
        return handed_over

    async def _apart(self, number: BroadcastId, work: Awaitable[int]) -> int:
        """Work on one broadcast; a fault of ours in it must not keep the others from their turn."""
        try:
            return await work
        except StorageUnavailable:
            raise
        except Exception:  # it is tried again at the next tick, and its heartbeat tells that it stands still
            log.exception("broadcast_failed", broadcast=number)
            return 0

    async def _sweep(self, number: BroadcastId, now: datetime) -> int:
        """Bring to its end what an operator decided about very many, and a process that died left half done."""
        await sweep(self._database, number, now=now)
        return 0

    async def _begin(self, number: BroadcastId, now: datetime) -> bool:
        """Set a scheduled broadcast going when its time has come; far too late it goes back to the operators."""
        async with self._database.writing() as books:
            broadcast = await books.broadcasts.take(number)
            if broadcast is None or broadcast.status is not BroadcastStatus.SCHEDULED:
                return False
            begins = broadcast.starts_at or now
            if begins > now:
                return False
            if now - begins > self._rules.max_lateness:
                await put_back(books, broadcast, now=now)
            else:
                going = replace(broadcast, status=BroadcastStatus.SENDING, started_at=now, seen_at=now)
                await books.broadcasts.save(going)
                return True
        log.warning("broadcast_put_back", broadcast=number, late_seconds=round((now - begins).total_seconds()))
        self._alarm(BroadcastStopped(number, PausedFor.STALE, now))
        return False

    async def _advance(self, number: BroadcastId, now: datetime, should_stop: ShouldStop) -> int:
        """Take a broadcast on; while recipients are still written down, sending goes on beside that."""
        handed_over = 0
        for step in itertools.count(1):
            if should_stop():
                break
            more, goes_on = await self._step(number, now, fills=step % FILL_EVERY == 0)
            handed_over += more
            if not goes_on:
                break
        return handed_over

    async def _step(self, number: BroadcastId, now: datetime, *, fills: bool) -> tuple[int, bool]:
        """Take one step; return how many deliveries it handed over, and whether another should follow."""
        async with self._database.writing() as books:
            broadcast = await books.broadcasts.take(number)
            if broadcast is None or broadcast.status is not BroadcastStatus.SENDING:
                return 0, False
            if now - (broadcast.seen_at or now) > self._rules.max_lateness:
                await hold(books, broadcast, PausedFor.STALE, now=now)
                why = PausedFor.STALE
            else:
                return await self._work_on(books, broadcast, now, fills=fills)
        self._alarm(BroadcastStopped(number, why, now))
        return 0, False

    async def _work_on(self, books: Books, broadcast: Broadcast, now: datetime, *, fills: bool) -> tuple[int, bool]:
        if broadcast.sweep is not None:
            return 0, False
        is_expanding = broadcast.expanded_at is None
        if is_expanding and not fills:
            expanded = await self._expand(books, broadcast, now)
            await books.broadcasts.save(replace(expanded, seen_at=now))
            return 0, True
        filling = await self._release(books, broadcast, now)
        if filling.released and broadcast.article is not None and broadcast.action is Action.MESSAGE:
            await books.articles.note_sent(broadcast.article, now=now)
        broadcast = replace(broadcast, seen_at=now)
        if filling.is_over:
            tally = await tally_of(books, broadcast)
            broadcast = replace(
                broadcast,
                status=BroadcastStatus.DONE,
                finished_at=broadcast.finished_at or now,
                changed_at=now,
                tally=tally,
            )
            log.info("broadcast_done", broadcast=broadcast.id)
        await books.broadcasts.save(broadcast)
        return filling.released, is_expanding or filling.goes_on

    async def _expand(self, books: Books, broadcast: Broadcast, now: datetime) -> Broadcast:
        since = None if broadcast.action is not Action.WITHDRAWAL else now - DELETABLE_FOR
        added = await books.recipients.expand(broadcast, most=books.recipients.at_once, since=since)
        waves = [
            Wave(zone, self._due(broadcast, zone, now), people) for zone, people in sorted(added.zones.items())
        ]
        await books.recipients.add_waves(broadcast.id, waves)
        broadcast = replace(broadcast, expanded_to=added.up_to)
        return replace(broadcast, expanded_at=now) if added.is_last else broadcast

    def _due(self, broadcast: Broadcast, zone: str, now: datetime) -> datetime:
        if broadcast.action is not Action.MESSAGE:
            return now
        return wave_due(broadcast.when, zone, self._rules.quiet, now=broadcast.started_at or now)

    async def _release(self, books: Books, broadcast: Broadcast, now: datetime) -> _Filling:
        """Fill the outbox up with those whose turn it is."""
        window = max(SMALLEST_WINDOW, math.ceil(self._rules.ceiling * WINDOW_SECONDS))
        in_hand = await books.broadcast_deliveries.in_hand(broadcast.id)
        room = window - in_hand
        at_once = min(room, DELIVERIES_AT_ONCE)
        until = now + self._rules.max_lateness
        waves = await books.recipients.waves_of(broadcast.id)
        asleep = self._asleep(broadcast, waves, now)
        await books.broadcast_deliveries.keep_back(broadcast.id, asleep)
        most = max(at_once, 0) if len(asleep) < len(waves) else 0
        released = await books.broadcast_deliveries.let_go(
            broadcast, most=most, now=now, until=until, but_not=asleep
        )
        due = [wave for wave in waves if wave.due_at <= now and not wave.is_over]
        for _ in range(LOOKS_AT_ONCE):
            if not due or released >= at_once:
                break
            wave = await self._release_wave(books, broadcast, due[0], most=at_once - released, now=now)
            released += wave.released - due[0].released
            due = due[1:] if wave.is_over or wave.due_at > now else [wave, *due[1:]]
        is_over = not (released or in_hand) and broadcast.expanded_at is not None and all(w.is_over for w in waves)
        is_over = is_over and not await books.broadcast_deliveries.are_held(broadcast.id)
        return _Filling(released, goes_on=bool(due) and released < room, is_over=is_over)

    def _asleep(self, broadcast: Broadcast, waves: Sequence[Wave], now: datetime) -> list[str]:
        """Return the zones in which nobody may be disturbed now; changing a message disturbs nobody."""
        if broadcast.action is not Action.MESSAGE:
            return []
        return [wave.zone for wave in waves if self._rules.quiet.over_at(wave.zone, now=now) > now]

    async def _release_wave(
        self, books: Books, broadcast: Broadcast, wave: Wave, *, most: int, now: datetime
    ) -> Wave:
        """Hand over some of the next people of a zone, unless it has become quiet there; return how it stands."""
        awake_at = wave.due_at
        if broadcast.action is Action.MESSAGE:
            awake_at = max(awake_at, self._rules.quiet.over_at(wave.zone, now=now))
        if awake_at > now:
            further = replace(wave, due_at=awake_at)
        else:
            until = now + self._rules.max_lateness
            further = await books.recipients.release(broadcast, wave, most=most, now=now, until=until)
        await books.recipients.save_wave(broadcast.id, further)
        return further

    async def watch(self, number: BroadcastId, *, now: datetime) -> Progress | None:
        """Return how a broadcast stands, at most every 3 seconds in all processes together, else None.

        A broadcast that fails or loses too many is paused by this, and operators are told.
        """
        async with self._database.writing() as books:
            if not await books.broadcasts.take_progress(number, now=now, before=now - SHOW_EVERY):
                return None
            broadcast = await books.broadcasts.find(number, for_change=True)
            if broadcast is None:
                return None
            tally = await tally_of(books, broadcast)
            broadcast = replace(broadcast, tally=tally)
            why = trouble(tally, broadcast.baseline) if broadcast.status is BroadcastStatus.SENDING else None
            if why is not None:
                broadcast = await hold(books, broadcast, why, now=now)
            await books.broadcasts.save(broadcast)
            shown = await standing_of(books, broadcast, tally, ceiling=self._rules.ceiling, now=now)
        if why is not None:
            log.warning("broadcast_paused", broadcast=number, why=why)
            self._alarm(BroadcastStopped(number, why, now))
        return shown
