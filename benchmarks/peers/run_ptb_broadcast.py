"""python-telegram-broadcast: one after another. Its strategies with processes make a new Bot for each message."""

import asyncio
from functools import partial

import telegram
from contract import TEXT, TOKEN, Order, measured, order
from python_telegram_broadcast import BroadcastMethodType, BroadcastStrategyType, handle_broadcast


async def main(given: Order) -> None:
    # It has no setting for the server and makes its Bot itself.
    telegram.Bot = partial(telegram.Bot, base_url=f"{given.api}/bot")
    everybody = [(chat, "") for chat in given.chats]
    method, strategy = BroadcastMethodType.TEXT, BroadcastStrategyType.ASYNCIO_SEQUENTIAL
    with measured():
        await handle_broadcast(everybody, TOKEN, method, strategy, TEXT, "")


if __name__ == "__main__":
    asyncio.run(main(order()))
