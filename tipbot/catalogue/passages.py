"""Which words of a piece of content a reader sees, key by key: what the wording rules look at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache

from tipbot.domain.check import Check, Outcome, Screens
from tipbot.domain.content import Article, Card, Item, Review, Section, Stretch, Tip

Passage = tuple[str, str]
"""A key and the text that stands there."""

_NOT_SHOWN = frozenset(
    {"id", "therapist", "therapists", "url", "topic", "covers", "verdict", "position", "effective"}
    | {"code", "gate", "goto", "idea", "items", "help"}
)


def passages(value: object) -> Iterator[Passage]:
    """Go through every text of a value that people read; ids and reviews are not read by anyone."""
    if not is_dataclass(value):
        return
    for name in _shown(value.__class__):
        yield from _inside(name, getattr(value, name))


@cache
def _shown(shape: type) -> tuple[str, ...]:
    """Name the fields of a dataclass that people read."""
    return tuple(field.name for field in fields(shape) if field.name not in _NOT_SHOWN)


def prose(item: Item) -> tuple[Passage, ...]:
    """Return the running text of an item, which must be easy to read: no title, source or list of conditions."""
    match item:
        case Tip():
            return (("body", item.body),)
        case Card():
            return (("fact", item.fact), ("so_what", item.so_what))
        case Stretch():
            steps = tuple(_inside("steps", item.steps))
            return (
                ("why", item.why),
                ("setup", item.setup),
                *steps,
                ("dose", item.dose),
                ("easier", item.easier),
                ("stop", item.stop),
            )


def pages(article: Article) -> Iterator[tuple[str, Section]]:
    """Go through the sections of an article with the key that a fault names them by."""
    for number, section in enumerate(article.sections, start=1):
        yield f"sections[#{number}]", section


_AROUND = re.compile(r"^name$|^extra\[|\.answers\[")
"""Keys of a check that are no running text: words on buttons would make a hard text look easy."""


def prose_of_check(check: Check) -> tuple[Passage, ...]:
    """Return the running text of a check, which must be easy to read: no name, no signs and no words on buttons."""
    return tuple(one for one in passages(check) if not _AROUND.search(one[0]))


def prose_of_screens(screens: Screens) -> tuple[Passage, ...]:
    """Return the running text that all checks share, without the lists of signs, which are long by nature."""
    return tuple(one for one in passages(screens) if ".signs[" not in one[0])


def outcome_passages(key: str, outcome: Outcome) -> Iterator[Passage]:
    """Go through what an ending tells somebody about themselves; what to say on the telephone is not of it."""
    yield f"{key}.says", outcome.says
    yield f"{key}.when", outcome.when


def _inside(key: str, value: object) -> Iterator[Passage]:
    match value:
        case str():
            yield key, value
        case tuple():
            for number, part in enumerate(value, start=1):
                yield from _inside(f"{key}[#{number}]", part)
        case Mapping():
            for name, part in value.items():
                yield from _inside(f"{key}.{name}", part)
        case Review():
            return
        case _ if is_dataclass(value):
            yield from ((f"{key}.{inner}", text) for inner, text in passages(value))
