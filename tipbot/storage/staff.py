"""Operators and invitations as they are remembered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.content import Language
from tipbot.domain.operators import Awaited, Invitation, Operator, Role
from tipbot.storage.schema import invitations, operators
from tipbot.storage.statements import new_or_changed_row, new_row, rows_with


class Staff:
    """The operators' page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, user: int, *, for_change: bool = False) -> Operator | None:
        """Return an operator, or None for anybody else."""
        statement = rows_with(operators.c.operator, for_change=for_change)
        row = (await self._connection.execute(statement, {"operator": user})).mappings().one_or_none()
        return None if row is None else _operator_from(row)

    async def everybody(self) -> list[Operator]:
        """Return all operators, those who were there first first."""
        return [_operator_from(row) for row in (await self._connection.execute(_EVERYBODY)).mappings()]

    async def save(self, operator: Operator) -> None:
        """Write down every field of an operator, known or new."""
        values = _values(operator)
        statement = new_or_changed_row(self._connection, (operators.c.operator,), *values)
        await self._connection.execute(statement, {"operator": operator.user, **values})

    async def add(self, operator: Operator) -> bool:
        """Write a new operator down; return False, and change nothing, when it is one already."""
        values = {"operator": operator.user, **_values(operator)}
        return bool((await self._connection.execute(new_row(self._connection, operators), values)).rowcount)

    async def remove(self, user: int) -> bool:
        """Forget an operator; return False when there was none."""
        statement = delete(operators).where(operators.c.operator == user)
        return bool((await self._connection.execute(statement)).rowcount)

    async def invite(self, invitation: Invitation) -> None:
        """Write an invitation down; one of that code is left as it is."""
        values = {
            "code_digest": invitation.code_digest,
            "role": invitation.role.value,
            "operator": invitation.invited_by,
            "made_at": invitation.made_at,
            "expires_at": invitation.expires_at,
        }
        await self._connection.execute(new_row(self._connection, invitations), values)

    async def invitation(self, code_digest: str) -> Invitation | None:
        """Return an invitation, used or not, and keep others from using it until the transaction ends."""
        statement = rows_with(invitations.c.code_digest, for_change=True)
        row = (await self._connection.execute(statement, {"code_digest": code_digest})).mappings().one_or_none()
        return None if row is None else _invitation_from(row)

    async def use(self, code_digest: str, *, user: int, now: datetime) -> None:
        """Note who used an invitation, and when."""
        mine = invitations.c.code_digest == code_digest
        await self._connection.execute(update(invitations).where(mine).values(used_by=user, used_at=now))

    async def waiting(self, *, now: datetime) -> list[Invitation]:
        """Return the invitations that can be used at this moment, oldest first."""
        statement = select(invitations).where(_is_unused(), invitations.c.expires_at > now)
        ordered = statement.order_by(invitations.c.made_at, invitations.c.code_digest)
        return [_invitation_from(row) for row in (await self._connection.execute(ordered)).mappings()]

    async def withdraw(self, code_digest: str, *, now: datetime) -> bool:
        """Take an invitation back; return False when it was used or taken back before."""
        mine = update(invitations).where(invitations.c.code_digest == code_digest, _is_unused())
        return bool((await self._connection.execute(mine.values(withdrawn_at=now))).rowcount)

    async def withdraw_all_of(self, invited_by: int, *, now: datetime) -> None:
        """Take back what one operator invited and nobody used yet."""
        theirs = update(invitations).where(invitations.c.operator == invited_by, _is_unused())
        await self._connection.execute(theirs.values(withdrawn_at=now))

    async def forget_invitations(self, *, expired_before: datetime) -> None:
        """Erase invitations, used or not, whose time was over before a moment."""
        await self._connection.execute(delete(invitations).where(invitations.c.expires_at < expired_before))


_EVERYBODY = select(operators).order_by(operators.c.since, operators.c.operator)


def _is_unused() -> ColumnElement[bool]:
    return and_(invitations.c.used_at.is_(None), invitations.c.withdrawn_at.is_(None))


def _operator_from(row: RowMapping) -> Operator:
    awaits = None
    if row["awaits"] is not None:
        awaits = Awaited(row["awaits"], row["awaits_about"] or 0, row["awaits_since"])
    return Operator(
        user=row["operator"],
        role=Role(row["role"]),
        since=row["since"],
        invited_by=row["invited_by"],
        wants_summary=row["wants_summary"],
        awaits=awaits,
        language=None if row["language"] is None else Language(row["language"]),
    )


def _values(operator: Operator) -> dict[str, Any]:
    awaits = operator.awaits
    return {
        "role": operator.role.value,
        "invited_by": operator.invited_by,
        "since": operator.since,
        "wants_summary": operator.wants_summary,
        "language": operator.language,
        "awaits": None if awaits is None else awaits.what,
        "awaits_about": None if awaits is None else awaits.about,
        "awaits_since": None if awaits is None else awaits.since,
    }


def _invitation_from(row: RowMapping) -> Invitation:
    return Invitation(
        code_digest=row["code_digest"],
        role=Role(row["role"]),
        invited_by=row["operator"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        used_by=row["used_by"],
        used_at=row["used_at"],
        withdrawn_at=row["withdrawn_at"],
    )
