"""editMessageText and its kin: changing a message that the bot sent before."""

from typing import Any

from tipbot.sandbox.formatting import read_caption, read_text
from tipbot.sandbox.keyboards import read_inline_markup
from tipbot.sandbox.messages import Message
from tipbot.sandbox.methods.media import captioned, described_media
from tipbot.sandbox.methods.sending import texted
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request
from tipbot.sandbox.state import Telegram

_CAPTION = ("caption", "caption_entities")


def _edit_text(telegram: Telegram, parameters: Parameters) -> object:
    message = _editable(telegram, parameters)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edit(telegram, parameters, message, texted(read_text(parameters), parameters))


def _edit_caption(telegram: Telegram, parameters: Parameters) -> object:
    message = _editable(telegram, parameters)
    if message.media in (None, "sticker", "location"):
        raise bad_request("there is no caption in the message to edit")
    rest = {name: value for name, value in message.content.items() if name not in _CAPTION}
    return _edit(telegram, parameters, message, rest | captioned(read_caption(parameters)))


def _edit_markup(telegram: Telegram, parameters: Parameters) -> object:
    message = _editable(telegram, parameters)
    return _edit(telegram, parameters, message, message.content)


def _edit_media(telegram: Telegram, parameters: Parameters) -> object:
    message = _editable(telegram, parameters)
    content = described_media(telegram, parameters, parameters.object("media"))
    album = message.content.get("media_group_id")
    return _edit(telegram, parameters, message, content | ({"media_group_id": album} if album else {}))


def _editable(telegram: Telegram, parameters: Parameters) -> Message:
    chat = telegram.open_chat(parameters.chat())
    message = telegram.messages.find(chat.id, parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    # A keyboard below the text field belongs to its message for good; Telegram lets nobody edit that message.
    if message.sender is not telegram.bot or (message.markup and not message.inline_keyboard):
        raise bad_request("message can't be edited")
    return message


def _edit(
    telegram: Telegram,
    parameters: Parameters,
    message: Message,
    content: dict[str, Any],
) -> object:
    """Change content and keyboard together: an edit without a keyboard takes the buttons away."""
    kept = {"has_protected_content": True} if "has_protected_content" in message.content else {}
    telegram.change(message, content | kept, read_inline_markup(parameters))
    return message.as_json()


METHODS = {
    "editMessageText": _edit_text,
    "editMessageCaption": _edit_caption,
    "editMessageReplyMarkup": _edit_markup,
    "editMessageMedia": _edit_media,
}
