"""pytelecast: the function behind its /broadcast, with the message that an operator answered to."""

import asyncio
from datetime import UTC, datetime

from contract import PATIENCE, TEXT, TOKEN, Order, measured, order
from pytelecast.core import broadcast_message
from telegram import Bot, Chat, Message
from telegram.request import HTTPXRequest


async def main(given: Order) -> None:
    request = HTTPXRequest(connection_pool_size=256, **PATIENCE)
    message = Message(1, datetime.fromtimestamp(0, UTC), Chat(1, "private"), text=TEXT)
    async with Bot(TOKEN, base_url=f"{given.api}/bot", request=request) as bot:
        with measured():
            await broadcast_message(bot, given.chats, message)


if __name__ == "__main__":
    asyncio.run(main(order()))
