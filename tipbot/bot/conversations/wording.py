"""Words as people type them, made comparable; pure functions of a text and the lists in texts.toml."""

import re
from collections.abc import Iterable
from functools import lru_cache

_APOSTROPHES = re.compile(
    "['`\N{ACUTE ACCENT}\N{MODIFIER LETTER APOSTROPHE}"
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]"
)
_JOINTS = re.compile(r"[-_/\s]+")
_ENDS = " .,;:!?"


def plain(text: str) -> str:
    """Return a text in small letters, without apostrophes, and with spaces for hyphens, slashes and the like."""
    return _JOINTS.sub(" ", _APOSTROPHES.sub("", text.casefold())).strip()


def choice(phrases: Iterable[str]) -> str:
    """Return a regular expression for one of these phrases in a plain text, the longer ones first."""
    return _choice(tuple(phrases))


def mentions(text: str, phrases: Iterable[str]) -> bool:
    """Say whether one of these phrases stands in the text, in whole words: "numb" is not in "number"."""
    return re.search(rf"\b(?:{choice(phrases)})\b", plain(text)) is not None


def is_one_of(text: str, phrases: Iterable[str]) -> bool:
    """Say whether the text is one of these phrases and nothing more, but for a point or the like after it."""
    return plain(text).strip(_ENDS) in _longest_first(tuple(phrases))


def after_one_of(text: str, beginnings: Iterable[str]) -> str:
    """Return what follows after one of these beginnings, or nothing for a text that begins otherwise."""
    words = plain(text)
    for beginning in _longest_first(tuple(beginnings)):
        if words.startswith(f"{beginning} "):
            return words.removeprefix(beginning).strip(_ENDS)
    return ""


@lru_cache(maxsize=100)
def _choice(phrases: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, _longest_first(phrases)))


@lru_cache(maxsize=100)
def _longest_first(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(map(plain, phrases), key=len, reverse=True))
