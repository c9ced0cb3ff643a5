"""In which messages operators watch broadcasts go out; at most one for each broadcast in each chat."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus
from tipbot.storage.schema import broadcasts, watchers
from tipbot.storage.statements import insert_into


@dataclass(frozen=True, slots=True)
class Watcher:
    """One message that shows how a broadcast stands; `shown_at` (UTC) is the change it shows, for good."""

    broadcast: BroadcastId
    chat: int
    message: int
    shown_at: datetime | None = None
    is_renewed: bool = False


class Watchers:
    """The page of the messages that change while broadcasts go out."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, watcher: Watcher) -> None:
        """Write a message down; an older one of the same broadcast in that chat changes no more."""
        values = {"message_id": watcher.message, "shown_at": watcher.shown_at, "is_renewed": watcher.is_renewed}
        keys = {"broadcast_id": watcher.broadcast, "chat_id": watcher.chat}
        statement = insert_into(self._connection, watchers).values(**keys, **values)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["broadcast_id", "chat_id"], set_=values)
        )

    async def of(self, number: int) -> list[Watcher]:
        """Return the messages that show a broadcast."""
        statement = select(watchers).where(watchers.c.broadcast_id == number).order_by(watchers.c.chat_id)
        rows = await self._connection.execute(statement)
        return [
            Watcher(BroadcastId(row.broadcast_id), row.chat_id, row.message_id, row.shown_at, row.is_renewed)
            for row in rows
        ]

    async def behind(self, statuses: Collection[BroadcastStatus]) -> list[BroadcastId]:
        """Return the broadcasts of these statuses with a message that does not show their last change yet."""
        is_behind = or_(watchers.c.shown_at.is_(None), watchers.c.shown_at < broadcasts.c.changed_at)
        statement = (
            select(broadcasts.c.id)
            .join(watchers, watchers.c.broadcast_id == broadcasts.c.id)
            .where(broadcasts.c.status.in_([status.value for status in statuses]), is_behind)
            .distinct()
            .order_by(broadcasts.c.id)
        )
        return [BroadcastId(number) for number in await self._connection.scalars(statement)]

    async def shown(self, watcher: Watcher, moment: datetime) -> None:
        """Note that a message shows how a broadcast stood after its change at this moment (UTC)."""
        await self._connection.execute(update(watchers).where(_this(watcher)).values(shown_at=moment))

    async def leave(self, chat: int, message: int) -> None:
        """Forget a message that shows something else now."""
        theirs = and_(watchers.c.chat_id == chat, watchers.c.message_id == message)
        await self._connection.execute(delete(watchers).where(theirs))

    async def forget_all(self, number: int) -> None:
        """Forget every message that showed a broadcast: nothing about it changes any more."""
        await self._connection.execute(delete(watchers).where(watchers.c.broadcast_id == number))

    async def forget(self, watcher: Watcher) -> None:
        """Forget a message that is not there any more."""
        await self._connection.execute(delete(watchers).where(_this(watcher)))


def _this(watcher: Watcher) -> ColumnElement[bool]:
    return and_(
        watchers.c.broadcast_id == watcher.broadcast,
        watchers.c.chat_id == watcher.chat,
        watchers.c.message_id == watcher.message,
    )
