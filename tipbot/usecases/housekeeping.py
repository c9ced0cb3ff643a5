"""Keeping the record small and right: old entries go, and moments that a wrong clock left behind are put right."""

from dataclasses import replace
from datetime import datetime, timedelta

from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus
from tipbot.domain.schedule import local_date
from tipbot.domain.subscribers import Slot, Subscriber
from tipbot.logs import get_logger
from tipbot.storage.database import Database
from tipbot.usecases.arranging import next_moment
from tipbot.usecases.planning import ShouldStop, never
from tipbot.usecases.standing import cancel, tally_of

log = get_logger(__name__)

# Long enough to answer "did she get it?", short enough not to be a history of anybody.
KEEP_DELIVERIES = timedelta(days=30)
# Telegram keeps an update for 24 hours (Bot API, getUpdates); afterwards it cannot come again.
KEEP_UPDATES = timedelta(days=2)
# What nobody has touched for so long will not be sent; its words are in the clinic's own files.
KEEP_DRAFTS = timedelta(days=30)
# Even an order for one day a week is due within 14 days: what lies further ahead was set by a clock gone wrong.
FURTHEST = timedelta(days=16)
# Long enough to say what became of an invitation to whoever opens it late.
KEEP_INVITATIONS = timedelta(days=30)
# Longer than the time after which a cause that lasts is told again (usecases/alarms.py).
KEEP_TOLD = timedelta(days=30)
REPAIR_AT_ONCE = 500
FORGET_AT_ONCE = 1_000


class Housekeeping:
    """Tidies up; doing it twice, or in two processes, changes nothing more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tidy(self, *, now: datetime, should_stop: ShouldStop = never) -> int:
        """Fold deliveries settled more than 30 days ago into totals per day; return how many.

        Between two batches it asks whether to stop: the rest can wait for the next time.
        """
        await self._close_broadcasts(now, should_stop)
        folded = 0
        while not should_stop():
            # Searching all deliveries may take its time, and nobody has to wait for that.
            async with self._database.reading() as books:
                old = await books.totals.foldable(settled_before=now - KEEP_DELIVERIES)
            if not old:
                break
            async with self._database.writing() as books:
                folded += await books.totals.fold(old)
        async with self._database.writing() as books:
            await books.updates.forget(taken_before=now - KEEP_UPDATES)
            drafts = await books.broadcasts.forget_drafts(now - KEEP_DRAFTS)
            await books.staff.forget_invitations(expired_before=now - KEEP_INVITATIONS)
            await books.told.forget(told_before=now - KEEP_TOLD)
        if drafts:
            log.info("drafts_forgotten", drafts=drafts)
        await self._bring_back(now, should_stop)
        return folded

    async def _close_broadcasts(self, now: datetime, should_stop: ShouldStop) -> None:
        """Let broadcasts of more than 30 days ago keep their numbers and not their recipients.

        One that stood still for so long ends with that: nobody would know any more what it was about.
        """
        async with self._database.reading() as books:
            outdated = await books.broadcasts.outdated(changed_before=now - KEEP_DELIVERIES)
        for number in outdated:
            async with self._database.writing() as books:
                broadcast = await books.broadcasts.take(number)
                if broadcast is None:
                    continue
                if broadcast.status is BroadcastStatus.PAUSED:
                    broadcast = await cancel(books, broadcast, now=now)
                await books.broadcasts.save(replace(broadcast, tally=await tally_of(books, broadcast)))
                await books.watchers.forget_all(number)
            await self._forget_recipients(number, should_stop)

    async def _forget_recipients(self, number: BroadcastId, should_stop: ShouldStop) -> None:
        while not should_stop():
            async with self._database.writing() as books:
                if await books.recipients.forget(number, most=FORGET_AT_ONCE) < FORGET_AT_ONCE:
                    return

    async def _bring_back(self, now: datetime, should_stop: ShouldStop) -> None:
        """Let orders fall due in the near future again after a clock had jumped ahead and came back."""
        while not should_stop():
            async with self._database.writing() as books:
                strayed = await books.slots.beyond(now + FURTHEST, most=REPAIR_AT_ONCE)
                await books.slots.save([_brought_back(subscriber, slot, now) for subscriber, slot in strayed])
            if strayed:
                log.warning("orders_brought_back", orders=len(strayed))
            if len(strayed) < REPAIR_AT_ONCE:
                return


def _brought_back(subscriber: Subscriber, slot: Slot, now: datetime) -> Slot:
    today = local_date(now, subscriber.zone)
    served_on = None if slot.served_on is None or slot.served_on > today else slot.served_on
    slot = replace(slot, served_on=served_on)
    return replace(slot, next_at=next_moment(subscriber, slot, now=now))
