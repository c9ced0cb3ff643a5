"""What everybody may ask for at any time: to see all that is kept about them, and to have it erased."""

from tipbot.domain.subscribers import ChatId
from tipbot.storage.database import Database
from tipbot.storage.personal import Row


class Rights:
    """Shows and erases; strangers may ask as well."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def everything(self, chat_id: ChatId) -> dict[str, list[Row]]:
        """Return every row of the record that names this chat, by table; tables without one are left out."""
        async with self._database.reading() as books:
            rows = await books.personal.rows_of(chat_id)
        return {table: found for table, found in rows.items() if found}

    async def forget(self, chat_id: ChatId) -> bool:
        """Erase all about this chat in one transaction, and say whether there was anything.

        A message that is on its way at this moment still arrives; nothing about it is written down any more. What
        the person did as an operator stays.
        """
        async with self._database.writing() as books:
            # Whoever plans or changes something takes this row first: after it, nothing new can come.
            await books.subscribers.find(chat_id, for_change=True)
            return await books.personal.erase([chat_id])
