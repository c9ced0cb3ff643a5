"""What can be done once a broadcast went out: send it again to some, correct it, or take it back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from tipbot.domain.broadcasts import DELETABLE_FOR, Action, Broadcast, BroadcastId, BroadcastStatus, Sweep
from tipbot.domain.composition import Composition
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.operators import Right
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.confirmation import confirm
from tipbot.usecases.errors import ChangeUnderWay, NotReady, Unready, WrongMoment
from tipbot.usecases.staffing import allowed
from tipbot.usecases.standing import changing, set_going, there, without_the_rest
from tipbot.usecases.sweeping import sweep

DRAFT, PAUSED = BroadcastStatus.DRAFT, BroadcastStatus.PAUSED
DONE, CANCELLED = BroadcastStatus.DONE, BroadcastStatus.CANCELLED
_UNDER_WAY = (BroadcastStatus.SCHEDULED, BroadcastStatus.SENDING, PAUSED)

# Nobody knows whether these have it; sending again may double it for some, which an operator may decide.
UNKNOWN = frozenset({DeliveryStatus.UNKNOWN})
# These surely have not got it, and can be reached.
FAILED = frozenset({DeliveryStatus.FAILED, DeliveryStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class Reach:
    """How many chats have a message of the bot's, and how many of them are young enough for it to be deleted."""

    people: int
    deletable: int


class Afterwards:
    """Every decision checks the operator's rights, is audited, and is harmless when it is made twice.

    Raises NotAnOperator or NotAllowed, NoSuchBroadcast, WrongMoment for a broadcast that stands differently,
    and ChangeUnderWay for one that is being corrected or taken back.
    """

    def __init__(self, database: Database, *, goes: Callable[[], object] = lambda: None) -> None:
        """`goes` is called when there is something to send, so that nobody has to wait for the next tick."""
        self._database = database
        self._goes = goes

    async def reach(self, number: int, *, now: datetime) -> Reach:
        """Return how many chats have the message of a broadcast."""
        async with self._database.reading() as books:
            people = await books.recipients.count_reached(number)
            return Reach(people, await books.recipients.count_reached(number, since=now - DELETABLE_FOR))

    async def again(
        self, number: int, statuses: Collection[DeliveryStatus], *, operator: int, now: datetime
    ) -> int:
        """Send once more to those for whom it ended like this (UNKNOWN or FAILED); return how many they are.

        Raises NotReady while messages of it are in the air.
        """
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEND)
            broadcast = there(await books.broadcasts.find(number))
            people = await books.broadcast_deliveries.count_again(broadcast, statuses, now=now)
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            broadcast = await changing(books, number, DONE, CANCELLED, PAUSED)
            await _nothing_in_air(books, number)
            _nothing_being_cancelled(broadcast)
            await _nothing_under_way(books, number)
            await _not_overtaken(books, broadcast)
            if people:
                deed = "broadcast-again-unknown" if frozenset(statuses) == UNKNOWN else "broadcast-again-failed"
                await books.audit.note(Deed(operator, deed, str(number), now))
                await _begin_again(books, broadcast, statuses, now)
        await sweep(self._database, number, now=now)
        self._goes()
        return people

    async def draft_change(self, number: int, action: Action, *, operator: int, now: datetime) -> Broadcast:
        """Return a draft that changes or takes back a broadcast for everyone who got it; nothing happens yet."""
        async with self._database.writing() as books:
            return await _draft_of(books, number, action, operator, now)

    async def correction(self, number: int, *, operator: int) -> Broadcast:
        """Return the draft of a correction as it stands."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEND)
            draft = there(await books.broadcasts.find(number))
            if draft.status is not DRAFT or draft.action is not Action.CORRECTION:
                raise WrongMoment(draft.status)
            return draft

    async def reword(self, number: int, composition: Composition, *, operator: int, now: datetime) -> Broadcast:
        """Let the draft of a correction say this from now on."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            draft = await changing(books, number, DRAFT)
            reworded = replace(draft, composition=composition, revision=draft.revision + 1, changed_at=now)
            await books.broadcasts.save(reworded)
            return reworded

    async def discard(self, number: int, *, operator: int) -> BroadcastId | None:
        """Throw the draft of a change away, and return what it would have changed."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            draft = await books.broadcasts.find(number, for_change=True)
            if draft is not None and draft.status is DRAFT and draft.action is not Action.MESSAGE:
                await books.broadcasts.remove(number)
            return None if draft is None else draft.about

    async def take_back(self, number: int, *, operator: int, now: datetime) -> Broadcast:
        """Delete the message of a broadcast wherever it is young enough; return the broadcast that does it.

        A broadcast that stands still is ended by this. Raises NotReady as well.
        """
        async with self._database.reading() as books:
            reach = await books.recipients.count_reached(number, since=now - DELETABLE_FOR)
        async with self._database.writing() as books:
            draft = await _draft_of(books, number, Action.WITHDRAWAL, operator, now)
            withdrawal = await confirm(books, draft, people=reach, begins=now, operator=operator, now=now)
        await sweep(self._database, number, now=now)
        self._goes()
        return withdrawal

    async def original(self, number: int) -> Broadcast:
        """Return the broadcast that a change is about, or the broadcast itself."""
        async with self._database.reading() as books:
            broadcast = there(await books.broadcasts.find(number))
            return broadcast if broadcast.about is None else there(await books.broadcasts.find(broadcast.about))


def _change(about: Broadcast, action: Action, operator: int, now: datetime) -> Broadcast:
    return Broadcast(
        id=BroadcastId(0),
        operator=operator,
        made_at=now,
        changed_at=now,
        action=action,
        about=about.id,
        purpose=about.purpose,
        composition=about.composition,
        audience=about.audience,
    )


async def _draft_of(books: Books, number: int, action: Action, operator: int, now: datetime) -> Broadcast:
    await allowed(books, operator, Right.SEND)
    about = await changing(books, number, PAUSED, DONE, CANCELLED)
    await _nothing_under_way(books, number)
    for known in await books.broadcasts.changes_to(number):
        if known.status is DRAFT and known.action is action:
            return known
    return await books.broadcasts.add(_change(about, action, operator, now))


async def _begin_again(
    books: Books, broadcast: Broadcast, statuses: Collection[DeliveryStatus], now: datetime
) -> None:
    """Write down what is to be sent once more; one by one the deliveries follow."""
    known = broadcast.sweep.of if broadcast.sweep is not None else ()
    wanted = replace(broadcast, sweep=Sweep(DeliveryStatus.HELD, tuple(sorted({*known, *statuses}))))
    if broadcast.status is PAUSED:
        await books.broadcasts.save(replace(wanted, changed_at=now))
    else:
        await set_going(books, await without_the_rest(books, wanted), now)


async def _nothing_in_air(books: Books, number: int) -> None:
    if await books.broadcast_deliveries.in_air(number):
        raise NotReady(Unready.STILL_IN_AIR)


def _nothing_being_cancelled(broadcast: Broadcast) -> None:
    """Refuse for the moment in which what nobody gets is being taken back: it would be let go instead."""
    if broadcast.sweep is not None and broadcast.sweep.into is DeliveryStatus.CANCELLED:
        raise NotReady(Unready.STILL_IN_AIR)


async def _nothing_under_way(books: Books, number: int) -> None:
    for known in await books.broadcasts.changes_to(number):
        if known.status in _UNDER_WAY:
            raise ChangeUnderWay(known.id)


async def _not_overtaken(books: Books, broadcast: Broadcast) -> None:
    """Refuse an older correction: its words would take the place of newer ones."""
    if broadcast.action is not Action.CORRECTION or broadcast.confirmed_at is None:
        return
    for known in await books.broadcasts.changes_to(broadcast.about or 0):
        if known.confirmed_at is not None and known.confirmed_at > broadcast.confirmed_at:
            raise WrongMoment(broadcast.status)
