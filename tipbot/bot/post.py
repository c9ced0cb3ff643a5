"""Brings encoded messages to Telegram, beside the library, and reads of its answer no more than the number."""

from typing import Any, cast

from telegram import Bot
from telegram.error import TelegramError

from tipbot.bot.payloads import Encoded
from tipbot.bot.transport import AiohttpRequest


class Post:
    """The way of deliveries, over the connections and to the address of a bot."""

    def __init__(self, bot: Bot) -> None:
        self._address = bot.base_url
        # Every bot of the house is built with it.
        self._request = cast("AiohttpRequest", bot.request)

    async def bring(self, letter: Encoded, chat_id: int) -> int:
        """Send a message and return its number; raises TelegramError, whose text never has the address in it."""
        result: Any = await self._request.post_encoded(f"{self._address}/{letter.method}", letter.to(chat_id))
        try:
            return int(result["message_id"])
        except (KeyError, TypeError, ValueError) as fault:
            raise TelegramError("the answer has no message number") from fault
