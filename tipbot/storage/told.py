"""What operators were told and is not over yet, so that each cause is told once, whichever process noticed it."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import alarms_told
from tipbot.storage.statements import insert_into

# Names of machines may be long; so many characters tell two causes apart.
_LONGEST = 120


class Told:
    """The page of alarms that were rung."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, cause: str, *, now: datetime, not_since: datetime) -> bool:
        """Note that operators are told of this cause; return False when they were, at `not_since` or later."""
        statement = insert_into(self._connection, alarms_told).values(cause=cause[:_LONGEST], told_at=now)
        told_long_ago = statement.on_conflict_do_update(
            index_elements=["cause"], set_={"told_at": now}, where=alarms_told.c.told_at < not_since
        )
        return bool((await self._connection.execute(told_long_ago)).rowcount)

    async def over(self, cause: str) -> bool:
        """Note that a cause is over, so that the next time is told again; return False when it was not there."""
        statement = delete(alarms_told).where(alarms_told.c.cause == cause[:_LONGEST])
        return bool((await self._connection.execute(statement)).rowcount)

    async def forget(self, *, told_before: datetime) -> None:
        """Erase what was told before a moment."""
        await self._connection.execute(delete(alarms_told).where(alarms_told.c.told_at < told_before))
