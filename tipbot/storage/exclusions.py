"""Which items each chat never wants to get again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.content import ItemId
from tipbot.domain.subscribers import ChatId
from tipbot.storage.prepared import Prepared
from tipbot.storage.schema import exclusions
from tipbot.storage.statements import among, chats_among, new_row


class Exclusions:
    """The page of items that were left out."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, chat_id: ChatId, item: ItemId, *, now: datetime) -> None:
        """Write an item down as left out; one that is there already stays as it is."""
        values = {"chat_id": chat_id, "item": item, "added_at": now}
        await self._connection.execute(new_row(self._connection, exclusions), values)

    async def remove(self, chat_id: ChatId, items: Collection[ItemId]) -> None:
        """Strike items out, those of them that are there."""
        these = (exclusions.c.chat_id == chat_id) & exclusions.c.item.in_(items)
        await self._connection.execute(delete(exclusions).where(these))

    async def of(self, chat_id: ChatId) -> list[ItemId]:
        """Return what a chat left out, the newest first."""
        statement = select(exclusions.c.item).where(exclusions.c.chat_id == chat_id)
        newest_first = statement.order_by(exclusions.c.added_at.desc(), exclusions.c.item)
        return [ItemId(item) for item in await self._connection.scalars(newest_first)]

    async def of_many(self, chat_ids: Collection[ChatId]) -> dict[ChatId, set[ItemId]]:
        """Return what these chats left out, asked for all at once; a chat that left out nothing is not named."""
        if not chat_ids:
            return {}
        found: dict[ChatId, set[ItemId]] = {}
        for chat_id, item in await _LEFT_OUT.rows(self._connection, chats_among(self._connection, chat_ids)):
            found.setdefault(chat_id, set()).add(item)
        return found


def _left_out(dialect: str) -> Select[int, str]:
    return select(exclusions.c.chat_id, exclusions.c.item).where(among(dialect, exclusions.c.chat_id))


_LEFT_OUT = Prepared(_left_out, returns=(exclusions.c.chat_id, exclusions.c.item))
