"""Telling operators at once, and once for each cause, when something needs a person."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from tipbot.domain.alarms import Alarm
from tipbot.logs import get_logger
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable

log = get_logger(__name__)

# A cause that lasts is told again after this time, so that it is not forgotten for ever.
REMIND_AFTER = timedelta(days=7)
# For so long this process believes what it last heard of a cause without asking the database: thousands of
# deliveries may meet the same trouble, and another process may have seen the end of it.
BELIEVED_FOR = timedelta(minutes=10)
# How long the database may take to say whether a cause was told; then this process's own memory has to do.
_PATIENCE_SECONDS = 3.0
# At a stop, what was rung a moment ago is still brought, but nobody waits longer for it.
_LAST_SECONDS = 3.0


class OperatorLine(Protocol):
    """Whoever can bring an alarm to the operators; it never raises."""

    async def tell(self, alarm: Alarm) -> bool:
        """Send the alarm to every operator; return False when nobody could be reached."""
        ...


class Alarms:
    """Gathers alarms from everywhere; ringing never waits, and a second one of the same cause is silent.

    What was told is kept in the database: once for all processes and across restarts, until the cause is over or
    has lasted for a week. While the database is away, each process goes by what it remembers itself.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        # Of each cause: whether it lasts, and when this process last heard of it.
        self._heard: dict[str, tuple[bool, datetime]] = {}
        self._unwritten: set[str] = set()
        self._waiting: asyncio.Queue[Alarm | str | None] = asyncio.Queue()

    def ring(self, alarm: Alarm) -> None:
        """Let operators know, unless they have been told of this cause."""
        if self._is_news(alarm.cause, lasts=True):
            self._waiting.put_nowait(alarm)

    def over(self, cause: str) -> None:
        """Note that a cause is over, so that the next time is told again."""
        if self._is_news(cause, lasts=False):
            self._waiting.put_nowait(cause)

    def _is_news(self, cause: str, *, lasts: bool) -> bool:
        now = self._now()
        self._heard = {one: heard for one, heard in self._heard.items() if _is_believed(heard[1], now)}
        if self._heard.get(cause, (not lasts, now))[0] is lasts:
            return False
        self._heard[cause] = (lasts, now)
        return True

    async def run(self, line: OperatorLine, stop: asyncio.Event) -> None:
        """Bring alarms to the operators until `stop` is set."""
        async with asyncio.TaskGroup() as tasks:
            bringing = tasks.create_task(self._bring(line))
            await stop.wait()
            self._waiting.put_nowait(None)
            await asyncio.wait((bringing,), timeout=_LAST_SECONDS)
            bringing.cancel()

    async def _bring(self, line: OperatorLine) -> None:
        while (news := await self._waiting.get()) is not None:
            if isinstance(news, str):
                await self._note_end(news)
            elif await self._note(news):
                log.error("alarm", cause=news.cause, kind=type(news).__name__, reason=news.reason)
                if not await line.tell(news):
                    # Nobody knows of it yet: whoever notices it next shall try again.
                    await self._note_end(news.cause)

    async def _note(self, alarm: Alarm) -> bool:
        """Note that operators are told, and say whether it is for this process to tell them."""
        now = self._now()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._database.writing() as books:
                is_new = await books.told.note(alarm.cause, now=now, not_since=now - REMIND_AFTER)
        except (StorageUnavailable, TimeoutError) as outage:
            log.warning("alarm_not_noted", cause=alarm.cause, reason=str(outage))
            is_new = alarm.cause not in self._unwritten
            self._unwritten.add(alarm.cause)
            return is_new
        was_told = alarm.cause in self._unwritten
        self._unwritten.discard(alarm.cause)
        return is_new and not was_told

    async def _note_end(self, cause: str) -> None:
        self._unwritten.discard(cause)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._database.writing() as books:
                await books.told.over(cause)
        except (StorageUnavailable, TimeoutError) as outage:
            log.warning("alarm_not_noted", cause=cause, reason=str(outage))


def _is_believed(heard_at: datetime, now: datetime) -> bool:
    # A clock that was put back must not keep a cause silent.
    return timedelta(0) <= now - heard_at < BELIEVED_FOR
