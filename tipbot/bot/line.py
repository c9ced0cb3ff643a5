"""The line to Telegram: the library's bot, except that one update nobody can read does not hide all the others."""

from dataclasses import dataclass
from typing import cast

from telegram import Update
from telegram.ext import ExtBot

from tipbot.bot.bulk_line import READ_SECONDS
from tipbot.bot.pacing import Bulk
from tipbot.logs import get_logger

log = get_logger(__name__)

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member", "inline_query")
MOST_UPDATES = 100


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update that the library could not make sense of."""

    update_id: int


class Line(ExtBot[Bulk]):
    """Speaks with Telegram; what people wrote never reaches the log through it."""

    async def take_updates(self, *, offset: int, seconds: int) -> list[Update | Unreadable]:
        """Return waiting updates in their order, and confirm all before `offset`; raises TelegramError.

        The library's `get_updates` logs a whole batch, words of people included, when it cannot read one of it.
        """
        asked = {"offset": offset, "timeout": seconds, "limit": MOST_UPDATES, "allowed_updates": ALLOWED_UPDATES}
        batch = await self._post("getUpdates", asked, read_timeout=READ_SECONDS + seconds)
        return [self._read(entry) for entry in cast("list[dict[str, object]]", batch)]

    def _read(self, entry: dict[str, object]) -> Update | Unreadable:
        try:
            return Update.de_json(entry, self)
        except Exception as fault:  # noqa: BLE001 (whatever is wrong with one update, the others must be read)
            update_id = int(str(entry.get("update_id", 0)))
            log.warning("update_unreadable", update=update_id, fault=type(fault).__name__)
            return Unreadable(update_id)
