"""Everything in the record that names one chat, whatever table it stands in: to be shown, and to be erased."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Column, Table, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.subscribers import ChatId
from tipbot.storage.schema import metadata
from tipbot.storage.statements import rows_with
from tipbot.storage.totals import Totals

Row = dict[str, object]

# Columns that hold the number of a chat or of a person (alone with the bot they are the same). A new table that
# uses one of these names is shown and erased without anything being added here.
CHAT, OPERATOR = "chat_id", "operator"


class Personal:
    """All pages of the record, read for one chat."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows_of(self, chat_id: ChatId) -> dict[str, list[Row]]:
        """Return every row that names this chat, by table; what somebody did as an operator is among them."""
        found: dict[str, list[Row]] = {}
        for table, column in _naming(CHAT, OPERATOR):
            rows = (await self._connection.execute(rows_with(column), {column.name: chat_id})).mappings()
            found[table.name] = [dict(row) for row in rows]
        return found

    async def erase(self, chat_ids: Collection[ChatId]) -> bool:
        """Erase every row of these chats and say whether there were any.

        Deliveries that were settled live on as numbers a day. What operators did stays: it is the clinic's
        evidence, and about their work. The caller holds the subscribers' rows: nothing is planned meanwhile.
        """
        erased = await Totals(self._connection).fold_chats(chat_ids)
        for table, column in reversed(_naming(CHAT)):
            erased += (await self._connection.execute(delete(table).where(column.in_(chat_ids)))).rowcount
        return erased > 0


@cache
def _naming(*names: str) -> list[tuple[Table, Column[int]]]:
    """Return the tables with a column of one of these names, those that others hang on first."""
    return [(table, table.c[name]) for table in metadata.sorted_tables for name in names if name in table.c]
