"""What must not wait behind anything else: somebody who asks for the signs that need help now."""

from telegram import Update

from tipbot.bot.buttons import decode
from tipbot.bot.leafing import ShowUrgent

COMMAND = "/urgent"


def is_urgent(update: Update) -> bool:
    """Say whether somebody asks for the urgent signs, by the command or by its button."""
    if update.callback_query is not None:
        return isinstance(decode(update.callback_query.data), ShowUrgent)
    words = (update.message.text or "").split(maxsplit=1) if update.message is not None else []
    # In groups a command may carry the name of the bot: /urgent@its_name.
    return bool(words) and words[0].partition("@")[0].lower() == COMMAND
