"""What happened how often on a day: numbers, and nothing that leads to a person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.check import CheckCode
from tipbot.storage.schema import tallies
from tipbot.storage.statements import row_added


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that is counted: on a UTC day, to a subject ("people", "check-t1"), an event ("joined")."""

    day: date
    subject: str
    event: str


_CHECK = "check-"


def check_subject(check: CheckCode) -> str:
    """Return under which subject a check is counted."""
    return f"{_CHECK}{check}"


def checks_only(counted: Mapping[Happening, int]) -> dict[tuple[date, CheckCode, str], int]:
    """Return the numbers about checks, by day, check and event."""
    return {
        (one.day, CheckCode(one.subject.removeprefix(_CHECK)), one.event): times
        for one, times in counted.items()
        if one.subject.startswith(_CHECK)
    }


class Tallies:
    """The page of numbers a day."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._waiting: Counter[Happening] = Counter()

    def count(self, happening: Happening, times: int = 1) -> None:
        """Count something that this transaction does; it is written at the transaction's end.

        Many transactions add to the same number. Taken last, and always in one order, it makes them wait for each
        other for a moment and never for ever.
        """
        self._waiting[happening] += times

    async def write(self) -> None:
        """Write down what was counted in this transaction."""
        if self._waiting:
            counted, self._waiting = self._waiting, Counter()
            await self.add(counted)

    async def add(self, counted: Mapping[Happening, int]) -> None:
        """Add to the numbers, in the same order everywhere, so that two writers never block each other."""
        if not counted:
            return
        values = [
            {"day": one.day, "subject": one.subject, "event": one.event, "times": times}
            for one, times in sorted(counted.items(), key=lambda pair: astuple(pair[0]))
        ]
        keys = (tallies.c.day, tallies.c.subject, tallies.c.event)
        await self._connection.execute(row_added(self._connection, keys, "times"), values)

    async def since(self, first: date) -> dict[Happening, int]:
        """Return the numbers from a UTC day on."""
        statement = select(tallies).where(tallies.c.day >= first)
        rows = await self._connection.execute(statement)
        return {Happening(row.day, row.subject, row.event): row.times for row in rows}

    async def total(self, subject: str, event: str) -> int:
        """Return how often something happened in all."""
        mine = (tallies.c.subject == subject) & (tallies.c.event == event)
        return int(await self._connection.scalar(select(func.sum(tallies.c.times)).where(mine)) or 0)
