"""What a chat makes of single items: keeping them, and leaving them out for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tipbot.domain.content import Item, ItemId, Language
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.retired import Waiting
from tipbot.usecases.errors import NotSubscribed
from tipbot.usecases.library import Library, kind_of
from tipbot.usecases.replacing import swap

# A list that somebody still looks through, and room for nearly everything a clinic has to say.
MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """The items of a chat's list that are still around, the newest first, and how many were retired."""

    items: tuple[Item, ...]
    retired: int


class Choose:
    """Keeps and leaves out; doing either twice changes nothing. Items nobody knows are never written down."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def keep(self, chat_id: ChatId, item: Item, *, now: datetime) -> bool:
        """Keep an item; return False, and change nothing, where 200 are kept already. Raises NotSubscribed."""
        async with self._database.writing() as books:
            language = await _language(books, chat_id)
            kept = self._known(language, await books.favourites.of(chat_id)).items
            if len(kept) >= MOST_KEPT and item.id not in {one.id for one in kept}:
                return False
            await books.favourites.add(chat_id, item.id, now=now)
            await books.subscribers.touch(chat_id, now=now)
            return True

    async def let_go(self, chat_id: ChatId, item_id: ItemId, *, now: datetime) -> None:
        """Keep an item no longer. Raises NotSubscribed."""
        async with self._database.writing() as books:
            await _language(books, chat_id)
            await books.favourites.remove(chat_id, item_id)
            await books.subscribers.touch(chat_id, now=now)

    async def is_kept(self, chat_id: ChatId, item_id: ItemId) -> bool:
        """Say whether a chat keeps an item."""
        async with self._database.reading() as books:
            return await books.favourites.has(chat_id, item_id)

    async def favourites(self, chat_id: ChatId) -> Chosen:
        """Return what a chat keeps. Raises NotSubscribed."""
        async with self._database.reading() as books:
            language = await _language(books, chat_id, for_change=False)
            return self._known(language, await books.favourites.of(chat_id))

    async def leave_out(self, chat_id: ChatId, item: Item, *, now: datetime) -> None:
        """Never bring an item again; one that waits to be sent gives way to another at once.

        Raises NotSubscribed.
        """
        async with self._database.writing() as books:
            await _language(books, chat_id)
            await books.exclusions.add(chat_id, item.id, now=now)
            await books.subscribers.touch(chat_id, now=now)
            if await books.outbox.waits(chat_id, item.id):
                waiting = Waiting(chat_id, item.id, kind_of(item))
                await swap(books, self._library, waiting, reason="everything is left out", now=now)

    async def take_back(self, chat_id: ChatId, item_id: ItemId, *, now: datetime) -> None:
        """Let an item that was left out come again. Raises NotSubscribed."""
        async with self._database.writing() as books:
            await _language(books, chat_id)
            await books.exclusions.remove(chat_id, [item_id])
            await books.subscribers.touch(chat_id, now=now)

    async def take_all_back(self, chat_id: ChatId, kind: Kind, *, now: datetime) -> None:
        """Let everything of a kind that was left out come again, and nothing else. Raises NotSubscribed."""
        async with self._database.writing() as books:
            language = await _language(books, chat_id)
            left_out = self._known(language, await books.exclusions.of(chat_id)).items
            await books.exclusions.remove(chat_id, [item.id for item in left_out if kind_of(item) is kind])
            await books.subscribers.touch(chat_id, now=now)

    async def left_out(self, chat_id: ChatId) -> Chosen:
        """Return what a chat left out. Raises NotSubscribed."""
        async with self._database.reading() as books:
            language = await _language(books, chat_id, for_change=False)
            return self._known(language, await books.exclusions.of(chat_id))

    def _known(self, language: Language, ids: Iterable[ItemId]) -> Chosen:
        found = [self._library.item(language, one) for one in ids]
        items = tuple(item for item in found if item is not None)
        return Chosen(items, len(found) - len(items))


async def _language(books: Books, chat_id: ChatId, *, for_change: bool = True) -> Language:
    """Return the language of a chat, and keep others from changing the chat until the end; or NotSubscribed."""
    subscriber = await books.subscribers.find(chat_id, for_change=for_change)
    if subscriber is None:
        raise NotSubscribed
    return subscriber.language
