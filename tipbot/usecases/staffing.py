"""Who may do what: asked in the same transaction that does it, so that somebody removed a moment ago may not."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from tipbot.domain.content import Language
from tipbot.domain.operators import Awaited, Invitation, Operator, Right, Role
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.errors import NotAllowed, NotAnOperator, OwnerOfSettings

# Whoever has the host's shell may do everything; Telegram gives nobody this number.
SHELL = -1
_RANKS = {role: rank for rank, role in enumerate(Role)}


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


@dataclass(frozen=True, slots=True)
class Roster:
    """All operators and the invitations that wait, as one of them sees it, who `may_manage` or may not."""

    operators: tuple[Operator, ...]
    invitations: tuple[Invitation, ...]
    may_manage: bool


class Staffing:
    """Keeps the list of operators."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user: int) -> Operator | None:
        """Return an operator, or None for anybody else."""
        async with self._database.reading() as books:
            return await books.staff.find(user)

    async def everybody(self) -> list[Operator]:
        """Return all operators, those who were there first first."""
        async with self._database.reading() as books:
            return await books.staff.everybody()

    async def note_language(self, operator: Operator, language: Language) -> None:
        """Remember which language an operator speaks with the bot, so that they are told in it."""
        if operator.language == language:
            return
        async with self._database.writing() as books:
            known = await books.staff.find(operator.user, for_change=True)
            if known is not None:
                await books.staff.save(replace(known, language=language))

    async def roster(self, *, operator: int, now: datetime) -> Roster:
        """Return who works here, owners first; raises NotAnOperator.

        Invitations are shown to those who may make them.
        """
        async with self._database.reading() as books:
            who = await allowed(books, operator, Right.SEE)
            may_manage = who is None or who.role.may(Right.MANAGE)
            waiting = await books.staff.waiting(now=now) if may_manage else []
            everybody = sorted(await books.staff.everybody(), key=lambda one: _RANKS[one.role])
            return Roster(tuple(everybody), tuple(waiting), may_manage)

    async def change_role(self, user: int, role: Role, *, operator: int, now: datetime) -> Operator | None:
        """Let somebody be an operator or a viewer; return them, or None when they are neither.

        Raises OwnerOfSettings for an owner, and ValueError for the role of one: the settings say who that is.
        """
        if role is Role.OWNER:
            raise ValueError(role)
        async with self._database.writing() as books:
            await allowed(books, operator, Right.MANAGE)
            known = await _changeable(books, user)
            if known is None or known.role is role:
                return known
            changed = replace(known, role=role)
            await books.staff.save(changed)
            await books.audit.note(Deed(operator, f"role-{role}", str(user), now))
            return changed

    async def remove(self, user: int, *, operator: int, now: datetime) -> bool:
        """Let somebody be no operator any more; return False when they were none. Raises OwnerOfSettings."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.MANAGE)
            if await _changeable(books, user) is None:
                return False
            await _dismiss(books, user, now)
            await books.audit.note(Deed(operator, "operator-removed", str(user), now))
            return True

    async def appoint(self, owners: Collection[int], *, now: datetime) -> list[int]:
        """Let exactly these people be owners: the settings say who they are, whatever the record said before.

        Returns who is an operator no more. Any number of processes may do it at once.
        """
        former = []
        async with self._database.writing() as books:
            for known in await books.staff.everybody():
                if known.role is Role.OWNER and known.user not in owners and await _dismiss(books, known.user, now):
                    former.append(known.user)
                    await books.audit.note(Deed(SHELL, "owner-dismissed", str(known.user), now))
            for user in sorted(owners):
                if await _appointed(books, user, now):
                    await books.audit.note(Deed(SHELL, "owner-appointed", str(user), now))
        return former

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


async def _changeable(books: Books, user: int) -> Operator | None:
    known = await books.staff.find(user, for_change=True)
    if known is not None and known.role is Role.OWNER:
        raise OwnerOfSettings
    return known


async def _dismiss(books: Books, user: int, now: datetime) -> bool:
    """Remove somebody, with the invitations by which they could come back."""
    await books.staff.withdraw_all_of(user, now=now)
    return await books.staff.remove(user)


async def _appointed(books: Books, user: int, now: datetime) -> bool:
    """Make somebody an owner; return False when they are one already."""
    if await books.staff.add(Operator(user, Role.OWNER, now)):
        return True
    known = await books.staff.find(user, for_change=True)
    if known is None or known.role is Role.OWNER:
        return False
    await books.staff.save(replace(known, role=Role.OWNER))
    return True
