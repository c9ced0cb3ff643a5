"""What operators were told and is not over yet, so that each cause is told once, whichever process noticed it."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import alarms_told
from tipbot.storage.statements import insert_into


class Told:
    """The page of alarms that were rung."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, cause: str, *, now: datetime) -> bool:
        """Note that operators are told of this cause; return False when they were told already."""
        statement = insert_into(self._connection, alarms_told).values(cause=cause, told_at=now)
        return bool((await self._connection.execute(statement.on_conflict_do_nothing())).rowcount)

    async def over(self, cause: str) -> bool:
        """Note that a cause is over, so that the next time is told again; return False when it was not there."""
        statement = delete(alarms_told).where(alarms_told.c.cause == cause)
        return bool((await self._connection.execute(statement)).rowcount)
