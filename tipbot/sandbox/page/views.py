"""What the page is told: plain JSON of chats, people and calls, as they are now."""

from datetime import datetime
from typing import Any

from tipbot.sandbox.calls import Call
from tipbot.sandbox.chats import IN_GROUP, Chat
from tipbot.sandbox.page.cast import CITIES, Cast
from tipbot.sandbox.state import Telegram

Json = dict[str, Any]

# So many messages of a chat come with the page; nobody scrolls further back in a demo.
MOST_MESSAGES = 2000


def whole(telegram: Telegram, cast: Cast) -> Json:
    """Return everything a page needs that has just been opened."""
    bot = telegram.bot
    return {
        "sequence": telegram.events.newest,
        "bot": {"id": bot.id, "name": bot.first_name, "username": bot.username, **described(telegram)},
        "people": people(cast),
        "cities": [city.name for city in CITIES],
        "chats": [{**summary(cast, chat), **_inside(telegram, chat)} for chat in cast.chats],
        "menus": menus(telegram, cast),
        "now": moment(telegram.now()),
        "calls": telegram.calls.total,
        "faults": faults(telegram),
    }


def described(telegram: Telegram) -> Json:
    """Return what an empty chat says about the bot."""
    return {"description": telegram.profile.text("description", "")}


def people(cast: Cast) -> list[Json]:
    """Return who is there, and where."""
    return [
        {
            "id": player.number,
            "name": player.person.user.first_name,
            "role": player.role,
            "city": player.city.name,
            "zone": player.city.zone,
        }
        for player in cast.players.values()
    ]


def summary(cast: Cast, chat: Chat) -> Json:
    """Return how a chat stands, without its messages."""
    return {
        "id": chat.id,
        "private": chat.private,
        "title": chat.name,
        "started": chat.started,
        "blocked": chat.private and chat.bot_standing == "kicked",
        "has_bot": chat.private or chat.bot_standing in IN_GROUP,
        "bot_leads": chat.bot_standing == "administrator",
        "members": cast.members(chat),
        "standing": {str(number): chat.standing.get(number, "left") for number in cast.players},
        "keyboard": chat.reply_keyboard,
        "unread": cast.unread(chat),
    }


def menus(telegram: Telegram, cast: Cast) -> Json:
    """Return the command menu of each chat, for each of the people in it."""
    return {
        str(chat.id): {str(number): _menu(telegram, chat, number) for number in cast.members(chat)}
        for chat in cast.chats
    }


def call(number: int, made: Call) -> Json:
    """Return a call for the inspector."""
    return {
        "number": number,
        "method": made.method,
        "chat_id": made.chat_id,
        "status": made.status,
        "ok": made.ok,
        "at": moment(made.at),
        "parameters": made.parameters,
        "answer": made.answer,
    }


def faults(telegram: Telegram) -> list[Json]:
    """Return the faults in force."""
    return [
        {"kind": fault.kind.name, "times": fault.times, "every": fault.every, "met": fault.met}
        for fault in telegram.faults.in_force
    ]


def moment(value: datetime) -> str:
    """Return a moment as the page's clocks read it."""
    return value.isoformat(timespec="milliseconds")


def _inside(telegram: Telegram, chat: Chat) -> Json:
    messages = telegram.messages.visible(chat.id)[-MOST_MESSAGES:]
    return {"messages": [message.as_json() for message in messages]}


def _menu(telegram: Telegram, chat: Chat, number: int) -> list[dict[str, str]]:
    leads = chat.standing.get(number) in ("creator", "administrator") and not chat.private
    language = telegram.users[number].language_code or ""
    return telegram.profile.menu(chat.id, number, language, administrator=leads)
