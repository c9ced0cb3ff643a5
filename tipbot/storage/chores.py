"""When something that happens now and then was last done, so that only one process does it each time."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import chores
from tipbot.storage.statements import insert_into


class Chores:
    """The page of what is done now and then, by whichever process."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, name: str, *, due_before: datetime, now: datetime) -> bool:
        """Claim a chore that was last done before `due_before`, or never; return False when it was done since."""
        fresh = insert_into(self._connection, chores).values(name=name, done_at=now).on_conflict_do_nothing()
        if (await self._connection.execute(fresh)).rowcount:
            return True
        stale = (chores.c.name == name) & (chores.c.done_at < due_before)
        return bool((await self._connection.execute(update(chores).where(stale).values(done_at=now))).rowcount)

    async def note(self, name: str, *, now: datetime) -> None:
        """Note that something was done at this moment."""
        statement = insert_into(self._connection, chores).values(name=name, done_at=now)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"done_at": now})
        )

    async def last(self, name: str) -> datetime | None:
        """Return when something was last done (UTC), or None."""
        moment: datetime | None = await self._connection.scalar(
            select(chores.c.done_at).where(chores.c.name == name)
        )
        return moment
