"""Tips and stretches on request: today's first, then another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tipbot.domain.content import Item, ItemId, Theme
from tipbot.domain.deck import draw, next_of
from tipbot.domain.schedule import local_date
from tipbot.domain.subscribers import ChatId, Kind, Slot, Subscriber
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.errors import NothingLeft, NotSubscribed, StretchesRest
from tipbot.usecases.library import Library


class Ask:
    """Hands out items from a subscriber's own deck, so that the schedule does not repeat them."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def today(self, chat_id: ChatId, kind: Kind, *, now: datetime) -> Item:
        """Return the item handed out today, or draw today's. Raises NotSubscribed, NothingLeft or StretchesRest."""
        async with self._database.writing() as books:
            subscriber, slot = await _order(books, chat_id, kind, now)
            await books.subscribers.touch(chat_id, now=now)
            left_out = await books.exclusions.of(chat_id)
            if slot.shown is not None and slot.shown_on == local_date(now, subscriber.zone):
                item = self._library.item(subscriber.language, slot.shown)
                if item is not None and item.id not in left_out and item.id in self._deck(subscriber, kind, now):
                    return item
            return await self._draw(books, subscriber, slot, now)

    async def another(self, chat_id: ChatId, kind: Kind, *, now: datetime) -> Item:
        """Draw the next item and make it today's. Raises NotSubscribed, NothingLeft or StretchesRest."""
        async with self._database.writing() as books:
            subscriber, slot = await _order(books, chat_id, kind, now)
            await books.subscribers.touch(chat_id, now=now)
            return await self._draw(books, subscriber, slot, now)

    async def on(
        self, chat_id: ChatId, kind: Kind, theme: Theme, *, after: ItemId | None = None, now: datetime
    ) -> Item:
        """Return an item on a topic or in a position: today's first one, or the one that follows after another.

        The deck stays as it is. Raises NotSubscribed, NothingLeft or StretchesRest.
        """
        async with self._database.writing() as books:
            subscriber, _ = await _order(books, chat_id, kind, now)
            await books.subscribers.touch(chat_id, now=now)
            left_out = await books.exclusions.of(chat_id)
        is_resting = subscriber.rests_stretches(now)
        found = self._library.on(subscriber.language, kind, theme, is_neutral=is_resting)
        items = [one for one in found if one not in left_out]
        if not found and is_resting and subscriber.stretch_pause_until:
            raise StretchesRest(subscriber.stretch_pause_until)
        if not items:
            raise NothingLeft
        start = after or local_date(now, subscriber.zone).isoformat()
        return self._item(subscriber, next_of(items, owner=str(chat_id), after=start))

    def _deck(self, subscriber: Subscriber, kind: Kind, now: datetime) -> Sequence[ItemId]:
        is_neutral = subscriber.rests_stretches(now)
        return self._library.deck(subscriber.language, kind, asked_for=True, is_neutral=is_neutral)

    async def _draw(self, books: Books, subscriber: Subscriber, slot: Slot, now: datetime) -> Item:
        left_out = await books.exclusions.of(slot.chat_id)
        deck = self._deck(subscriber, slot.kind, now)
        if not any(one not in left_out for one in deck):
            raise NothingLeft
        item_id, position = draw(deck, owner=str(slot.chat_id), position=slot.position, left_out=left_out)
        # Looked up before anything is waited for: meanwhile the content may be another.
        item, day = self._item(subscriber, item_id), local_date(now, subscriber.zone)
        await books.slots.save([replace(slot, position=position, shown=item_id, shown_on=day)])
        return item

    def _item(self, subscriber: Subscriber, item_id: ItemId) -> Item:
        item = self._library.item(subscriber.language, item_id)
        assert item is not None, "a deck holds only items of its own catalogue"  # noqa: S101
        return item


async def _order(books: Books, chat_id: ChatId, kind: Kind, now: datetime) -> tuple[Subscriber, Slot]:
    # The subscriber's row is taken first, as everywhere, so that two presses at once queue instead of deadlocking.
    subscriber = await books.subscribers.find(chat_id, for_change=True)
    if subscriber is None:
        raise NotSubscribed
    if kind is Kind.STRETCH and subscriber.stretch_pause_until and subscriber.rests_stretches(now):
        raise StretchesRest(subscriber.stretch_pause_until)
    return subscriber, (await books.slots.of(chat_id, for_change=True))[kind]
