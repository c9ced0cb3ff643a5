"""Which items each chat keeps."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.content import ItemId
from tipbot.domain.subscribers import ChatId
from tipbot.storage.schema import favourites
from tipbot.storage.statements import new_row, rows_with


class Favourites:
    """The page of kept items."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, chat_id: ChatId, item: ItemId, *, now: datetime) -> None:
        """Write an item down as kept; one that is kept already stays as it is."""
        values = {"chat_id": chat_id, "item": item, "added_at": now}
        await self._connection.execute(new_row(self._connection, favourites), values)

    async def remove(self, chat_id: ChatId, item: ItemId) -> None:
        """Strike an item out, if it is there."""
        this = (favourites.c.chat_id == chat_id) & (favourites.c.item == item)
        await self._connection.execute(delete(favourites).where(this))

    async def has(self, chat_id: ChatId, item: ItemId) -> bool:
        """Say whether a chat keeps an item."""
        this = rows_with(favourites.c.chat_id, favourites.c.item)
        return await self._connection.scalar(this, {"chat_id": chat_id, "item": item}) is not None

    async def of(self, chat_id: ChatId) -> list[ItemId]:
        """Return what a chat keeps, the newest first."""
        statement = select(favourites.c.item).where(favourites.c.chat_id == chat_id)
        newest_first = statement.order_by(favourites.c.added_at.desc(), favourites.c.item)
        return [ItemId(item) for item in await self._connection.scalars(newest_first)]
