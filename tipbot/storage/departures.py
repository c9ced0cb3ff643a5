"""Who is to be forgotten, and who told so first; the rules are those of tipbot/domain/retention.py, as SQL."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.retention import KEEP_STOPPED, LOST, NOTICE, REACHABLE, SILENCE
from tipbot.domain.subscribers import ChatId, ChatKind, Status, Subscriber
from tipbot.storage.schema import subscribers
from tipbot.storage.subscribers import subscriber_of

_status, _last, _since, _warned = (
    subscribers.c.status,
    subscribers.c.last_active_at,
    subscribers.c.status_since,
    subscribers.c.farewell_warned_at,
)

_can_press = subscribers.c.chat_kind != ChatKind.CHANNEL.value


class Departures:
    """The subscribers' page, read for those who went away. Every question is answered from one index."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def overdue(self, *, now: datetime, most: int) -> list[ChatId]:
        """Return some who are to be forgotten now, and keep other processes off them until the end."""
        overdue = select(subscribers.c.chat_id).where(_to_be_forgotten(now)).limit(most)
        chosen = await self._connection.scalars(overdue.with_for_update(skip_locked=True))
        return [ChatId(chat_id) for chat_id in chosen]

    async def still_with_us(self, chat_ids: Collection[ChatId]) -> int:
        """Return how many of these have a subscription that they did not end themselves."""
        theirs = subscribers.c.chat_id.in_(chat_ids) & _among(REACHABLE)
        return int(await self._connection.scalar(select(func.count()).where(theirs)) or 0)

    async def silent(self, *, now: datetime, most: int) -> list[Subscriber]:
        """Return some who are to be told that they will be forgotten; other processes are kept off them."""
        silent = select(subscribers).where(_to_be_warned(now)).limit(most).with_for_update(skip_locked=True)
        return [subscriber_of(row) for row in await self._connection.execute(silent)]

    async def note_warned(self, chat_ids: Collection[ChatId], *, now: datetime) -> None:
        """Note that these were told."""
        theirs = subscribers.c.chat_id.in_(chat_ids)
        await self._connection.execute(update(subscribers).where(theirs).values(farewell_warned_at=now))


def _to_be_forgotten(now: datetime) -> ColumnElement[bool]:
    stopped = and_(_status == Status.STOPPED.value, _last <= now - KEEP_STOPPED, _since <= now - KEEP_STOPPED)
    lost = and_(_among(LOST), _last <= now - SILENCE, _since <= now - SILENCE)
    told = and_(_among(LOST | REACHABLE), _last <= now - SILENCE, _warned >= _last, _warned <= now - NOTICE)
    told = and_(told, _can_press)
    return or_(stopped, lost, told)


def _to_be_warned(now: datetime) -> ColumnElement[bool]:
    return and_(_can_press, _among(REACHABLE), _last <= now - SILENCE, or_(_warned.is_(None), _warned < _last))


def _among(statuses: Iterable[Status]) -> ColumnElement[bool]:
    return _status.in_(sorted(status.value for status in statuses))
