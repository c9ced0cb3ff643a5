"""deleteMessage and deleteMessages: within 48 hours, and only where the bot may."""

from tipbot.sandbox.chats import Chat
from tipbot.sandbox.messages import Message
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request
from tipbot.sandbox.state import Telegram

LATEST = 48 * 3600
MOST = 100


def message_ids(parameters: Parameters) -> list[int]:
    """Return the ids of a call on several messages: 1 to 100, strictly rising for copies."""
    numbers = parameters.items("message_ids")
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > MOST:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(number, int) for number in numbers):
        raise bad_request("invalid message identifier specified")
    return numbers


def _delete_message(telegram: Telegram, parameters: Parameters) -> object:
    chat = _chat(telegram, parameters)
    message = telegram.messages.find(chat.id, parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not _may_delete(telegram, chat, message):
        raise bad_request("message can't be deleted")
    telegram.remove(message)
    return True


def _delete_messages(telegram: Telegram, parameters: Parameters) -> object:
    chat = _chat(telegram, parameters)
    for number in message_ids(parameters):
        message = telegram.messages.find(chat.id, number)
        if message is not None and _may_delete(telegram, chat, message):
            telegram.remove(message)
    return True


def _chat(telegram: Telegram, parameters: Parameters) -> Chat:
    """Return the chat; messages to somebody who blocked the bot can still be taken back."""
    chat = telegram.chat(parameters.chat())
    return chat if chat.private and not chat.deactivated else telegram.open_chat(chat.id)


def _may_delete(telegram: Telegram, chat: Chat, message: Message) -> bool:
    young = telegram.seconds - message.date <= LATEST
    if not chat.private and chat.bot_standing == "administrator":
        return True
    return young and (chat.private or message.sender is telegram.bot)


METHODS = {"deleteMessage": _delete_message, "deleteMessages": _delete_messages}
