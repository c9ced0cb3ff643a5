"""Changing very many deliveries of a broadcast: a few at a time, so that nobody waits, and on after a crash."""

from dataclasses import replace
from datetime import datetime

from tipbot.domain.broadcasts import BroadcastStatus
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.standing import tally_of

# How many deliveries one transaction changes: a matter of milliseconds in which nobody else can write.
SWEEP_AT_ONCE = 2_000


async def sweep(database: Database, number: int, *, now: datetime) -> None:
    """Bring the sweep of a broadcast to its end; whoever does this beside us does some of it, nothing twice."""
    is_left = True
    while is_left:
        async with database.writing() as books:
            is_left = await _sweep_on(books, number, now)


async def _sweep_on(books: Books, number: int, now: datetime) -> bool:
    """Take one step, and say whether there is more to do."""
    broadcast = await books.broadcasts.find(number, for_change=True)
    if broadcast is None or broadcast.sweep is None:
        return False
    left = await books.broadcast_deliveries.sweep(broadcast, broadcast.sweep, most=SWEEP_AT_ONCE, now=now)
    broadcast = replace(broadcast, sweep=left)
    if left is None:
        tally = await tally_of(books, broadcast)
        # What is to be sent once more has not gone wrong again yet.
        baseline = tally if broadcast.status is BroadcastStatus.SENDING else broadcast.baseline
        broadcast = replace(broadcast, tally=tally, baseline=baseline, changed_at=now)
    await books.broadcasts.save(broadcast)
    return left is not None
