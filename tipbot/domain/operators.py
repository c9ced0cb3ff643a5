"""Who works with the bot for the clinic, and what each of them may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tipbot.domain.content import Language

INVITATION_LASTS = timedelta(days=2)
# What the code of an invitation begins with, so that the code of an ordinary link is never looked up as one.
INVITATION_PREFIX = "op-"


class Right(StrEnum):
    """What an operator may do: look, send, read what everybody did, and decide who the operators are."""

    SEE = "see"
    SEND = "send"
    REVIEW = "review"
    MANAGE = "manage"


class Role(StrEnum):
    """What somebody is at the clinic; owners are named in the settings, the others are invited."""

    OWNER = "owner"
    OPERATOR = "operator"
    VIEWER = "viewer"

    def may(self, right: Right) -> bool:
        """Say whether this role has a right."""
        return right in _RIGHTS[self]


_RIGHTS = {
    Role.OWNER: frozenset(Right),
    Role.OPERATOR: frozenset({Right.SEE, Right.SEND, Right.REVIEW}),
    Role.VIEWER: frozenset({Right.SEE}),
}


@dataclass(frozen=True, slots=True)
class Awaited:
    """What the bot asked an operator to type or send next; `about` is the number of the thing it is for."""

    what: str
    about: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody of the clinic; `user` is their Telegram user id, which is also their chat alone with the bot.

    `language` is the one in which they were last here, None before that.
    """

    user: int
    role: Role
    since: datetime
    invited_by: int | None = None
    wants_summary: bool = True
    awaits: Awaited | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that makes one person an operator, once, until `expires_at` (UTC); only a digest of it is kept."""

    code_digest: str
    role: Role
    invited_by: int
    made_at: datetime
    expires_at: datetime
    used_by: int | None = None
    used_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def waits(self, *, now: datetime) -> bool:
        """Say whether it can be used at this moment."""
        return self.used_at is None and self.withdrawn_at is None and now < self.expires_at
