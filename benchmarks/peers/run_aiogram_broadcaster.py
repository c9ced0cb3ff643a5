"""aiogram-broadcaster, with what is to be sent kept in memory, in a file or in SQLite."""

import asyncio

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram_broadcaster import Broadcaster, Mailer
from aiogram_broadcaster.contents import TextContent
from aiogram_broadcaster.storages.base import BaseStorage
from aiogram_broadcaster.storages.file import FileStorage
from contract import TEXT, TOKEN, Order, measured, order


def storage_of(given: Order) -> BaseStorage | None:
    if given.variant == "file":
        return FileStorage(given.folder / "mailers.json")
    if given.variant == "sqlalchemy":
        from aiogram_broadcaster.storages.sqlalchemy import SQLAlchemyStorage  # noqa: PLC0415 (only where it is meant)

        return SQLAlchemyStorage.from_url(f"sqlite+aiosqlite:///{given.folder / 'mailers.db'}")
    return None


async def main(given: Order) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(given.api))
    async with Bot(TOKEN, session=session) as bot:
        broadcaster = Broadcaster(bot, storage=storage_of(given))
        if broadcaster.storage is not None:
            await broadcaster.storage.startup()
        with measured() as said:
            await (await mailer_of(broadcaster, given, said)).start()
        if broadcaster.storage is not None:
            await broadcaster.storage.shutdown()


async def mailer_of(broadcaster: Broadcaster, given: Order, said: dict[str, object]) -> Mailer:
    """Return the mailer that a process before this one left behind, or a new one for everybody."""
    if given.goes_on and broadcaster.storage is not None:
        try:
            await broadcaster.restore_mailers()
        except ValueError as fault:  # what it kept cannot be read: its users would have to begin anew
            said["record_lost"] = type(fault).__name__
        if mailers := list(broadcaster.get_mailers()):
            return mailers[0]
        said.setdefault("record_lost", "nothing there")
    return await broadcaster.create_mailer(given.chats, TextContent(text=TEXT, parse_mode="HTML"))


if __name__ == "__main__":
    asyncio.run(main(order()))
