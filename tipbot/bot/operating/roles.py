"""Roles in words."""

from tipbot.domain.operators import Role
from tipbot.texts import Texts


def role_name(role: Role, texts: Texts) -> str:
    """Return the word for a role, as it stands alone."""
    return {Role.OWNER: texts.role_owner, Role.OPERATOR: texts.role_operator, Role.VIEWER: texts.role_viewer}[role]


def as_role(role: Role, texts: Texts) -> str:
    """Return a role inside a sentence: "an operator"."""
    words = {
        Role.OWNER: texts.as_owner,
        Role.OPERATOR: texts.as_operator,
        Role.VIEWER: texts.as_viewer,
    }
    return words[role]
