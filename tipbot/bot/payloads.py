"""What a message is before anybody gets it: one call of the Bot API, the same for one reader and for thousands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Bot, LinkPreviewOptions, Message, TelegramObject
from telegram.constants import ParseMode

from tipbot.bot.rendering import Screen

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# How a call goes out beside what it brings: nothing for replies, the bulk lane for deliveries.
Manner = Mapping[str, Any]
AS_REPLY: Manner = {}


@dataclass(frozen=True, slots=True)
class Payload:
    """A method that sends one message, as Telegram spells it, and its parameters but for the chat."""

    method: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A payload as bytes, made once for all who get it; `rest` is the body after the chat."""

    method: str
    rest: bytes

    def to(self, chat_id: int) -> bytes:
        """Return the body of the request that brings it to a chat, as JSON."""
        return b'{"chat_id":%d,%b' % (chat_id, self.rest)


def message_of(screen: Screen) -> Payload:
    """Return the message that a screen is."""
    return text_message(screen.text, screen.keyboard)


def text_message(text: str, below: TelegramObject | None) -> Payload:
    """Return a message of TipBot's own words, as Telegram's HTML, with buttons or another keyboard below it."""
    look = {"parse_mode": ParseMode.HTML, "reply_markup": below, "link_preview_options": NO_PREVIEW}
    return Payload("sendMessage", {"text": text, **look})


def encode(payload: Payload, *, is_paid: bool) -> Encoded:
    """Return a payload for the bulk line, paid for where that is wanted."""
    given = {name: value for name, value in payload.fields.items() if value is not None}
    paid = {"allow_paid_broadcast": True} if is_paid else {}
    body = json.dumps({**given, **paid}, default=_as_json, separators=(",", ":"))
    return Encoded(payload.method, body[1:].encode())


def _as_json(value: object) -> object:
    if isinstance(value, TelegramObject):
        return value.to_dict()
    raise TypeError(type(value).__name__)


async def send_by_library(bot: Bot, chat_id: int, payload: Payload, manner: Manner = AS_REPLY) -> Message:
    """Send a payload to one reader, who waits for it; raises TelegramError."""
    # The library calls each method also by Telegram's own name, with Telegram's own parameters.
    sending = getattr(bot, payload.method)
    message: Message = await sending(chat_id=chat_id, **payload.fields, **manner)
    return message
