"""A stand-in for Telegram behind the messenger's door: answers as told, and remembers what it was given."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from tipbot.domain.alarms import Alarm
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.delivery import Claim, Matter, NewDelivery, Receipt, Sent
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage.database import Database
from tipbot.usecases.courier import Courier, Replies
from tipbot.usecases.doubt import Doubt
from tipbot.usecases.journal import Journal


class Post:
    """Takes every message unless a script for its chat says otherwise."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._scripts: dict[ChatId, list[Receipt]] = {}
        self.taken: list[tuple[ChatId, datetime]] = []
        self.slots: list[datetime] = []
        self.hold: asyncio.Event | None = None

    def answers(self, chat_id: int, *receipts: Receipt) -> None:
        """Answer a chat's next messages like this, then normally."""
        self._scripts[ChatId(chat_id)] = list(receipts)

    async def deliver(self, claim: Claim) -> Receipt:
        if self.hold is not None:
            await self.hold.wait()
        script = self._scripts.get(claim.chat_id)
        if script:
            return script.pop(0)
        self.taken.append((claim.chat_id, self._now()))
        self.slots.append(claim.slot_at)
        return Sent(len(self.taken))


def letters(chats: Iterable[int], *, due_at: datetime, kind: Kind = Kind.TIP) -> list[NewDelivery]:
    """Deliveries of one item to these chats."""
    return [
        NewDelivery(
            key=f"{kind}:{chat}:{due_at.date()}",
            chat_id=ChatId(chat),
            kind=Matter.ordered(kind),
            item=ItemId("one"),
            language=ENGLISH,
            due_at=due_at,
            not_after=due_at + timedelta(hours=3),
        )
        for chat in chats
    ]


async def put(database: Database, deliveries: list[NewDelivery]) -> None:
    async with database.writing() as books:
        await books.outbox.add(deliveries, now=deliveries[0].due_at)


@asynccontextmanager
async def courier_at_work(
    database: Database,
    post: Post,
    now: Callable[[], datetime],
    *,
    rate: float = 500,
    owner: str = "one",
    replies: Replies | None = None,
    alarm: Callable[[Alarm], None] = lambda _: None,
) -> AsyncIterator[asyncio.Event]:
    """Run a courier while the block lasts, then stop it in an orderly way."""
    journal = Journal(database, owner=owner, ceiling=rate, alarm=alarm)
    courier = Courier(journal, post, now=now, replies=replies or Replies(), doubt=Doubt(1_000, limit=20))
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(courier.run(stop))
        try:
            yield stop
        finally:
            stop.set()
            courier.wake()


async def until(condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Wait until something holds, and fail if it never does."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
