"""Which words of a piece of content a reader sees, key by key: what the wording rules look at."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from tipbot.domain.content import Article, Card, Item, PolicyPage, Section, Stretch, Tip

Passage = tuple[str, str]
"""A key and the text that stands there."""

_NOT_SHOWN = frozenset(
    {"id", "therapist", "therapists", "url", "topic", "covers", "verdict", "position", "effective"}
)


def passages(value: object) -> Iterator[Passage]:
    """Go through every text of a value that people read; ids and reviews are not read by anyone."""
    if not is_dataclass(value):
        return
    for field in fields(value):
        if field.name not in _NOT_SHOWN:
            yield from _inside(field.name, getattr(value, field.name))


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
        case PolicyPage() | Section():
            for inner, text in passages(value):
                yield f"{key}.{inner}", text
