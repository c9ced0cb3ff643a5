"""sendMessage and its kin: everything that puts a new message into a chat."""

from collections.abc import Callable
from typing import Any

from tipbot.sandbox.chats import Chat
from tipbot.sandbox.formatting import Formatted, read_text
from tipbot.sandbox.keyboards import read_markup
from tipbot.sandbox.messages import Message
from tipbot.sandbox.methods.media import described_media, sent_media
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request
from tipbot.sandbox.state import Telegram

ALBUM = range(2, 11)
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    },
)


def texted(text: Formatted, parameters: Parameters) -> dict[str, Any]:
    """Return the fields of a message that hold its text."""
    content: dict[str, Any] = {"text": text.text}
    if text.entities:
        content["entities"] = list(text.entities)
    if preview := parameters.object("link_preview_options"):
        content["link_preview_options"] = preview
    return content


def replied_message(telegram: Telegram, chat: Chat, parameters: Parameters) -> Message | None:
    """Return the message a call replies to, None for none; raises RefusalError if it is gone."""
    reply = Parameters(parameters.object("reply_parameters"))
    if "message_id" not in reply:
        return None
    message = telegram.messages.find(chat.id, reply.integer("message_id"))
    if message is None and not reply.flag("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def post(telegram: Telegram, parameters: Parameters, chat: Chat, content: dict[str, Any]) -> Message:
    """Send `content` to `chat` with the keyboard and reply of the call."""
    reply_to = replied_message(telegram, chat, parameters)
    markup = read_markup(parameters, private=chat.private)
    if parameters.flag("protect_content"):
        content["has_protected_content"] = True
    return telegram.post(chat, telegram.bot, content, markup, reply_to)


def _send_message(telegram: Telegram, parameters: Parameters) -> object:
    chat = telegram.open_chat(parameters.chat())
    content = texted(read_text(parameters), parameters)
    return post(telegram, parameters, chat, content).as_json()


def _sender(media: str) -> Callable[[Telegram, Parameters], object]:
    def send(telegram: Telegram, parameters: Parameters) -> object:
        chat = telegram.open_chat(parameters.chat())
        content = sent_media(telegram, parameters, media)
        return post(telegram, parameters, chat, content).as_json()

    return send


def _send_media_group(telegram: Telegram, parameters: Parameters) -> object:
    chat = telegram.open_chat(parameters.chat())
    items = parameters.items("media")
    if len(items) not in ALBUM:
        raise bad_request("media group must have from 2 to 10 items")
    contents = [described_media(telegram, parameters, item) for item in items]
    if any("animation" in content for content in contents):
        raise bad_request("can't use the media of the specified type in the album")
    for alone in ("document", "audio"):
        if 0 < sum(alone in content for content in contents) < len(contents):
            reason = f"{alone} can't be mixed with other media types"
            raise bad_request(reason)
    reply_to = replied_message(telegram, chat, parameters)
    album = {"media_group_id": f"{chat.id}{telegram.messages.next_id()}"}
    messages = [telegram.post(chat, telegram.bot, album | content, None, reply_to) for content in contents]
    return [message.as_json() for message in messages]


def _send_location(telegram: Telegram, parameters: Parameters) -> object:
    chat = telegram.open_chat(parameters.chat())
    latitude, longitude = parameters.number("latitude"), parameters.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - the poles, the date line
        raise bad_request("wrong location specified")
    content = {"location": {"latitude": latitude, "longitude": longitude}}
    return post(telegram, parameters, chat, content).as_json()


def _send_chat_action(telegram: Telegram, parameters: Parameters) -> object:
    chat = telegram.open_chat(parameters.chat())
    action = parameters.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    telegram.events.add("action", chat.id, {"action": action})
    return True


METHODS = {
    "sendMessage": _send_message,
    "sendPhoto": _sender("photo"),
    "sendAnimation": _sender("animation"),
    "sendVideo": _sender("video"),
    "sendDocument": _sender("document"),
    "sendVoice": _sender("voice"),
    "sendAudio": _sender("audio"),
    "sendMediaGroup": _send_media_group,
    "sendLocation": _send_location,
    "sendChatAction": _send_chat_action,
}
