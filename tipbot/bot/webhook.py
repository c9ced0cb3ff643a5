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
from tipbot.usecases.updating import MOST_ATTEMPTS, NOTE_SECONDS, UpdateRecord

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

        An update that is brought again while it is being worked on waits for the same end; one that came to its end
        before is not handled again. One that nobody can read is set aside, or Telegram would bring it for ever.
        """
        update = self._parse(body)
        if update is None:
            return
        if update.update_id in self._in_hand:
            await _end_of(self._in_hand[update.update_id])
            return
        # Taken in hand before anything is waited for: the same update may be brought again at any moment.
        ended = self._in_hand[update.update_id] = asyncio.get_running_loop().create_future()
        try:
            await self._see_to(update)
            ended.set_result(None)
        finally:
            ended.cancel()
            del self._in_hand[update.update_id]

    async def _see_to(self, update: Update) -> None:
        if await self._is_done_with(update):
            return
        await _end_of(self._lanes.enter(update))
        await self._finish(update)

    async def _finish(self, update: Update) -> None:
        try:
            await self._record.finish([update.update_id], now=self._now())
        except StorageUnavailable as outage:
            log.warning("update_not_finished", update=update.update_id, reason=str(outage))

    def _parse(self, body: bytes) -> Update | None:
        try:
            entry = json.loads(body)
            update_id = int(entry["update_id"])
        except (ValueError, KeyError, TypeError) as error:
            message = "the body is not an update"
            raise ValueError(message) from error
        try:
            return Update.de_json(entry, self._bot)
        except Exception as fault:  # noqa: BLE001 (whatever is wrong with one update, it must not come for ever)
            log.warning("update_unreadable", update=update_id, fault=type(fault).__name__)
            return None

    async def _is_done_with(self, update: Update) -> bool:
        """Note an attempt; say whether this update was handled before or has brought the process down too often."""
        try:
            async with asyncio.timeout(NOTE_SECONDS):
                before = await self._record.attempt(update.update_id, now=self._now())
        except (StorageUnavailable, TimeoutError) as outage:
            log.warning("updates_not_noted", updates=1, reason=str(outage))
            return False
        if before is None:
            return False
        if before.attempts >= MOST_ATTEMPTS and not before.is_finished:
            log.error("update_set_aside", update=update.update_id)
            return True
        return before.is_finished


async def _end_of(update: asyncio.Future[None]) -> None:
    await asyncio.wait((update,))
    if update.cancelled():
        raise Interrupted
