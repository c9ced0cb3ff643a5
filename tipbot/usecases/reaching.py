"""Whether a chat can still be reached: blocks, unblocks, removals and moved groups."""

from dataclasses import replace
from datetime import datetime, timedelta

from tipbot.domain.delivery import Matter
from tipbot.domain.kindness import seen
from tipbot.domain.subscribers import ChatId, Status, Subscriber
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.arranging import next_moment
from tipbot.usecases.offers import withdraw_offers
from tipbot.usecases.tallying import count_change

# How exactly it is known when somebody was last there.
PRESENCE = timedelta(hours=1)


class Reach:
    """Keeps the record of who can be reached; being told the same twice changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lost(self, chat_id: ChatId, status: Status, *, now: datetime) -> None:
        """Note that a chat blocked or removed the bot, or is gone: nothing falls due there any more."""
        async with self._database.writing() as books:
            await lose(books, chat_id, status, now=now)

    async def seen(self, chat_id: ChatId, *, now: datetime) -> None:
        """Note that a person is there: a silence ends, and with it the slower rhythm that came of it."""
        async with self._database.reading() as books:
            known = await books.subscribers.find(chat_id)
        if known is not None:
            await note_presence(self._database, known, now=now)

    async def moved(self, old: ChatId, new: ChatId, *, now: datetime) -> None:
        """Note that a group lives on under a new id; its subscription goes with it."""
        async with self._database.writing() as books:
            await move(books, old, new, now=now)


async def lose(books: Books, chat_id: ChatId, status: Status, *, now: datetime) -> None:
    """Note within a transaction that a chat cannot be reached any more."""
    subscriber = await books.subscribers.find(chat_id, for_change=True)
    if subscriber is None or subscriber.status is status:
        return
    await books.subscribers.save(replace(subscriber, status=status, status_since=now, paused_until=None))
    count_change(books, subscriber.status, status, now=now)
    await books.slots.silence(chat_id)
    await books.outbox.cancel(chat_id, now=now, reason=f"the chat is {status}")
    # Who throws the bot out wants no offers either, should they ever come back.
    await withdraw_offers(books, chat_id, now=now)


async def move(books: Books, old: ChatId, new: ChatId, *, now: datetime) -> None:
    """Note within a transaction that a group has a new id; what waits goes there, but nothing comes twice."""
    known = await books.subscribers.find(old, for_change=True)
    if await books.subscribers.move(old, new):
        await books.outbox.move(old, new)
        await books.recipients.move(old, new)
    else:
        await books.outbox.cancel(old, now=now, reason="the group is subscribed under its new id")
        if known is not None:
            count_change(books, known.status, Status.GONE, now=now)


async def note_presence(database: Database, known: Subscriber, *, now: datetime) -> None:
    """Note that a subscriber, as read a moment ago, gave a sign of life; mostly there is nothing to write."""
    if not _is_news(known, now):
        return
    async with database.writing() as books:
        subscriber = await books.subscribers.find(known.chat_id, for_change=True)
        if subscriber is None:
            return
        back = seen(subscriber, now=now)
        await books.subscribers.save(back)
        # A word of goodbye, or a question whether they are still there, has been answered by coming.
        await books.outbox.cancel(known.chat_id, now=now, reason="is here", kind=Matter.NOTE)
        if subscriber.slowed_at is not None:
            slots = await books.slots.of(known.chat_id, for_change=True)
            again = [replace(slot, next_at=next_moment(back, slot, now=now)) for slot in slots.values()]
            await books.slots.save(again)


def _is_news(subscriber: Subscriber, now: datetime) -> bool:
    """Say whether it is worth writing down that somebody is there: by the hour, unless they had been missed."""
    missed = (subscriber.silence_asked_at, subscriber.slowed_at, subscriber.farewell_warned_at)
    return any(moment is not None for moment in missed) or now - subscriber.last_active_at >= PRESENCE
