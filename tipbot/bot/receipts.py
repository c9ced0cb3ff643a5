"""The one place where Telegram's answers are told apart: permanent, passing, or impossible to know."""

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tipbot.bot.handing_over import NotHandedOver, ServerFault
from tipbot.domain.delivery import Limited, Moved, NotSent, Receipt, Refused, Uncertain, Unwanted, Vanished
from tipbot.domain.subscribers import ChatId

# Texts of the Bot API server and TDLib (2026); matched in lower case, because the library changes the first letter.
_VANISHED = ("user is deactivated", "chat not found", "group chat was deleted", "peer_id_invalid")
_UNWANTED = (
    "not enough rights",
    "have no rights to send",
    "chat_write_forbidden",
    "chat_restricted",
    "topic_closed",
)


def receipt_for(error: TelegramError) -> Receipt:
    """Return what an error means for the message that met it.

    The order matters: BadRequest and TimedOut are both kinds of NetworkError.
    """
    match error:
        case Forbidden() | BadRequest():
            return _refusal(error)
        case ChatMigrated(new_chat_id=new_chat_id):
            return Moved(ChatId(new_chat_id))
        case RetryAfter():
            return Limited(wait_of(error))
        case InvalidToken():
            return NotSent("Telegram refused the token")
        case _:
            return _breakdown(error)


def _breakdown(error: TelegramError) -> Receipt:
    """Return what a fault on the way means: surely not sent, or impossible to know."""
    match error:
        case NotHandedOver():
            return NotSent(f"no connection to Telegram: {error.message}")
        case ServerFault(is_ambiguous=False):
            return NotSent(error.message)
        case TimedOut():
            return Uncertain("no answer in time")
        case _:
            return Uncertain(f"the connection broke or the answer was unreadable: {error.message}")


def wait_of(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks to wait; the library gives seconds or a timedelta, depending on its version."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def _refusal(error: Forbidden | BadRequest) -> Receipt:
    text = error.message.lower()
    if any(words in text for words in _VANISHED):
        return Vanished(error.message)
    if isinstance(error, Forbidden) or any(words in text for words in _UNWANTED):
        return Unwanted(error.message)
    return Refused(error.message)
