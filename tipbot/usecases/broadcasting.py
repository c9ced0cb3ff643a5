"""What operators decide about a broadcast that goes out: send, hold or end it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tipbot.domain.broadcasts import (
    DELETABLE_FOR,
    Action,
    Broadcast,
    BroadcastStatus,
    PausedFor,
    QuietHours,
    first_due,
    has_passed,
    starts_at,
    wave_due,
)
from tipbot.domain.operators import Right
from tipbot.domain.pace import Pace
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.confirmation import confirm
from tipbot.usecases.errors import ChangedMeanwhile, MayBeDouble
from tipbot.usecases.staffing import allowed
from tipbot.usecases.standing import (
    Progress,
    cancel,
    changing,
    hold,
    put_back,
    set_going,
    standing_of,
    tally_of,
    there,
)
from tipbot.usecases.sweeping import sweep

DRAFT, SCHEDULED, SENDING = BroadcastStatus.DRAFT, BroadcastStatus.SCHEDULED, BroadcastStatus.SENDING
PAUSED, DONE, CANCELLED = BroadcastStatus.PAUSED, BroadcastStatus.DONE, BroadcastStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class Estimate:
    """What sending a draft now would mean: how many people, how long, and how many of them have quiet hours.

    `passed` is in how many zones the planned wall time is over, so that people there get it right away; `begins` is
    when the first may get it (UTC).
    """

    people: int
    takes: timedelta
    zones: int
    waiting_for_morning: int
    passed: int
    begins: datetime


class Broadcasting:
    """Every decision checks the operator's rights, is audited, and is harmless when it is made twice.

    Raises NotAnOperator or NotAllowed, NoSuchBroadcast, and WrongMoment for a broadcast that stands differently.
    """

    def __init__(
        self,
        database: Database,
        *,
        quiet: QuietHours,
        ceiling: float,
        goes: Callable[[], object] = lambda: None,
    ) -> None:
        """`goes` is called when there is something to send, so that nobody has to wait for the next tick."""
        self._goes = goes
        self._database = database
        self._quiet = quiet
        self._ceiling = ceiling

    async def find(self, number: int, *, operator: int) -> Broadcast:
        """Return a broadcast as it stands."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEE)
            return there(await books.broadcasts.find(number))

    async def look(self, number: int, *, operator: int, now: datetime) -> Progress:
        """Return how a broadcast stands at this moment, counted anew."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEE)
            broadcast = there(await books.broadcasts.find(number))
            tally = await tally_of(books, broadcast)
            return await standing_of(books, broadcast, tally, ceiling=self._ceiling, now=now)

    async def estimate(self, number: int, *, now: datetime) -> Estimate:
        """Return what sending a draft would mean at this moment."""
        async with self._database.reading() as books:
            broadcast = there(await books.broadcasts.find(number))
            zones = await self._zones(books, broadcast, now)
            pace = await books.pace.look() or Pace(rate=self._ceiling, next_slot_at=now, changed_at=now)
        people = sum(zones.values())
        begins = starts_at(broadcast.when, now=now)
        held = sum(n for zone, n in zones.items() if self._waits(broadcast, zone, begins))
        passed = sum(has_passed(broadcast.when, zone, now=now) for zone in zones)
        messages = people * max(len(broadcast.composition.parts), 1)
        takes, first = timedelta(seconds=messages / pace.rate), self._begins(broadcast, zones, now)
        return Estimate(people, takes, len(zones), held, passed, first)

    def _begins(self, broadcast: Broadcast, zones: Iterable[str], now: datetime) -> datetime:
        """Return when the first of these zones gets it; what is wrong is put right at any hour."""
        is_message = broadcast.action is Action.MESSAGE
        return first_due(broadcast.when, zones, self._quiet, now=now) if is_message else now

    def _waits(self, broadcast: Broadcast, zone: str, begins: datetime) -> bool:
        """Say whether the people of a zone get it later than planned, because it is quiet there."""
        if broadcast.action is not Action.MESSAGE:
            return False
        planned = wave_due(broadcast.when, zone, QuietHours(self._quiet.ends, self._quiet.ends), now=begins)
        return wave_due(broadcast.when, zone, self._quiet, now=begins) > planned

    async def _zones(self, books: Books, broadcast: Broadcast, now: datetime) -> dict[str, int]:
        match broadcast.action, broadcast.about:
            case Action.WITHDRAWAL, int(about):
                return {"UTC": await books.recipients.count_reached(about, since=now - DELETABLE_FOR)}
            case Action.CORRECTION, int(about):
                return {"UTC": await books.recipients.count_reached(about)}
        return await books.recipients.count(broadcast.audience, broadcast.purpose, now=now)

    async def confirm(self, number: int, *, revision: int, operator: int, now: datetime) -> Broadcast:
        """Let a draft go out as planned, exactly as it was shown; it stays planned until the first may get it.

        Raises ChangedMeanwhile when it is not what was shown, NotReady when something is missing.
        """
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEND)
            draft = there(await books.broadcasts.find(number))
            zones = await self._zones(books, draft, now)
        begins = self._begins(draft, zones, now)
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            draft = await changing(books, number, DRAFT)
            if draft.revision != revision:
                raise ChangedMeanwhile
            people = sum(zones.values())
            going = await confirm(books, draft, people=people, begins=begins, operator=operator, now=now)
        if going.about is not None:
            await sweep(self._database, going.about, now=now)
        self._goes()
        return going

    async def pause(self, number: int, *, operator: int, now: datetime) -> Broadcast:
        """Send nothing more of a broadcast for now; what is in the air at this moment arrives."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            broadcast = await changing(books, number, SENDING, PAUSED)
            if broadcast.status is PAUSED:
                return broadcast
            await books.audit.note(Deed(operator, "broadcast-pause", str(number), now))
            return await hold(books, broadcast, PausedFor.OPERATOR, now=now)

    async def resume(self, number: int, *, operator: int, now: datetime, is_sure: bool = False) -> Broadcast:
        """Go on with a paused broadcast.

        Raises MayBeDouble, unless the operator `is_sure`, for one that stands still because the database went back.
        """
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            broadcast = await changing(books, number, SENDING, PAUSED)
            if broadcast.status is SENDING:
                return broadcast
            is_message = broadcast.action is Action.MESSAGE
            if broadcast.paused_for is PausedFor.RESTORED and is_message and not is_sure:
                raise MayBeDouble
            await books.audit.note(Deed(operator, "broadcast-resume", str(number), now))
            going = await set_going(books, broadcast, now)
        self._goes()
        return going

    async def cancel(self, number: int, *, operator: int, now: datetime) -> Broadcast:
        """End a broadcast for good; who has it keeps it."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            broadcast = await changing(books, number, SCHEDULED, SENDING, PAUSED, CANCELLED)
            if broadcast.status is CANCELLED:
                return broadcast
            await books.audit.note(Deed(operator, "broadcast-cancel", str(number), now))
            ended = await cancel(books, broadcast, now=now)
        await sweep(self._database, number, now=now)
        return ended

    async def unschedule(self, number: int, *, operator: int, now: datetime) -> Broadcast:
        """Turn a broadcast that has not begun into a draft again."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            broadcast = await changing(books, number, SCHEDULED, DRAFT)
            if broadcast.status is DRAFT:
                return broadcast
            await books.audit.note(Deed(operator, "broadcast-unschedule", str(number), now))
            return await put_back(books, broadcast, now=now)
