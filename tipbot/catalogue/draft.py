"""Content that was read but is not checked yet, each piece with the file and key it stands at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from tipbot.catalogue.passages import Passage, passages
from tipbot.catalogue.shelves import Source
from tipbot.domain.check import Check, Screens
from tipbot.domain.content import Article, Clinic, Item, Language, Policy, SourceItem, Therapist, Urgent
from tipbot.domain.faults import Fault

Value_co = TypeVar("Value_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file below the content folder, and the entry in it ("" is the file itself)."""

    file: str
    entry: str = ""

    def fault(self, key: str, message: str) -> Fault:
        """Return a fault of `key` in this entry."""
        return Fault(self.file, f"{self.entry}.{key}" if self.entry else key, message)


@dataclass(frozen=True)
class Found(Generic[Value_co]):
    """A value and where it was found."""

    place: Place
    value: Value_co

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The texts of it that people read; a dozen rules look at each of them."""
        return tuple(passages(self.value))


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that could be read; what is missing from it has a fault of its own."""

    clinic: Found[Clinic] | None
    therapists: tuple[Found[Therapist], ...]
    sources: tuple[Found[Source], ...]
    source_items: tuple[Found[SourceItem], ...]
    items: Mapping[Language, tuple[Found[Item], ...]]
    urgent: Mapping[Language, Found[Urgent]]
    policies: Mapping[Language, Found[Policy]]
    articles: Mapping[Language, tuple[Found[Article], ...]]
    checks: Mapping[Language, tuple[Found[Check], ...]]
    screens: Mapping[Language, Found[Screens]]

    def every_item(self) -> Iterator[Found[Item]]:
        """Go through the tips, cards and stretches of all languages."""
        for shelf in self.items.values():
            yield from shelf

    def every_article(self) -> Iterator[Found[Article]]:
        """Go through the articles of all languages."""
        for shelf in self.articles.values():
            yield from shelf

    def every_check(self) -> Iterator[Found[Check]]:
        """Go through the checks of all languages."""
        for shelf in self.checks.values():
            yield from shelf

    def everything(self) -> Iterator[Found[object]]:
        """Go through all that was found, in every file."""
        if self.clinic:
            yield self.clinic
        yield from self.therapists
        yield from self.sources
        yield from self.source_items
        yield from self.every_item()
        yield from self.every_article()
        yield from self.urgent.values()
        yield from self.policies.values()
        yield from self.every_check()
        yield from self.screens.values()
