"""How items were liked: numbers a day, and nothing that leads to a person."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.content import ItemId
from tipbot.domain.feedback import Opinion, Vote
from tipbot.storage.schema import feedback
from tipbot.storage.statements import row_added


class Recount(NamedTuple):
    """One vote more or, with `is_less`, one fewer for an item."""

    item: ItemId
    vote: Vote
    is_less: bool = False


class Feedback:
    """The page of daily votes."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def recount(self, changes: Sequence[Recount]) -> None:
        """Count votes in and out; a number never falls below nothing."""
        # In one order for everybody, so that two people who change their minds never wait for each other.
        for change in sorted(changes, key=lambda one: (one.vote.day, one.item, one.vote.opinion)):
            await (self._less(change) if change.is_less else self._more(change))

    async def _more(self, change: Recount) -> None:
        keys = (feedback.c.day, feedback.c.item, feedback.c.verdict)
        await self._connection.execute(row_added(self._connection, keys, "votes"), {**_row(change), "votes": 1})

    async def _less(self, change: Recount) -> None:
        counted = feedback.c.votes > 0
        for name, value in _row(change).items():
            counted &= feedback.c[name] == value
        await self._connection.execute(update(feedback).where(counted).values(votes=feedback.c.votes - 1))

    async def votes(self, *, since: date | None = None) -> dict[tuple[ItemId, Vote], int]:
        """Return the votes for each item, opinion and UTC date, all or from a date on; no votes are not named."""
        statement = select(feedback).where(feedback.c.votes > 0)
        if since is not None:
            statement = statement.where(feedback.c.day >= since)
        return {
            (ItemId(row.item), Vote(Opinion(row.verdict), row.day)): row.votes
            for row in (await self._connection.execute(statement)).all()
        }


def _row(change: Recount) -> dict[str, object]:
    return {"day": change.vote.day, "item": change.item, "verdict": change.vote.opinion.value}
