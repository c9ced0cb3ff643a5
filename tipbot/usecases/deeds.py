"""What operators did, to be read and taken along as a file."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tipbot.domain.operators import Right
from tipbot.storage.audit import Deed
from tipbot.storage.database import Database
from tipbot.usecases.staffing import SHELL, allowed

READ_AT_ONCE = 1_000
_HEAD = ("at", "operator", "action", "subject")


def name_of(operator: int) -> str:
    """Return what stands for an operator where no names are known: their number."""
    return "shell" if operator == SHELL else str(operator)


@dataclass(frozen=True, slots=True)
class DeedsPage:
    """Some deeds, newest first, and whether there are older ones."""

    deeds: tuple[Deed, ...]
    has_more: bool


class Deeds:
    """Shows what operators did; raises NotAnOperator or NotAllowed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, number: int, *, size: int, operator: int) -> DeedsPage:
        """Return a page of the latest deeds; the first has the number 0."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.REVIEW)
            found = await books.audit.latest(size + 1, offset=number * size)
        return DeedsPage(tuple(found[:size]), len(found) > size)

    async def as_csv(self, *, operator: int) -> str:
        """Return all deeds as a table, oldest first; moments are UTC, and the host's shell is called "shell"."""
        file = io.StringIO()
        table = csv.writer(file)
        table.writerow(_HEAD)
        async for deed in self._all(operator):
            moment, who = deed.at.isoformat(timespec="seconds"), name_of(deed.operator)
            table.writerow((moment, who, deed.action, deed.subject))
        return file.getvalue()

    async def _all(self, operator: int) -> AsyncIterator[Deed]:
        last, is_over = 0, False
        while not is_over:
            async with self._database.reading() as books:
                await allowed(books, operator, Right.REVIEW)
                found, last = await books.audit.after(last, most=READ_AT_ONCE)
            is_over = len(found) < READ_AT_ONCE
            for deed in found:
                yield deed
