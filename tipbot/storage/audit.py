"""What operators did: who, when, what, and to which thing; never the words of a message."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import audit


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing an operator did; `operator` is their Telegram user id, `at` is UTC."""

    operator: int
    action: str
    subject: str
    at: datetime


class Audit:
    """The page of operators' deeds."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, deed: Deed) -> None:
        """Write a deed down, in the transaction that does it."""
        values = {"operator": deed.operator, "action": deed.action, "subject": deed.subject, "at": deed.at}
        await self._connection.execute(insert(audit).values(values))

    async def latest(self, most: int) -> list[Deed]:
        """Return the latest deeds, newest first."""
        rows = await self._connection.execute(select(audit).order_by(audit.c.id.desc()).limit(most))
        return [Deed(row.operator, row.action, row.subject, row.at) for row in rows]
