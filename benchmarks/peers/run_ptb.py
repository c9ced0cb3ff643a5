"""python-telegram-bot by itself: everybody by gather, or 64 at a time behind its AIORateLimiter.

No more at once than its pool has connections: what waits for one makes every other request slower.
"""

import asyncio

from contract import PATIENCE, TEXT, TOKEN, measured, order
from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

POOL, TOGETHER = 256, 64


async def gather(api: str, chats: list[int]) -> None:
    request = HTTPXRequest(connection_pool_size=POOL, **PATIENCE)
    async with Bot(TOKEN, base_url=f"{api}/bot", request=request) as bot:
        room = asyncio.Semaphore(POOL)

        async def send(chat: int) -> None:
            async with room:
                await bot.send_message(chat, TEXT, parse_mode="HTML")

        with measured():
            await asyncio.gather(*map(send, chats), return_exceptions=True)


async def limited(api: str, chats: list[int], rate: float) -> None:
    limiter = AIORateLimiter(overall_max_rate=rate or 30, overall_time_period=1, max_retries=5)
    request = HTTPXRequest(connection_pool_size=POOL, **PATIENCE)
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
