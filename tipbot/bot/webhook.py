"""Updates that Telegram brings by itself: answered only after their effect is committed."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime

from telegram import Update
from telegram.ext import ExtBot

from tipbot.bot.lanes import Lanes
from tipbot.bot.pacing import Bulk
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.updating import MOST_ATTEMPTS, UpdateRecord

log = get_logger(__name__)


class Interrupted(Exception):  # noqa: N818 (an answer to Telegram)
    """A stop cut the update off: Telegram is to bring it again."""


class Webhook:
    """Takes updates one by one; Telegram repeats those that were not answered with success."""

    def __init__(
        self, bot: ExtBot[Bulk], lanes: Lanes, record: UpdateRecord, *, now: Callable[[], datetime]
    ) -> None:
        self._bot = bot
        self._lanes = lanes
        self._record = record
        self._now = now
        self._in_hand: dict[int, asyncio.Future[None]] = {}

    async def accept(self, body: bytes) -> None:
        """Handle one update to its end; raises ValueError for what is no update, Interrupted at a stop.

        An update that is brought again while it is being worked on waits for the same end.
        """
        update = self._parse(body)
        if update.update_id in self._in_hand:
            await _end_of(self._in_hand[update.update_id])
            return
        if await self._is_set_aside(update):
            log.error("update_set_aside", update=update.update_id)
            return
        self._in_hand[update.update_id] = self._lanes.enter(update)
        try:
            await _end_of(self._in_hand[update.update_id])
        finally:
            del self._in_hand[update.update_id]
        await self._finish(update)

    async def _finish(self, update: Update) -> None:
        try:
            await self._record.finish(update.update_id)
        except StorageUnavailable as outage:
            log.warning("update_not_finished", update=update.update_id, reason=str(outage))

    def _parse(self, body: bytes) -> Update:
        try:
            return Update.de_json(json.loads(body), self._bot)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = "the body is not an update"
            raise ValueError(message) from error

    async def _is_set_aside(self, update: Update) -> bool:
        """Note an attempt, and say whether this update has brought the process down often enough."""
        try:
            attempts = await self._record.attempt(update.update_id, now=self._now())
        except StorageUnavailable as outage:
            log.warning("updates_not_noted", updates=1, reason=str(outage))
            return False
        return attempts > MOST_ATTEMPTS


async def _end_of(update: asyncio.Future[None]) -> None:
    await asyncio.wait((update,))
    if update.cancelled():
        raise Interrupted
