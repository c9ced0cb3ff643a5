"""A database with subscribers whose tip is about to fall due, as a running process finds it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY
from tipbot.storage.database import Database
from tipbot.storage.schema import outbox

FIRST_CHAT = 1000
AT_ONCE = 1000


async def seed(database_url: str, moments: Sequence[datetime], *, now: datetime) -> list[int]:
    """Subscribe one chat for each moment, with a tip due at it; return the chat ids."""
    database = Database(database_url)
    chats = [FIRST_CHAT + number for number in range(len(moments))]
    together = list(zip(chats, moments, strict=True))
    async with database.writing() as books:
        for start in range(0, len(chats), AT_ONCE):
            some = together[start : start + AT_ONCE]
            await books.subscribers.add_all([_subscriber(chat, now) for chat, _ in some])
            await books.slots.add([_slot(chat, Kind.TIP, moment) for chat, moment in some])
            await books.slots.add([_slot(chat, Kind.STRETCH, None) for chat, _ in some])
    await database.close()
    return chats


def _subscriber(chat: int, now: datetime) -> Subscriber:
    return Subscriber(
        chat_id=ChatId(chat),
        chat_kind=ChatKind.PRIVATE,
        language=ENGLISH,
        zone="UTC",
        status=Status.ACTIVE,
        joined_at=now,
        last_active_at=now,
        status_since=now,
    )


def _slot(chat: int, kind: Kind, moment: datetime | None) -> Slot:
    # The wall time is another minute's, so that the next tip is a day away whatever happens here.
    return Slot(ChatId(chat), kind, time(0, 0), EVERY_DAY, is_on=moment is not None, next_at=moment)


async def record(database_url: str) -> dict[int, tuple[DeliveryStatus, int | None]]:
    """Return what is written down of each chat's delivery: its status and its message id."""
    database = Database(database_url)
    found = await recorded(database)
    await database.close()
    return found


async def recorded(database: Database) -> dict[int, tuple[DeliveryStatus, int | None]]:
    """Return the same from a database that is open: whoever looks again and again need not knock each time."""
    async with database.engine.connect() as connection:
        rows = (await connection.execute(select(outbox.c.chat_id, outbox.c.status, outbox.c.message_id))).all()
    assert len({row.chat_id for row in rows}) == len(rows), "one delivery a chat"
    return {row.chat_id: (DeliveryStatus(row.status), row.message_id) for row in rows}


async def end_leases(database_url: str, *, now: datetime) -> None:
    """Let the time pass after which a lost process's claims are called unknown."""
    database = Database(database_url)
    async with database.writing() as books:
        await books.outbox.give_up_leases(now=now + timedelta(minutes=5))
    await database.close()
