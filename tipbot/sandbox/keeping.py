"""Puts a sandbox into a folder and takes it out again, so that a conversation can go on another day.

Kept are people, chats, messages, files, commands and what the bot has not confirmed yet; not kept are calls,
events, toasts and presses that nobody answered.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from tipbot.sandbox.chats import Chat, User
from tipbot.sandbox.files import StoredFile
from tipbot.sandbox.messages import Message
from tipbot.sandbox.state import Telegram
from tipbot.sandbox.updates import Update

FILES = "files"
STATE = "telegram.json"
VERSION = 1

Json = dict[str, Any]


class NotOneOfOursError(Exception):
    """The folder holds something that this version cannot read; the text says what."""


def keep(telegram: Telegram, folder: Path, more: Json) -> None:
    """Write everything down in one step: a crash leaves what was kept before. `look_up` gives `more` back."""
    (folder / FILES).mkdir(parents=True, exist_ok=True)
    for file in telegram.files.all():
        path = folder / FILES / file.unique_id
        if not path.exists():
            _write(path, file.data)
    state = {"version": VERSION, "more": more, **_as_json(telegram)}
    _write(folder / STATE, json.dumps(state, ensure_ascii=False).encode())


def look_up(folder: Path) -> Json | None:
    """Return what was kept in a folder, None if nothing was; raises NotOneOfOursError for what cannot be read."""
    path = folder / STATE
    if not path.exists():
        return None
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        known = state["version"] == VERSION
    except (ValueError, TypeError, KeyError):
        known = False
    if not known:
        reason = f"{path} was not written by this version of the demo"
        raise NotOneOfOursError(reason)
    return dict(state)


def restore(telegram: Telegram, folder: Path, state: Json) -> None:
    """Fill an empty sandbox with what `look_up` found."""
    people = {user["id"]: User(**user) for user in state["users"]}
    people[telegram.bot.id] = telegram.bot
    for kept in state["files"]:
        telegram.files.take(StoredFile(**kept, data=(folder / FILES / kept["unique_id"]).read_bytes()))
    for kept in state["chats"]:
        telegram.add_chat(_chat(kept, people))
    for kept in state["messages"]:
        _put_back(telegram, kept, people)
    telegram.messages.number_from(state["newest_message"])
    telegram.updates.number_from(state["newest_update"] + 1)
    telegram.updates.restore([_update(kept) for kept in state["updates"]])
    telegram.profile.restore(state["profile"])
    telegram.number_from(query=state["newest_query"], event=state["newest_event"])


def _as_json(telegram: Telegram) -> Json:
    return {
        "users": [asdict(user) for user in telegram.users.values() if user.id != telegram.bot.id],
        "chats": [_chat_json(chat) for chat in telegram.chats.values()],
        "messages": [_message_json(message) for message in telegram.messages.everything()],
        "files": [_file_json(file) for file in telegram.files.all()],
        "updates": [_update_json(update) for update in telegram.updates.waiting()],
        "profile": telegram.profile.as_json(),
        "newest_message": telegram.messages.newest_id,
        "newest_update": telegram.updates.newest_id,
        "newest_query": telegram.newest_query,
        "newest_event": telegram.events.newest,
    }


def _chat_json(chat: Chat) -> Json:
    plain = ("id", "kind", "name", "bot_id", "started", "deactivated", "migrated_to", "reply_keyboard")
    return {
        **{name: getattr(chat, name) for name in plain},
        "people": list(chat.people),
        "standing": list(chat.standing.items()),
        "withheld": sorted(chat.withheld),
    }


def _chat(kept: Json, people: dict[int, User]) -> Chat:
    present = {number: people[number] for number in kept["people"]}
    standing, withheld = dict(kept["standing"]), frozenset(kept["withheld"])
    return Chat(**kept | {"people": present, "standing": standing, "withheld": withheld})


def _message_json(message: Message) -> Json:
    plain = ("message_id", "date", "content", "markup", "edit_date", "deleted")
    return {
        **{name: getattr(message, name) for name in plain},
        "chat": message.chat.id,
        "sender": message.sender.id,
        "reply_to": message.reply_to.message_id if message.reply_to else None,
    }


def _put_back(telegram: Telegram, kept: Json, people: dict[int, User]) -> None:
    chat = telegram.chats[kept["chat"]]
    answered = telegram.messages.find(chat.id, kept["reply_to"]) if kept["reply_to"] else None
    message = Message(**kept | {"chat": chat, "sender": people[kept["sender"]], "reply_to": answered})
    telegram.messages.keep(message)
    if message.deleted:
        telegram.messages.remove(message)


def _file_json(file: StoredFile) -> Json:
    plain = ("file_id", "unique_id", "media", "name", "mime_type", "width", "height")
    return {name: getattr(file, name) for name in plain}


def _update_json(update: Update) -> Json:
    return {**asdict(update), "at": update.at.isoformat()}


def _update(kept: Json) -> Update:
    return Update(**kept | {"at": datetime.fromisoformat(kept["at"])})


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(data)
    beside.replace(path)
