"""Words as people type them, made comparable; pure functions of a text and the lists in texts.toml."""

import re
from collections.abc import Iterable

_APOSTROPHES = re.compile("['`\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]")
_JOINTS = re.compile(r"[-_/\s]+")
_ENDS = " .,;:!?"


def plain(text: str) -> str:
    """Return a text in small letters, without apostrophes, and with spaces for hyphens, slashes and the like."""
    return _JOINTS.sub(" ", _APOSTROPHES.sub("", text.casefold())).strip()


def mentions(text: str, phrases: Iterable[str]) -> bool:
    """Say whether one of these phrases stands in the text, in whole words: "numb" is not in "number"."""
    choices = "|".join(re.escape(plain(phrase)) for phrase in phrases)
    return re.search(rf"\b(?:{choices})\b", plain(text)) is not None


def is_one_of(text: str, phrases: Iterable[str]) -> bool:
    """Say whether the text is one of these phrases and nothing more, but for a point or the like after it."""
    return plain(text).strip(_ENDS) in {plain(phrase) for phrase in phrases}


def after_one_of(text: str, beginnings: Iterable[str]) -> str:
    """Return what follows after one of these beginnings, or nothing for a text that begins otherwise."""
    words = plain(text)
    for beginning in sorted(map(plain, beginnings), key=len, reverse=True):
        if words.startswith(f"{beginning} "):
            return words.removeprefix(beginning).strip(_ENDS)
    return ""
