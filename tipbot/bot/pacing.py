"""Answers to people: sent at once, counted so that bulk sending makes room, and patient when Telegram is busy."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any, Literal, TypeVar

from telegram._utils.types import JSONDict  # the type the base class is written with
from telegram.error import Forbidden, RetryAfter
from telegram.ext import BaseRateLimiter

from tipbot.bot.handing_over import NotHandedOver, ServerFault
from tipbot.bot.receipts import wait_of
from tipbot.domain.subscribers import ChatId
from tipbot.logs import get_logger

log = get_logger(__name__)

Result = TypeVar("Result")

# How a call is paced: nothing for an answer to a person, `bulk` for a delivery, and `beside` for a message that the
# bot keeps up to date by itself: it is counted, and what Telegram says to it concerns nobody else.
Bulk = Literal["bulk", "beside"]
BULK: Bulk = "bulk"
BESIDE: Bulk = "beside"

# A person who waits longer than this has given up; better to fail and let them ask again.
LONGEST_WAIT = timedelta(seconds=5)
TRIES = 3
FIRST_PAUSE_SECONDS = 0.5
# These neither count against Telegram's limits nor may they be repeated late.
_COUNTED = ("send", "edit", "copy", "forward")
_FREE = frozenset({"answerCallbackQuery", "getChat", "getChatMember", "getMe", "sendChatAction"})


class TurnedAway(Forbidden):
    """The chat that an answer was for takes no messages of the bot any more."""

    def __init__(self, message: str, chat_id: ChatId) -> None:
        super().__init__(message)
        self.chat_id = chat_id


class ReplyPacing(BaseRateLimiter[Bulk]):
    """Lets replies go first. Deliveries pass untouched: the courier has a pace and a way with errors of its own."""

    def __init__(
        self, *, sent: Callable[[int | None], object], slow_down: Callable[[timedelta], Awaitable[None]]
    ) -> None:
        """`sent` is told the chat of each reply, and says whether that chat may meet the limit of its own."""
        self._sent = sent
        self._slow_down = slow_down

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | JSONDict | list[JSONDict]]],
        args: Any,  # noqa: ANN401 (as the base class has it)
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Bulk | None,
    ) -> bool | JSONDict | list[JSONDict]:
        """Send a reply, again after a short wait where that cannot double it."""
        if rate_limit_args == BULK:
            return await callback(*args, **kwargs)
        try:
            return await self._answered(partial(callback, *args, **kwargs), endpoint, data, rate_limit_args)
        except Forbidden as error:
            if isinstance(chat_id := data.get("chat_id"), int):
                raise TurnedAway(error.message, ChatId(chat_id)) from error
            raise

    async def _answered(
        self, call: Callable[[], Coroutine[Any, Any, Result]], endpoint: str, data: dict[str, Any], how: Bulk | None
    ) -> Result:
        is_about_all = endpoint.startswith(_COUNTED)
        if endpoint not in _FREE and self._sent(chat if isinstance(chat := data.get("chat_id"), int) else None):
            is_about_all = False
        if how == BESIDE:
            return await call()
        for attempt in range(1, TRIES):
            try:
                return await call()
            except RetryAfter as error:
                await self._heed(wait_of(error), endpoint, is_about_all=is_about_all)
            except (NotHandedOver, ServerFault) as error:
                if isinstance(error, ServerFault) and error.is_ambiguous:
                    raise
                log.info("reply_again", method=endpoint, reason=error.message)
                await asyncio.sleep(FIRST_PAUSE_SECONDS * attempt)
        return await call()

    async def _heed(self, wait: timedelta, endpoint: str, *, is_about_all: bool) -> None:
        """Make bulk sending wait as well, and wait unless that would take too long for a person.

        Somebody who floods the bot meets the limit of their own chat: that must not slow everybody else. Should it
        be the limit of all after all, the next delivery hears of it.
        """
        log.warning("telegram_asks_to_wait", method=endpoint, seconds=wait.total_seconds())
        if is_about_all:
            await self._slow_down(min(wait, LONGEST_WAIT))
        if wait > LONGEST_WAIT:
            raise RetryAfter(wait)
        await asyncio.sleep(wait.total_seconds())
