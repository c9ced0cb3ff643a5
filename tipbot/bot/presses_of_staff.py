"""The buttons of operators for who the operators are and what they did, each as a value."""

from dataclasses import dataclass
from typing import ClassVar, NewType

from tipbot.bot.item_presses import Page
from tipbot.bot.presses import Press
from tipbot.domain.operators import Role

UserNumber = NewType("UserNumber", int)
InvitationCode = NewType("InvitationCode", str)
DigestBeginning = NewType("DigestBeginning", str)

# So much of the digest of an invitation's code stands in a button: enough to tell apart all that ever wait.
DIGEST_BEGINNING = 16


@dataclass(frozen=True, slots=True)
class ShowOperators(Press):
    """Show a page of the list of operators."""

    code: ClassVar[str] = "ops"
    page: Page


@dataclass(frozen=True, slots=True)
class ShowOperator(Press):
    """Show what can be changed about one operator."""

    code: ClassVar[str] = "op"
    user: UserNumber


@dataclass(frozen=True, slots=True)
class ChangeRole(Press):
    """Let somebody have this role."""

    code: ClassVar[str] = "oprole"
    user: UserNumber
    role: Role


@dataclass(frozen=True, slots=True)
class AskRemoval(Press):
    """Ask whether somebody shall be no operator any more."""

    code: ClassVar[str] = "opask"
    user: UserNumber


@dataclass(frozen=True, slots=True)
class RemoveOperator(Press):
    """Let somebody be no operator any more."""

    code: ClassVar[str] = "opout"
    user: UserNumber


@dataclass(frozen=True, slots=True)
class AskInvitation(Press):
    """Ask as what somebody shall be invited."""

    code: ClassVar[str] = "opnew"


@dataclass(frozen=True, slots=True)
class Invite(Press):
    """Make an invitation of this code; pressed twice, it is still one."""

    code: ClassVar[str] = "opinv"
    role: Role
    invitation: InvitationCode


@dataclass(frozen=True, slots=True)
class WithdrawInvitation(Press):
    """Take back the invitation whose code's digest begins like this."""

    code: ClassVar[str] = "opback"
    digest: DigestBeginning


@dataclass(frozen=True, slots=True)
class ShowDeeds(Press):
    """Show a page of what operators did."""

    code: ClassVar[str] = "deeds"
    page: Page


@dataclass(frozen=True, slots=True)
class ExportDeeds(Press):
    """Send all that operators did as a file."""

    code: ClassVar[str] = "deedfile"


PRESSES_OF_STAFF: tuple[type[Press], ...] = (
    *(ShowOperators, ShowOperator, ChangeRole, AskRemoval, RemoveOperator),
    *(AskInvitation, Invite, WithdrawInvitation),
    *(ShowDeeds, ExportDeeds),
)
