"""copyMessage, copyMessages and forwardMessage: sending again what is already in a chat."""

from itertools import pairwise
from typing import Any

from tipbot.sandbox.formatting import read_caption
from tipbot.sandbox.messages import OWN, Message, forwarded
from tipbot.sandbox.methods.deleting import message_ids
from tipbot.sandbox.methods.media import captioned
from tipbot.sandbox.methods.sending import post
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request
from tipbot.sandbox.state import Telegram

_SERVICE = ("migrate_to_chat_id", "migrate_from_chat_id", "new_chat_members", "left_chat_member")


def _copy_message(telegram: Telegram, parameters: Parameters) -> object:
    chat = telegram.open_chat(parameters.chat())
    source = telegram.chat(parameters.chat("from_chat_id"))
    message = telegram.messages.find(source.id, parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to copy not found")
    content = _copied(message)
    if message.media and "caption" in parameters:
        content = _without_caption(content) | captioned(read_caption(parameters))
    return {"message_id": post(telegram, parameters, chat, content).message_id}


def _copy_messages(telegram: Telegram, parameters: Parameters) -> object:
    chat = telegram.open_chat(parameters.chat())
    source = telegram.chat(parameters.chat("from_chat_id"))
    numbers = message_ids(parameters)
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    found = [telegram.messages.find(source.id, number) for number in numbers]
    contents = [_copied(message) for message in found if message is not None]
    if not contents:
        raise bad_request("there are no messages to copy")
    if parameters.flag("remove_caption"):
        contents = [_without_caption(content) for content in contents]
    return [{"message_id": post(telegram, parameters, chat, content).message_id} for content in contents]


def _forward_message(telegram: Telegram, parameters: Parameters) -> object:
    chat = telegram.open_chat(parameters.chat())
    source = telegram.chat(parameters.chat("from_chat_id"))
    message = telegram.messages.find(source.id, parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to forward not found")
    protected = message.sender.is_bot and "has_protected_content" in message.content
    if protected or any(name in message.content for name in _SERVICE):
        raise bad_request("message can't be forwarded")
    return post(telegram, parameters, chat, forwarded(message)).as_json()


def _copied(message: Message) -> dict[str, Any]:
    if any(name in message.content for name in _SERVICE):
        raise bad_request("message can't be copied")
    return {name: value for name, value in message.content.items() if name not in OWN}


def _without_caption(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if not name.startswith("caption")}


METHODS = {
    "copyMessage": _copy_message,
    "copyMessages": _copy_messages,
    "forwardMessage": _forward_message,
}
