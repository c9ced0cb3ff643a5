"""Keeps the messages up to date in which operators watch broadcasts go out; one that cannot be changed waits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from tipbot.bot.broadcast_screens import Reader, card
from tipbot.bot.pacing import BESIDE, Bulk
from tipbot.bot.receipts import wait_of
from tipbot.bot.rendering import Screen
from tipbot.domain.broadcasts import BroadcastId
from tipbot.domain.operators import Right, Role
from tipbot.logs import get_logger
from tipbot.storage.watchers import Watcher
from tipbot.texts import Texts
from tipbot.usecases.standing import Progress
from tipbot.usecases.watching import Watching

log = get_logger(__name__)

# Asks how a broadcast stands, at most every few seconds in all processes together: else None.
Watch = Callable[[BroadcastId], Awaitable[Progress | None]]
PATIENCE = timedelta(seconds=5)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class ProgressMessages:
    """Edits count in the pace as replies do; what Telegram says to one of them never reaches the broadcast."""

    def __init__(
        self, bot: ExtBot[Bulk], watching: Watching, texts: Texts, *, zone: str, now: Callable[[], datetime]
    ) -> None:
        self._bot = bot
        self._watching = watching
        self._texts = texts
        self._zone = zone
        self._now = now
        # Telegram asked this process to leave a chat's message alone until then.
        self._not_before: dict[int, datetime] = {}

    async def tick(self, watch: Watch) -> None:
        """Show every broadcast that moves, or has changed, as it is now; raises StorageUnavailable."""
        found = [progress for number in await self._watching.due() if (progress := await watch(number)) is not None]
        for progress in found:
            for watcher, role in await self._watching.of(progress.broadcast.id):
                await self._show(watcher, progress, role)

    async def _show(self, watcher: Watcher, progress: Progress, role: Role) -> None:
        now = self._now()
        if self._not_before.get(watcher.chat, now) > now:
            return
        screen = card(progress, Reader(self._texts, self._zone, now, role.may(Right.SEND)))
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                is_shown = await self._edited(watcher, screen) or await self._sent_anew(watcher, progress, screen)
        except RetryAfter as pause:
            self._not_before[watcher.chat] = now + wait_of(pause)
        except Forbidden:
            await self._watching.lost(watcher)
        except (TelegramError, TimeoutError) as fault:
            log.info("progress_not_shown", broadcast=progress.broadcast.id, reason=str(fault))
        else:
            if is_shown:
                await self._watching.shown(watcher, progress)

    async def _edited(self, watcher: Watcher, screen: Screen) -> bool:
        """Change the message, and say whether it is still there."""
        try:
            await self._bot.edit_message_text(
                screen.text,
                chat_id=watcher.chat,
                message_id=watcher.message,
                parse_mode=ParseMode.HTML,
                reply_markup=screen.keyboard or InlineKeyboardMarkup([]),
                link_preview_options=_NO_PREVIEW,
                rate_limit_args=BESIDE,
            )
        except BadRequest as refusal:
            reason = refusal.message.lower()
            if reason.startswith(_GONE):
                return False
            if not reason.startswith("message is not modified"):
                raise
        return True

    async def _sent_anew(self, watcher: Watcher, progress: Progress, screen: Screen) -> bool:
        """Send the message once more to whoever deleted it, but no third time: they do not want it."""
        if await self._watching.lost(watcher):
            message = await self._bot.send_message(
                watcher.chat,
                screen.text,
                parse_mode=ParseMode.HTML,
                reply_markup=screen.keyboard,
                link_preview_options=_NO_PREVIEW,
                rate_limit_args=BESIDE,
            )
            await self._watching.renewed(watcher, message.message_id, progress)
        return False
