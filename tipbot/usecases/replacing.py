"""Letting another item go in the place of one that waits to be sent and is not wanted any more."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from tipbot.domain.content import ItemId
from tipbot.domain.deck import draw
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.retired import Waiting
from tipbot.usecases.library import Library

# So few at once that nobody who plans or sends has to wait.
AT_ONCE = 100


class Replace:
    """Empties the outbox of items that nobody gets any more. Cut off in the middle, the rest is not sent either."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def replace(self, items: Collection[ItemId], *, now: datetime) -> int:
        """Let others wait in the place of these, or nothing where nothing is left; return for how many chats.

        What is in the air at this moment still arrives.
        """
        replaced = 0
        while items:
            async with self._database.writing() as books:
                waiting = await books.retired.waiting(items, most=AT_ONCE)
                for one in waiting:
                    await swap(books, self._library, one, unwanted=items, reason="retired", now=now)
            replaced += len(waiting)
            if len(waiting) < AT_ONCE:
                break
        return replaced


async def swap(
    books: Books,
    library: Library,
    waiting: Waiting,
    *,
    unwanted: Collection[ItemId] = (),
    reason: str,
    now: datetime,
) -> None:
    """Let the next item of a chat's own deck wait in the place of one; cancel it where the deck is empty."""
    chat_id, kind = waiting.chat_id, waiting.kind
    # The subscriber's row first, as everywhere.
    subscriber = await books.subscribers.find(chat_id, for_change=True)
    left_out = {*await books.exclusions.of(chat_id), *unwanted, waiting.item}
    is_neutral = subscriber is not None and subscriber.rests_stretches(now)
    deck = () if subscriber is None else library.deck(subscriber.language, kind, is_neutral=is_neutral)
    slot = (await books.slots.of(chat_id, for_change=True)).get(kind)
    if slot is None or all(one in left_out for one in deck):
        await books.outbox.cancel(chat_id, now=now, reason=reason, item=waiting.item)
        return
    other, position = draw(deck, owner=str(chat_id), position=slot.position, left_out=left_out)
    await books.outbox.swap(chat_id, waiting.item, other)
    await books.slots.save([replace(slot, position=position, shown=other)])
