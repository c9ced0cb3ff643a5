"""Moves the demo's clock on, and stops wherever something falls due, because what is hours late is not sent."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from tipbot.clock import Clock
from tipbot.domain.broadcasts import BroadcastStatus
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId
from tipbot.sandbox import Sandbox
from tipbot.storage.books import Books
from tipbot.storage.database import Database

PATIENCE_SECONDS = 90
LOOK_AGAIN_SECONDS = 0.05
# A delivery that waits longer than this, such as after a fault, is a moment of its own to move on to.
SOON = timedelta(minutes=1)
# A broadcast that nobody looked at for hours stops itself, because the bot must have been down.
STRIDE = timedelta(hours=1)
FARTHEST = timedelta(days=14)
NOTHING_COMES = "Nothing comes by itself at the moment. Subscribe with /start, or see /resume and /settings."
TOO_FAR = f"That is too far: at most {FARTHEST.days} days at a time."
STILL_BUSY = "Messages are still on their way, so the clock has stopped here. Try again in a moment."


class Mover:
    """Takes one order to move on at a time; `to` is where it is going (UTC), `word` what became of the last one.

    `changed` is called whenever one of them is different.
    """

    def __init__(self, sandbox: Sandbox, clock: Clock, database: Database, changed: Callable[[], None]) -> None:
        self._sandbox, self._clock, self._database, self._changed = sandbox, clock, database, changed
        self._orders: asyncio.Queue[datetime] = asyncio.Queue(1)
        self._halted = False
        self._reached = clock.now()
        self.to: datetime | None = None
        self.word = ""

    async def run(self) -> None:
        """Carry out orders until cancelled."""
        while True:
            target = await self._orders.get()
            self._halted = False
            self.word = await self._move(target)
            self.to = None
            self._changed()

    async def next_moment(self, chat_id: ChatId) -> datetime | None:
        """Return when a chat gets something by itself or a broadcast goes on; if neither, when anybody is next."""
        now = self._clock.now()
        async with self._database.reading() as books:
            # While one zone is still going out, the next moment is another one's.
            moments = (await books.slots.next_due(chat_id), await books.agenda.next_broadcast(after=now))
            coming = [moment for moment in moments if moment is not None and moment > now]
            return min(coming, default=await books.slots.next_due())

    def order(self, target: datetime | None) -> None:
        """Move on to a moment (UTC), None for one that does not come; while it is moving, nothing changes."""
        if self.to is not None:
            return
        if target is None or target > self._clock.now() + FARTHEST:
            self.word = NOTHING_COMES if target is None else TOO_FAR
        else:
            self.to, self.word = target, ""
            self._orders.put_nowait(target)
        self._changed()

    def halt(self) -> None:
        """Stop at the moment that was reached."""
        self._halted = True

    async def _move(self, target: datetime) -> str:
        while not self._halted:
            if not await self._settled():
                return STILL_BUSY
            due = await self._due()
            if due is None or due > target:
                break
            self._jump(due)
        if not self._halted:
            self._jump(target)
        return "" if await self._settled() else STILL_BUSY

    def _jump(self, moment: datetime) -> None:
        if moment > self._clock.now():
            self._clock.move_to(moment)
            self._reached = moment
            self._changed()

    async def _due(self) -> datetime | None:
        async with self._database.reading() as books:
            broadcast = await books.agenda.next_broadcast()
            is_under_way = bool(await books.broadcasts.at([BroadcastStatus.SENDING]))
            moments = [await books.slots.next_due(), await books.outbox.next_due(), broadcast]
        if is_under_way:
            moments.append(self._clock.now() + STRIDE)
        return min((moment for moment in moments if moment is not None), default=None)

    async def _settled(self) -> bool:
        """Wait until everything that is due by now has been sent, and say whether that happened."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not self._halted and await self._is_busy():
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
                await self._sandbox.quiet(PATIENCE_SECONDS)
        except TimeoutError:
            return False
        return True

    async def _is_busy(self) -> bool:
        now = self._clock.now()
        async with self._database.reading() as books:
            # One reason is enough, and this is asked again and again: what is quickly looked up comes first.
            waits = await books.outbox.next_due()
            if waits is not None and waits < now + SOON:
                return True
            broadcast = await books.agenda.next_broadcast()
            if (broadcast is not None and broadcast <= now) or await self._is_unseen(books):
                return True
            to_do = await books.agenda.at(now)
            return to_do.orders or to_do.late or DeliveryStatus.SENDING in await books.outbox.count()

    async def _is_unseen(self, books: Books) -> bool:
        """Say whether the bot has yet to look at a broadcast under way since the clock was moved."""
        numbers = await books.broadcasts.at([BroadcastStatus.SENDING])
        found = [await books.broadcasts.find(number) for number in numbers]
        return any(one.seen_at is None or one.seen_at < self._reached for one in found if one is not None)
