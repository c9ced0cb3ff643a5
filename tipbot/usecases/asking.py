"""Tips and stretches on request: today's first, then another."""

from dataclasses import replace
from datetime import datetime

from tipbot.domain.content import Item
from tipbot.domain.deck import draw
from tipbot.domain.schedule import local_date
from tipbot.domain.subscribers import ChatId, Kind, Slot, Subscriber
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.errors import NotSubscribed
from tipbot.usecases.library import Library


class Ask:
    """Hands out items from a subscriber's own deck, so that the schedule does not repeat them."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def today(self, chat_id: ChatId, kind: Kind, *, now: datetime) -> Item:
        """Return the item handed out today, or draw today's. Raises NotSubscribed."""
        async with self._database.writing() as books:
            subscriber, slot = await _order(books, chat_id, kind)
            await books.subscribers.touch(chat_id, now=now)
            if slot.shown is not None and slot.shown_on == local_date(now, subscriber.zone):
                item = self._library.item(subscriber.language, slot.shown)
                if item is not None:
                    return item
            return await self._draw(books, subscriber, slot, now)

    async def another(self, chat_id: ChatId, kind: Kind, *, now: datetime) -> Item:
        """Draw the next item and make it today's. Raises NotSubscribed."""
        async with self._database.writing() as books:
            subscriber, slot = await _order(books, chat_id, kind)
            await books.subscribers.touch(chat_id, now=now)
            return await self._draw(books, subscriber, slot, now)

    async def _draw(self, books: Books, subscriber: Subscriber, slot: Slot, now: datetime) -> Item:
        deck = self._library.deck(subscriber.language, slot.kind, asked_for=True)
        item_id, position = draw(deck, owner=str(slot.chat_id), position=slot.position)
        day = local_date(now, subscriber.zone)
        await books.slots.save([replace(slot, position=position, shown=item_id, shown_on=day)])
        item = self._library.item(subscriber.language, item_id)
        assert item is not None, "a deck holds only items of its own catalogue"  # noqa: S101
        return item


async def _order(books: Books, chat_id: ChatId, kind: Kind) -> tuple[Subscriber, Slot]:
    # The subscriber's row is taken first, as everywhere, so that two presses at once queue instead of deadlocking.
    subscriber = await books.subscribers.find(chat_id, for_change=True)
    if subscriber is None:
        raise NotSubscribed
    return subscriber, (await books.slots.of(chat_id, for_change=True))[kind]
