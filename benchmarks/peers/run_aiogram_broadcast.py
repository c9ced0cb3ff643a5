"""aiogram-broadcast: its service, with subscribers in memory, since its own storages need a server each."""

import asyncio
from collections.abc import AsyncIterator

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram_broadcast import BaseBroadcastStorage, BroadcastService, Subscriber, SubscriberState
from contract import TEXT, TOKEN, Order, measured, order


class InMemory(BaseBroadcastStorage):
    """Everybody in a dictionary."""

    def __init__(self, chats: list[int]) -> None:
        self._people = {chat: Subscriber(id=chat, full_name="Ann") for chat in chats}

    async def add_subscriber(self, subscriber: Subscriber) -> None:
        self._people[subscriber.id] = subscriber

    async def get_subscriber(self, user_id: int) -> Subscriber | None:
        return self._people.get(user_id)

    async def update_subscriber(self, subscriber: Subscriber) -> None:
        self._people[subscriber.id] = subscriber

    async def delete_subscriber(self, user_id: int) -> bool:
        return self._people.pop(user_id, None) is not None

    async def get_all_subscriber_ids(self, state: SubscriberState | None = None) -> list[int]:
        return [one.id for one in self._people.values() if state in (None, one.state)]

    async def get_subscribers_count(self, state: SubscriberState | None = None) -> int:
        return len(await self.get_all_subscriber_ids(state))

    async def iter_subscribers(
        self, state: SubscriberState | None = None, batch_size: int = 100
    ) -> AsyncIterator[Subscriber]:
        del batch_size
        for one in list(self._people.values()):
            if state in (None, one.state):
                yield one


async def main(given: Order) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(given.api))
    async with Bot(TOKEN, session=session) as bot:
        pause = {"rate_limit": 0.0} if given.variant == "free" else {}
        service = BroadcastService(bot, InMemory(given.chats), **pause)
        with measured():
            await service.broadcast_text(TEXT, parse_mode="HTML")


if __name__ == "__main__":
    asyncio.run(main(order()))
