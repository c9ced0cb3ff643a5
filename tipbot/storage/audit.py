"""What operators did: who, when, what, and to which thing; never the words of a message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
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
        await self._connection.execute(_NOTE, values)

    async def latest(self, most: int, *, offset: int = 0) -> list[Deed]:
        """Return the latest deeds, newest first."""
        statement = select(audit).order_by(audit.c.id.desc()).limit(most).offset(offset)
        return [_deed_from(row) for row in await self._connection.execute(statement)]

    async def after(self, number: int, *, most: int) -> tuple[list[Deed], int]:
        """Return the deeds beyond one of them, oldest first, and the number to go on from."""
        statement = select(audit).where(audit.c.id > number).order_by(audit.c.id).limit(most)
        rows = (await self._connection.execute(statement)).all()
        return [_deed_from(row) for row in rows], rows[-1].id if rows else number


_NOTE = insert(audit)


def _deed_from(row: Row[Any]) -> Deed:
    return Deed(row.operator, row.action, row.subject, row.at)
