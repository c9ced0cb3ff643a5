"""What everybody may ask for at any time: to see all that is kept about them, and to have it erased."""

from datetime import datetime

from tipbot.domain.retention import REACHABLE
from tipbot.domain.statistics import Step
from tipbot.domain.subscribers import ChatId
from tipbot.storage.database import Database
from tipbot.storage.personal import Row
from tipbot.usecases.tallying import count_step


class Rights:
    """Shows and erases; strangers may ask as well."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def everything(self, chat_id: ChatId) -> dict[str, list[Row]]:
        """Return every row of the record that names this chat, by table; tables without one are left out."""
        async with self._database.reading() as books:
            rows = await books.personal.rows_of(chat_id)
        return {table: found for table, found in rows.items() if found}

    async def forget(self, chat_id: ChatId, *, now: datetime) -> bool:
        """Erase all about this chat in one transaction, and say whether there was anything.

        A message that is on its way at this moment still arrives; nothing about it is written down any more. What
        the person did as an operator stays.
        """
        async with self._database.writing() as books:
            # Whoever plans or changes something takes this row first: after it, nothing new can come.
            known = await books.subscribers.find(chat_id, for_change=True)
            if known is not None:
                count_step(books, Step.DELETED, now=now)
                count_step(books, Step.ERASED, now=now, times=int(known.status in REACHABLE))
            return await books.personal.erase([chat_id])
