"""Updates as they arrive, and somebody at the desk who takes as long over each as a test wants."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Update

from tipbot.bot.buttons import encode
from tipbot.bot.lanes import Lanes
from tipbot.bot.presses import Press
from tipbot.bot.urgency import is_urgent


def arrival(update_id: int, chat_id: int, text: str = "hello") -> bytes:
    """What Telegram brings when somebody writes."""
    chat = {"id": chat_id, "type": "private", "first_name": "Ann"}
    person = {"id": chat_id, "is_bot": False, "first_name": "Ann"}
    message = {"message_id": update_id, "date": 1_795_000_000, "chat": chat, "from": person, "text": text}
    return json.dumps({"update_id": update_id, "message": message}).encode()


def update(update_id: int, chat_id: int, text: str = "hello") -> Update:
    return Update.de_json(json.loads(arrival(update_id, chat_id, text)), None)


def press(update_id: int, chat_id: int, what: Press) -> Update:
    """What Telegram brings when somebody presses a button."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Ann"}
    below = json.loads(arrival(update_id, chat_id))["message"]
    query = {"id": "1", "from": person, "chat_instance": "1", "data": encode(what), "message": below}
    return Update.de_json({"update_id": update_id, "callback_query": query}, None)


class Somebody:
    """Handles updates: at once, or for chats that are `held` when they are let go; `raises` for the troublesome."""

    def __init__(self) -> None:
        self.held: dict[int, asyncio.Event] = {}
        self.raises: dict[int, Exception] = {}
        self.begun: dict[int, list[int]] = defaultdict(list)
        self.ended: dict[int, list[int]] = defaultdict(list)
        self.sorry: list[int] = []

    def hold(self, chat_id: int) -> asyncio.Event:
        """Let this chat's updates wait for the event."""
        return self.held.setdefault(chat_id, asyncio.Event())

    async def handle(self, update: Update) -> None:
        assert update.effective_chat is not None
        chat = update.effective_chat.id
        self.begun[chat].append(update.update_id)
        if chat in self.held:
            await self.held[chat].wait()
        if update.update_id in self.raises:
            raise self.raises[update.update_id]
        self.ended[chat].append(update.update_id)

    async def apologise(self, update: Update) -> None:
        self.sorry.append(update.update_id)


@asynccontextmanager
async def lanes_of(somebody: Somebody) -> AsyncIterator[Lanes]:
    """Lanes that lead to somebody; whoever is still held at the end is let go."""
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        yield Lanes(somebody.handle, somebody.apologise, tasks, is_urgent=is_urgent)
        for held in somebody.held.values():
            held.set()
