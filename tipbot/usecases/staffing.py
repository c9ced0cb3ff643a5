"""Who may do what: asked in the same transaction that does it, so that somebody removed a moment ago may not."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from tipbot.domain.operators import Awaited, Operator, Right, Role
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.errors import NotAllowed, NotAnOperator

# Whoever has the host's shell may do everything; Telegram gives nobody this number.
SHELL = -1


async def allowed(books: Books, user: int, right: Right) -> Operator | None:
    """Return the operator, None for the shell; raises NotAnOperator, or NotAllowed for a role without the right."""
    if user == SHELL:
        return None
    operator = await books.staff.find(user)
    if operator is None:
        raise NotAnOperator
    if not operator.role.may(right):
        raise NotAllowed(operator.role)
    return operator


class Staffing:
    """Keeps the list of operators."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user: int) -> Operator | None:
        """Return an operator, or None for anybody else."""
        async with self._database.reading() as books:
            return await books.staff.find(user)

    async def appoint(self, owners: Collection[int], *, now: datetime) -> None:
        """Let exactly these people be owners: the settings say who they are, whatever the record said before."""
        async with self._database.writing() as books:
            known = {operator.user: operator for operator in await books.staff.everybody()}
            for user in known.keys() - set(owners):
                if known[user].role is Role.OWNER:
                    await books.staff.remove(user)
            for user in sorted(owners):
                operator = known.get(user) or Operator(user, Role.OWNER, now)
                await books.staff.save(replace(operator, role=Role.OWNER))

    async def wait_for(self, user: int, what: str, about: int = 0, *, now: datetime) -> None:
        """Remember what this operator was asked to type or send next; raises NotAnOperator."""
        await self._let_await(user, Awaited(what, about, now))

    async def wait_no_more(self, user: int) -> None:
        """Forget what this operator was asked for."""
        await self._let_await(user, None)

    async def _let_await(self, user: int, awaited: Awaited | None) -> None:
        async with self._database.writing() as books:
            operator = await books.staff.find(user, for_change=True)
            if operator is None:
                raise NotAnOperator
            await books.staff.save(replace(operator, awaits=awaited))
