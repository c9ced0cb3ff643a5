"""What people and channels are called on Telegram at this moment; it is asked each time and kept nowhere."""

import asyncio
from collections.abc import Collection, Mapping

from telegram import Bot
from telegram.error import TelegramError

from tipbot.bot.rendering import escaped


class Names:
    """What chats are called; one whose name Telegram does not tell is called by its number."""

    def __init__(self, known: Mapping[int, str]) -> None:
        self._known = known

    def plain(self, chat: int) -> str:
        """Return a name for a button."""
        return self._known.get(chat) or str(chat)

    def escaped(self, chat: int) -> str:
        """Return a name that can stand in a message."""
        return escaped(self.plain(chat))


async def names_of(bot: Bot, chats: Collection[int]) -> Names:
    """Ask Telegram what these chats are called, all at once."""
    async with asyncio.TaskGroup() as tasks:
        asked = {chat: tasks.create_task(_name_of(bot, chat)) for chat in set(chats)}
    return Names({chat: name.result() for chat, name in asked.items()})


async def _name_of(bot: Bot, chat: int) -> str:
    try:
        found = await bot.get_chat(chat)
    except TelegramError:  # they never started the bot, or are gone
        return ""
    return found.title or found.full_name or ""
