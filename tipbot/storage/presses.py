"""How often links were followed: numbers a day, and nothing that leads to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.content import Origin
from tipbot.storage.schema import link_presses
from tipbot.storage.statements import row_added


@dataclass(frozen=True, slots=True, order=True)
class LinkPress:
    """Where a press led and from what kind of message it came, on which day (UTC)."""

    day: date
    origin: Origin
    target: str


class LinkPresses:
    """The page of presses on booking links."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, numbers: Mapping[LinkPress, int]) -> None:
        """Add these numbers to what is there."""
        if not numbers:
            return
        # Always in the same order, so that two processes that add at once wait for each other and no more.
        values = [
            {"day": one.day, "origin": one.origin.value, "target": one.target, "presses": number}
            for one, number in sorted(numbers.items())
        ]
        keys = (link_presses.c.day, link_presses.c.origin, link_presses.c.target)
        await self._connection.execute(row_added(self._connection, keys, "presses"), values)

    async def of_broadcast(self, number: int) -> int:
        """Return how often the buttons below a broadcast were pressed in all."""
        mine = (link_presses.c.origin == Origin.BROADCAST.value) & link_presses.c.target.startswith(f"{number}/")
        return int(await self._connection.scalar(select(func.sum(link_presses.c.presses)).where(mine)) or 0)

    async def all(self) -> dict[LinkPress, int]:
        """Return how many presses there were, by day, origin and target."""
        rows = (await self._connection.execute(select(link_presses))).all()
        return {LinkPress(row.day, Origin(row.origin), row.target): row.presses for row in rows}
