"""Subscribers as they are remembered: no name, no username, no free text."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.subscribers import ChatId, ChatKind, Status, Subscriber
from tipbot.storage.many import update_many
from tipbot.storage.schema import subscribers
from tipbot.storage.statements import change_where, new_row, rows_with


class Subscribers:
    """The subscribers' page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, chat_id: ChatId, *, for_change: bool = False) -> Subscriber | None:
        """Return the subscriber; `for_change` keeps others from changing it until the transaction ends."""
        statement = rows_with(subscribers.c.chat_id, for_change=for_change)
        row = (await self._connection.execute(statement, {"chat_id": chat_id})).one_or_none()
        return None if row is None else subscriber_of(row)

    async def add(self, subscriber: Subscriber) -> bool:
        """Write a new subscriber down; return False, and change nothing, when the chat is known already."""
        statement = new_row(self._connection, subscribers)
        return bool((await self._connection.execute(statement, _values(subscriber))).rowcount)

    async def add_all(self, new: Sequence[Subscriber]) -> None:
        """Write many new subscribers down at once; those that are known already stay as they are."""
        statement = new_row(self._connection, subscribers)
        await self._connection.execute(statement, [_values(subscriber) for subscriber in new])

    async def save(self, subscriber: Subscriber) -> None:
        """Write down every field of a known subscriber."""
        await self._connection.execute(_CHANGE, {"this_chat_id": subscriber.chat_id, **_values(subscriber)})

    async def note_kindness(self, changed: Sequence[Subscriber]) -> None:
        """Write down what a note to somebody changes: which questions were asked, and how much comes since then."""
        await update_many(
            self._connection, subscribers, _NOTED, [_noted(one) for one in changed], keys=("chat_id",)
        )

    async def touch(self, chat_id: ChatId, *, now: datetime) -> None:
        """Note that somebody did something just now: a farewell, if one was announced, is off."""
        present = {"last_active_at": now, "farewell_warned_at": None}
        await self._connection.execute(_CHANGE, {"this_chat_id": chat_id, **present})

    async def wake(self, chat_ids: Collection[ChatId], *, now: datetime) -> None:
        """End the pauses of these chats."""
        if not chat_ids:
            return
        awake = {"status": Status.ACTIVE.value, "status_since": now, "paused_until": None}
        paused = subscribers.c.chat_id.in_(chat_ids) & (subscribers.c.status == Status.PAUSED.value)
        await self._connection.execute(update(subscribers).where(paused).values(awake))

    async def move(self, old: ChatId, new: ChatId) -> bool:
        """Give a group's subscription its new id; slots and consents follow through their foreign keys.

        A group that subscribed again under its new id keeps the newer subscription: then return False.
        """
        taken = await self.find(new)
        if taken is not None:
            await self._connection.execute(delete(subscribers).where(subscribers.c.chat_id == old))
            return False
        await self._connection.execute(update(subscribers).where(subscribers.c.chat_id == old).values(chat_id=new))
        return True

    async def count(self) -> dict[Status, int]:
        """Return how many subscribers there are of each status."""
        statement = select(subscribers.c.status, func.count()).group_by(subscribers.c.status)
        return {Status(status): number for status, number in (await self._connection.execute(statement)).all()}


_CHANGE = change_where(subscribers.c.chat_id)
# Looked up, because making a member of its value takes ten times as long, and thousands may be due at once.
_CHAT_KINDS = {kind.value: kind for kind in ChatKind}
_STATUSES = {status.value: status for status in Status}


def subscriber_of(row: Sequence[Any]) -> Subscriber:
    """Return the value of a row of the table."""
    chat_id, chat_kind, language, zone, status, *more = row
    *since_joining, stretch_pause_until, asked_at, silence_asked_at, slowed_at, warned_at = more
    rest = [*since_joining, asked_at, silence_asked_at, slowed_at, warned_at, stretch_pause_until]
    return Subscriber(chat_id, _CHAT_KINDS[chat_kind], language, zone, _STATUSES[status], *rest)


# In the order of the value's fields.
COLUMNS = tuple(subscribers.c[field.name] for field in fields(Subscriber))


def subscribers_of(columns: Sequence[Sequence[Any]]) -> Iterable[Subscriber]:
    """Return the values of rows that are given by COLUMNS; thousands may be due at once."""
    chat_ids, chat_kinds, languages, zones, statuses, *rest = columns
    kinds, states = map(_CHAT_KINDS.__getitem__, chat_kinds), map(_STATUSES.__getitem__, statuses)
    return map(Subscriber, chat_ids, kinds, languages, zones, states, *rest)


_NOTED = ("status", "status_since", "paused_until", "how_often_asked_at", "silence_asked_at", "slowed_at")


def _noted(subscriber: Subscriber) -> tuple[object, ...]:
    """Return what a note changes, as named by _NOTED, and which row it is."""
    status = (subscriber.status.value, subscriber.status_since, subscriber.paused_until)
    asked = (subscriber.how_often_asked_at, subscriber.silence_asked_at, subscriber.slowed_at)
    return (*status, *asked, subscriber.chat_id)


def _values(subscriber: Subscriber) -> dict[str, Any]:
    return {
        "chat_id": subscriber.chat_id,
        "chat_kind": subscriber.chat_kind.value,
        "language": subscriber.language,
        "zone": subscriber.zone,
        "status": subscriber.status.value,
        "joined_at": subscriber.joined_at,
        "last_active_at": subscriber.last_active_at,
        "status_since": subscriber.status_since,
        "paused_until": subscriber.paused_until,
        "source": subscriber.source,
        "wants_articles": subscriber.wants_articles,
        "how_often_asked_at": subscriber.how_often_asked_at,
        "silence_asked_at": subscriber.silence_asked_at,
        "slowed_at": subscriber.slowed_at,
        "farewell_warned_at": subscriber.farewell_warned_at,
        "stretch_pause_until": subscriber.stretch_pause_until,
    }
