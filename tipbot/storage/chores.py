"""When something that happens now and then was last done, so that only one process does it each time."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import chores
from tipbot.storage.statements import change_where, new_or_changed_row, new_row, rows_with


class Chores:
    """The page of what is done now and then, by whichever process."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, name: str, *, due_before: datetime, now: datetime) -> bool:
        """Claim a chore that was last done before `due_before`, or never; return False when it was done since."""
        fresh = new_row(self._connection, chores)
        if (await self._connection.execute(fresh, {"name": name, "done_at": now})).rowcount:
            return True
        stale = {"this_name": name, "due_before": due_before}
        return bool((await self._connection.execute(_AGAIN, {**stale, "done_at": now})).rowcount)

    async def note(self, name: str, *, now: datetime) -> None:
        """Note that something was done at this moment."""
        statement = new_or_changed_row(self._connection, (chores.c.name,), "done_at")
        await self._connection.execute(statement, {"name": name, "done_at": now})

    async def last(self, name: str) -> datetime | None:
        """Return when something was last done (UTC), or None."""
        moment: datetime | None = await self._connection.scalar(_LAST, {"name": name})
        return moment


_AGAIN = change_where(chores.c.name).where(chores.c.done_at < bindparam("due_before"))
_LAST = rows_with(chores.c.name).with_only_columns(chores.c.done_at)
