"""The one place that holds what the stand-in for Telegram knows; people and the bot both act on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tipbot.sandbox.calls import CallLog
from tipbot.sandbox.chats import Chat, User
from tipbot.sandbox.events import EventLog
from tipbot.sandbox.faults import Faults
from tipbot.sandbox.files import Files
from tipbot.sandbox.inline import Inline
from tipbot.sandbox.limits import Gate, Limits
from tipbot.sandbox.messages import Message, Messages
from tipbot.sandbox.profile import Profile
from tipbot.sandbox.pulse import Pulse
from tipbot.sandbox.refusals import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from tipbot.sandbox.updates import UpdateQueue

QUERY_SECONDS = 15


@dataclass(slots=True)
class Query:
    """A press of a button that waits for its answer."""

    query_id: str
    user: User
    at: datetime


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a press: a short note, or an alert that must be closed."""

    text: str
    alert: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class WebhookSetting:
    """Where updates are pushed."""

    url: str
    secret: str = ""
    connections: int = 40


class Telegram:
    """Users, chats, messages, files and updates of one bot; `now` is its only clock."""

    def __init__(self, token: str, now: Callable[[], datetime], bot: User, limits: Limits, *, inline: bool) -> None:
        self.token = token
        self.now = now
        self.bot = bot
        self.pulse = Pulse()
        self.events = EventLog(self.pulse)
        self.updates = UpdateQueue(now, self.pulse)
        self.calls = CallLog(self.pulse)
        self.messages = Messages()
        self.files = Files()
        self.profile = Profile(bot.first_name)
        self.gate = Gate(limits, now)
        self.faults = Faults(self.pulse)
        self.inline = Inline(enabled=inline)
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, User] = {bot.id: bot}
        self.toasts: dict[int, list[Toast]] = {}
        self.webhook: WebhookSetting | None = None
        self.webhook_error: tuple[int, str] | None = None
        self.logged_out = False
        self._queries: dict[str, Query] = {}
        self._last_query = 0

    @property
    def seconds(self) -> int:
        """The time now as whole Unix seconds, as the Bot API gives dates."""
        return int(self.now().timestamp())

    @property
    def newest_query(self) -> int:
        """The number of the last press."""
        return self._last_query

    def number_from(self, *, query: int, event: int) -> None:
        """Go on with numbers after those of an earlier run."""
        self._last_query = max(self._last_query, query)
        self.events.number_from(event)

    def add_chat(self, chat: Chat) -> None:
        """Make a chat known, with everybody in it."""
        self.chats[chat.id] = chat
        self.users.update(chat.people)

    def chat(self, chat_id: int) -> Chat:
        """Return a chat by id; raises RefusalError for one that never was."""
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[chat_id]

    def open_chat(self, chat_id: int) -> Chat:
        """Return a chat the bot may write to now; raises RefusalError for any other."""
        chat = self.chat(chat_id)
        chat.refuse_if_closed()
        return chat

    def post(
        self,
        chat: Chat,
        sender: User,
        content: dict[str, Any],
        markup: dict[str, Any] | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Show a new message in a chat."""
        number = self.messages.next_id()
        message = Message(number, chat, sender, self.seconds, content, markup, reply_to=reply_to)
        self.messages.keep(message)
        if markup and "inline_keyboard" not in markup:
            chat.reply_keyboard = markup if "keyboard" in markup else None
        self.events.add("sent", chat.id, message.as_json())
        return message

    def change(self, message: Message, content: dict[str, Any], markup: dict[str, Any] | None) -> None:
        """Show a message differently; raises RefusalError if nothing would change."""
        if content == message.content and (markup or None) == (message.markup or None):
            raise bad_request(NOT_MODIFIED)
        message.content = content
        message.markup = markup
        message.edit_date = self.seconds
        self.events.add("edited", message.chat.id, message.as_json())

    def remove(self, message: Message) -> None:
        """Take a message away from everybody."""
        self.messages.remove(message)
        self.events.add("deleted", message.chat.id, {"message_id": message.message_id})

    def press(self, user: User, message: Message, data: str) -> None:
        """Queue the press of a button under a message, which may be gone by now."""
        self._last_query += 1
        query = Query(f"{self.bot.id}{self._last_query:010}", user, self.now())
        self._queries[query.query_id] = query
        gone = {"chat": message.chat.as_json(), "message_id": message.message_id, "date": 0}
        payload = {
            "id": query.query_id,
            "from": user.as_json(),
            "message": gone if message.deleted else message.as_json(),
            "chat_instance": str(abs(message.chat.id)),
            "data": data,
        }
        self.updates.add("callback_query", message.chat.id, payload)
        pressed = {"user_id": user.id, "message_id": message.message_id, "data": data}
        self.events.add("pressed", message.chat.id, pressed)

    def answer(self, query_id: str, toast: Toast) -> None:
        """Answer a press once, within 15 seconds; raises RefusalError after that."""
        query = self._queries.pop(query_id, None)
        if query is None or (self.now() - query.at).total_seconds() > QUERY_SECONDS:
            raise bad_request(QUERY_TOO_OLD)
        self.toasts.setdefault(query.user.id, []).append(toast)
        details = {"user_id": query.user.id, "text": toast.text, "alert": toast.alert, "url": toast.url}
        self.events.add("toast", query.user.id, details)

    def change_standing(
        self, chat: Chat, user: User, standing: str, by: User, *, withheld: Iterable[str] = ()
    ) -> None:
        """Move somebody to another standing in a chat and tell the bot, as Telegram does.

        `withheld` are the rights that an administrator is not given.
        """
        old = chat.member_json(user)
        chat.withheld = frozenset(withheld)
        new = chat.member_json(user, standing)
        chat.standing[user.id] = standing
        payload = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": self.seconds,
            "old_chat_member": old,
            "new_chat_member": new,
        }
        self.updates.add("my_chat_member" if user.id == self.bot.id else "chat_member", chat.id, payload)
        self.events.add("member", chat.id, {"user_id": user.id, "status": standing})

    def open(self) -> None:
        """Take calls (again)."""
        self.updates.open()

    def close(self) -> None:
        """Let every waiting call go, because the server stops."""
        self.updates.close()
        self.faults.relieve()
