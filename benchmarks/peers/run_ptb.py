"""python-telegram-bot by itself: everybody at once by gather, or 64 at a time behind its AIORateLimiter."""

import asyncio

from contract import TEXT, TOKEN, measured, order
from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

TOGETHER = 64


async def gather(api: str, chats: list[int]) -> None:
    # Its own second of waiting for a free connection would lose most of them on the way to the server.
    request = HTTPXRequest(connection_pool_size=256, pool_timeout=600, read_timeout=60)
    async with Bot(TOKEN, base_url=f"{api}/bot", request=request) as bot:
        with measured():
            sends = (bot.send_message(chat, TEXT, parse_mode="HTML") for chat in chats)
            await asyncio.gather(*sends, return_exceptions=True)


async def limited(api: str, chats: list[int], rate: float) -> None:
    limiter = AIORateLimiter(overall_max_rate=rate or 30, overall_time_period=1, max_retries=5)
    request = HTTPXRequest(connection_pool_size=256, pool_timeout=600, read_timeout=60)
    bot = ExtBot(TOKEN, base_url=f"{api}/bot", request=request, rate_limiter=limiter)
    left = iter(chats)

    async def work() -> None:
        for chat in left:
            try:
                await bot.send_message(chat, TEXT, parse_mode="HTML")
            except TelegramError:
                continue

    async with bot:
        with measured():
            await asyncio.gather(*(work() for _ in range(TOGETHER)))


if __name__ == "__main__":
    given = order()
    if given.variant == "gather":
        asyncio.run(gather(given.api, given.chats))
    else:
        asyncio.run(limited(given.api, given.chats, given.rate))
