"""How a broadcast stands, counted and changed within a transaction that somebody else opened."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tipbot.domain.broadcasts import Action, Broadcast, BroadcastStatus, PausedFor, Sweep, Tally
from tipbot.domain.delivery import DeliveryStatus
from tipbot.storage.books import Books
from tipbot.usecases.article_drafts import unlist_article
from tipbot.usecases.errors import NoSuchBroadcast, WrongMoment

# Somebody has these, or may have them.
_MAY_HAVE_IT = (DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
_ENDED = (BroadcastStatus.DONE, BroadcastStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a broadcast stands, for the message that shows it; `rate` is messages a second, `takes` the time left.

    `is_slowed` says whether Telegram has asked for less than the configured rate.

    `waiting` are those in whose zones it is not yet time, the next of them at `next_at` (UTC), and `taken_back`
    those from whose chats it was deleted afterwards.
    """

    broadcast: Broadcast
    tally: Tally
    rate: float
    takes: timedelta
    waiting: int = 0
    next_at: datetime | None = None
    taken_back: int = 0
    is_slowed: bool = False

    @property
    def is_moving(self) -> bool:
        """Whether its numbers can still change by themselves."""
        return self.broadcast.status is BroadcastStatus.SENDING or self.tally.of(DeliveryStatus.SENDING) > 0


async def standing_of(
    books: Books, broadcast: Broadcast, tally: Tally, *, ceiling: float, now: datetime
) -> Progress:
    """Return how a broadcast stands at this moment, and how long the rest of it takes at the pace there is."""
    pace = await books.pace.look()
    rate = ceiling if pace is None else pace.rate
    waves = await books.recipients.waves_of(broadcast.id)
    later = [wave for wave in waves if wave.due_at > now and not wave.is_over]
    waiting = sum(wave.people - wave.released for wave in later)
    left = max(tally.people - tally.settled - waiting, 0)
    return Progress(
        broadcast,
        tally,
        rate,
        takes=timedelta(seconds=left / rate),
        waiting=waiting,
        next_at=later[0].due_at if later else None,
        taken_back=await taken_back_from(books, broadcast.id),
        is_slowed=pace is not None and pace.is_slowed(ceiling),
    )


async def taken_back_from(books: Books, number: int) -> int:
    """Return from how many chats the message of a broadcast was deleted again."""
    changes = await books.broadcasts.changes_to(number)
    withdrawals = [one for one in changes if one.action is Action.WITHDRAWAL and one.started_at is not None]
    return sum([(await tally_of(books, one)).of(DeliveryStatus.SENT) for one in withdrawals])


async def tally_of(books: Books, broadcast: Broadcast) -> Tally:
    """Return the numbers of a broadcast: counted, or as they were when its recipients were tidied away."""
    if broadcast.status in _ENDED and not await books.recipients.are_kept(broadcast.id):
        return broadcast.tally
    people = sum(wave.people for wave in await books.recipients.waves_of(broadcast.id))
    return Tally(people, await books.broadcast_deliveries.counts(broadcast.id))


async def hold(books: Books, broadcast: Broadcast, why: PausedFor, *, now: datetime) -> Broadcast:
    """Pause a broadcast within a transaction."""
    await books.broadcast_deliveries.hold(broadcast.id)
    held = replace(broadcast, status=BroadcastStatus.PAUSED, paused_for=why, changed_at=now)
    await books.broadcasts.save(held)
    return held


async def pause_restored(books: Books, number: int, *, now: datetime) -> None:
    """Pause a broadcast of a database that went back: whoever sets it going must know what that may mean.

    What was held is swept afterwards: those people may have got it.
    """
    broadcast = there(await books.broadcasts.find(number, for_change=True))
    paused = replace(
        broadcast,
        status=BroadcastStatus.PAUSED,
        paused_for=PausedFor.RESTORED,
        changed_at=now,
        sweep=Sweep(DeliveryStatus.UNKNOWN, (DeliveryStatus.HELD,)),
    )
    await books.broadcasts.save(paused)


async def put_back(books: Books, broadcast: Broadcast, *, now: datetime) -> Broadcast:
    """Turn a scheduled broadcast into a draft within a transaction; whoever looked at it must look again."""
    draft = replace(
        broadcast,
        status=BroadcastStatus.DRAFT,
        starts_at=None,
        confirmed_by=None,
        confirmed_at=None,
        revision=broadcast.revision + 1,
        changed_at=now,
    )
    await books.broadcasts.save(draft)
    return draft


async def cancel(books: Books, broadcast: Broadcast, *, now: datetime) -> Broadcast:
    """End a broadcast for good within a transaction; who has it keeps it, and what is held is swept afterwards."""
    await books.broadcast_deliveries.cancel(broadcast.id, now=now)
    are_held = await books.broadcast_deliveries.are_held(broadcast.id)
    ended = replace(
        broadcast,
        status=BroadcastStatus.CANCELLED,
        changed_at=now,
        finished_at=now,
        paused_for=None,
        sweep=Sweep(DeliveryStatus.CANCELLED, (DeliveryStatus.HELD,)) if are_held else None,
    )
    ended = replace(ended, tally=await tally_of(books, broadcast))
    await books.broadcasts.save(ended)
    if not ended.tally.of(*_MAY_HAVE_IT):
        await unlist_article(books, ended)
    return ended


async def set_going(books: Books, broadcast: Broadcast, now: datetime) -> Broadcast:
    """Let a broadcast go on; only trouble that comes from now on stops it by itself.

    One that had ended keeps the moment of its end, so that what it took is not counted until a few got it again.
    """
    counted = await tally_of(books, broadcast)
    going = replace(
        broadcast,
        status=BroadcastStatus.SENDING,
        paused_for=None,
        tally=counted,
        baseline=counted,
        changed_at=now,
        seen_at=now,
    )
    await books.broadcasts.save(going)
    return going


async def without_the_rest(books: Books, broadcast: Broadcast) -> Broadcast:
    """Of a cancelled broadcast only those are sent to again who are asked for, not those it never came to."""
    if broadcast.status is not BroadcastStatus.CANCELLED:
        return broadcast
    for wave in await books.recipients.waves_of(broadcast.id):
        await books.recipients.save_wave(broadcast.id, replace(wave, released=wave.people))
    return replace(broadcast, expanded_at=broadcast.expanded_at or broadcast.changed_at)


async def changing(books: Books, number: int, *statuses: BroadcastStatus) -> Broadcast:
    """Return a broadcast that nobody else changes until the transaction ends.

    Raises NoSuchBroadcast, and WrongMoment for one that stands differently.
    """
    broadcast = there(await books.broadcasts.find(number, for_change=True))
    if broadcast.status not in statuses:
        raise WrongMoment(broadcast.status)
    return broadcast


def there(broadcast: Broadcast | None) -> Broadcast:
    """Return a broadcast that was looked for; raises NoSuchBroadcast for none."""
    if broadcast is None:
        raise NoSuchBroadcast
    return broadcast
