"""How somebody becomes an operator: by a link that lets one person in, once, and that nobody can read out again."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from tipbot.domain.content import Language
from tipbot.domain.operators import INVITATION_LASTS, INVITATION_PREFIX, Invitation, Operator, Right, Role
from tipbot.storage.audit import Deed
from tipbot.storage.database import Database
from tipbot.usecases.errors import NotInvited, OperatorAlready, Void
from tipbot.usecases.staffing import allowed

# 128 bits: nobody guesses one within the two days it is good for.
_BYTES = 16
CODE = re.compile(re.escape(INVITATION_PREFIX) + "[A-Za-z0-9_-]{22}")


def new_code() -> str:
    """Return the code of an invitation that is still to be made, which fits into a deep link."""
    return INVITATION_PREFIX + secrets.token_urlsafe(_BYTES)


def is_code(words: str) -> bool:
    """Say whether the code of a deep link is that of an invitation."""
    return CODE.fullmatch(words) is not None


def digest_of(code: str) -> str:
    """Return what is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Accepted:
    """Somebody came in; `is_new` is False when they had come in by the same link before."""

    operator: Operator
    is_new: bool


class Inviting:
    """Makes invitations, takes them back, and lets people in by them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def invite(self, code: str, role: Role, *, operator: int, now: datetime) -> Invitation | None:
        """Make an invitation of this code; said twice, it is still one. None when it cannot be used any more.

        Raises NotAnOperator or NotAllowed, and ValueError for the role of an owner or a code that is none.
        """
        if role is Role.OWNER or not is_code(code):
            raise ValueError(role)
        digest = digest_of(code)
        async with self._database.writing() as books:
            await allowed(books, operator, Right.MANAGE)
            known = await books.staff.invitation(digest)
            if known is not None:
                return known if known.waits(now=now) else None
            invitation = Invitation(digest, role, operator, made_at=now, expires_at=now + INVITATION_LASTS)
            await books.staff.invite(invitation)
            await books.audit.note(Deed(operator, f"invited-{role}", "", now))
            return invitation

    async def withdraw(self, digest_beginning: str, *, operator: int, now: datetime) -> bool:
        """Take back the invitation that waits and whose digest begins like this; False when there is none."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.MANAGE)
            for waiting in await books.staff.waiting(now=now):
                fits = waiting.code_digest.startswith(digest_beginning)
                if fits and await books.staff.withdraw(waiting.code_digest, now=now):
                    await books.audit.note(Deed(operator, f"withdrew-{waiting.role}", "", now))
                    return True
        return False

    async def accept(self, code: str, *, user: int, language: Language, now: datetime) -> Accepted:
        """Let somebody in; raises NotInvited or OperatorAlready. Of two at once one comes in."""
        digest = digest_of(code)
        async with self._database.writing() as books:
            invitation = await books.staff.invitation(digest)
            known = await books.staff.find(user, for_change=True)
            if known is not None and invitation is not None and invitation.used_by == user:
                return Accepted(known, is_new=False)
            if known is not None:
                raise OperatorAlready(known.role)
            if invitation is None or not invitation.waits(now=now):
                raise NotInvited(_void(invitation))
            newcomer = Operator(user, invitation.role, now, invited_by=invitation.invited_by, language=language)
            if not await books.staff.add(newcomer):  # by another invitation, at this very moment
                raise OperatorAlready(newcomer.role)
            await books.staff.use(digest, user=user, now=now)
            await books.audit.note(Deed(user, f"joined-{newcomer.role}", str(invitation.invited_by), now))
            return Accepted(newcomer, is_new=True)


def _void(invitation: Invitation | None) -> Void:
    if invitation is None:
        return Void.UNKNOWN
    if invitation.used_at is not None:
        return Void.USED
    return Void.WITHDRAWN if invitation.withdrawn_at is not None else Void.EXPIRED
