"""Items that nobody gets any more, although the content still has them, and deliveries of such items that wait."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.content import ItemId
from tipbot.domain.delivery import Matter
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage.schema import is_queued, outbox, retired_items
from tipbot.storage.statements import insert_into

# What a delivery of an item comes from; in channels there are stretches only.
_KINDS = {Matter.TIP.value: Kind.TIP, Matter.STRETCH.value: Kind.STRETCH, Matter.POST.value: Kind.STRETCH}


@dataclass(frozen=True, slots=True)
class Retirement:
    """An item that was retired, by which operator (a Telegram user id), and when (UTC)."""

    item: ItemId
    operator: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that waits to be sent to a chat."""

    chat_id: ChatId
    item: ItemId
    kind: Kind


class Retired:
    """The page of retired items."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Retirement]:
        """Return all retired items, the latest first."""
        statement = select(retired_items).order_by(retired_items.c.at.desc(), retired_items.c.item)
        rows = await self._connection.execute(statement)
        return [Retirement(ItemId(row.item), row.operator, row.at) for row in rows]

    async def add(self, retirement: Retirement) -> None:
        """Write an item down as retired; one that is there already stays as it is."""
        values = {"item": retirement.item, "operator": retirement.operator, "at": retirement.at}
        await self._connection.execute(
            insert_into(self._connection, retired_items).values(values).on_conflict_do_nothing()
        )

    async def remove(self, item: ItemId) -> bool:
        """Strike an item out; return False when it was not there."""
        these = delete(retired_items).where(retired_items.c.item == item)
        return bool((await self._connection.execute(these)).rowcount)

    async def tidy(self, known: Collection[ItemId], *, before: datetime) -> int:
        """Strike out items that are not known any more and were retired before a moment; return how many."""
        old = delete(retired_items).where(retired_items.c.at < before, retired_items.c.item.not_in(known))
        return (await self._connection.execute(old)).rowcount

    async def waiting(self, items: Collection[ItemId], *, most: int) -> list[Waiting]:
        """Return chats for which one of these items waits, in the order in which their rows are to be taken."""
        statement = (
            select(outbox.c.chat_id, outbox.c.item, outbox.c.kind)
            .where(is_queued, outbox.c.item.in_(items), outbox.c.kind.in_(_KINDS))
            .distinct()
            .order_by(outbox.c.chat_id)
            .limit(most)
        )
        rows = await self._connection.execute(statement)
        return [Waiting(ChatId(row.chat_id), ItemId(row.item), _KINDS[row.kind]) for row in rows]
