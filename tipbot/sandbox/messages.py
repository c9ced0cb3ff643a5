"""The messages of all chats, as they are now."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tipbot.sandbox.chats import Chat, User
from tipbot.sandbox.formatting import Formatted

MEDIA = ("photo", "animation", "video", "document", "voice", "audio", "sticker", "location")


@dataclass(slots=True, eq=False)
class Message:
    """One message; `content` holds the fields of the Bot API's Message that say what it shows."""

    message_id: int
    chat: Chat
    sender: User
    date: int
    content: dict[str, Any]
    markup: dict[str, Any] | None = None
    edit_date: int | None = None
    reply_to: "Message | None" = None
    deleted: bool = False

    @property
    def media(self) -> str | None:
        """What is shown beside or instead of text, as one of MEDIA."""
        return next((kind for kind in MEDIA if kind in self.content), None)

    @property
    def formatted(self) -> Formatted:
        """The text or caption."""
        if "text" in self.content:
            return Formatted(self.content["text"], tuple(self.content.get("entities", ())))
        return Formatted(self.content.get("caption", ""), tuple(self.content.get("caption_entities", ())))

    @property
    def inline_keyboard(self) -> list[list[dict[str, Any]]]:
        """The rows of buttons under the message."""
        rows: list[list[dict[str, Any]]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def _author(self) -> dict[str, Any]:
        """In a channel every post stands in the channel's own name."""
        if self.chat.kind == "channel":
            return {"sender_chat": self.chat.as_json()}
        return {"from": self.sender.as_json()}

    def as_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """Return the Message object of the Bot API; a reply holds what it answers, one level deep."""
        message: dict[str, Any] = {
            "message_id": self.message_id,
            **self._author,
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.content,
        }
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        if self.inline_keyboard:
            message["reply_markup"] = {"inline_keyboard": self.inline_keyboard}
        if with_reply and self.reply_to is not None and not self.reply_to.deleted:
            message["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        return message


# What belongs to the message itself and does not go along when it is copied or forwarded.
OWN = ("has_protected_content", "media_group_id", "forward_origin")


def forwarded(message: Message) -> dict[str, Any]:
    """Return the content of a message that passes this one on and says whose it was."""
    kept = {name: value for name, value in message.content.items() if name not in OWN}
    sender = message.sender.as_json()
    return kept | {"forward_origin": {"type": "user", "sender_user": sender, "date": message.date}}


class Messages:
    """Every message by chat and id; ids rise in the order of sending."""

    def __init__(self) -> None:
        self._visible: defaultdict[int, dict[int, Message]] = defaultdict(dict)
        self._sent: defaultdict[int, list[Message]] = defaultdict(list)
        self._last_id = 0

    @property
    def newest_id(self) -> int:
        """The id given out last, 0 before the first."""
        return self._last_id

    def number_from(self, message_id: int) -> None:
        """Give the next message an id after this one."""
        self._last_id = max(self._last_id, message_id)

    def next_id(self) -> int:
        """Return the id for one more message."""
        self._last_id += 1
        return self._last_id

    def keep(self, message: Message) -> None:
        """Show a new message in its chat."""
        self._visible[message.chat.id][message.message_id] = message
        if message.sender.is_bot:
            self._sent[message.chat.id].append(message)

    def find(self, chat_id: int, message_id: int) -> Message | None:
        """Return a message that is still there."""
        return self._visible[chat_id].get(message_id)

    def remove(self, message: Message) -> None:
        """Take a message away from everybody."""
        message.deleted = True
        self._visible[message.chat.id].pop(message.message_id, None)

    def everything(self) -> list[Message]:
        """Return all messages of the bot, deleted ones included, and those of people, in order of sending."""
        kept = {message.message_id: message for sent in self._sent.values() for message in sent}
        for visible in self._visible.values():
            kept |= visible
        return [kept[number] for number in sorted(kept)]

    def visible(self, chat_id: int) -> list[Message]:
        """Return what a person sees in a chat, oldest first."""
        return list(self._visible[chat_id].values())

    def sent(self, chat_id: int) -> list[Message]:
        """Return all messages the bot ever sent to a chat, in order, deleted ones included."""
        return list(self._sent[chat_id])
