"""How a message of the bot, or a list of words, is declared."""

from dataclasses import field
from typing import Any

# Characters of an answer to a press, and of a command's line in the menu (Bot API).
TOAST, COMMAND = 200, 256


def says(*placeholders: str, most: int = 0) -> Any:  # noqa: ANN401 (stands for a dataclass field, as `field` does)
    """Declare a message and the placeholders that it must have, all of them and no others.

    `most` is how many characters Telegram takes there, where that is few (Bot API).
    """
    return field(metadata={"placeholders": frozenset(placeholders), "most": most})


def counts(counted: str, *placeholders: str) -> Any:  # noqa: ANN401 (same)
    """Declare a message in the plural forms of its language; the placeholder `counted` is the number."""
    return field(metadata={"placeholders": frozenset((counted, *placeholders)), "counted": counted})


def lists(length: int = 0) -> Any:  # noqa: ANN401 (same)
    """Declare a list of words: of this length, or of any length when it is 0."""
    return field(metadata={"length": length})
