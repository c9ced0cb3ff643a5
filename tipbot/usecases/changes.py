"""What differs between two editions of the content, in numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tipbot.catalogue import Catalogue
from tipbot.domain.content import ENGLISH, ItemId, Language
from tipbot.texts import Texts


class Sort(StrEnum):
    """What there are many of in the content."""

    TIPS = "tips"
    CARDS = "cards"
    STRETCHES = "stretches"
    ARTICLES = "articles"
    CHECKS = "checks"


class Part(StrEnum):
    """What there is one of: each is the same as before, or it has changed."""

    TEXTS = "texts"
    URGENT = "urgent signs"
    SCREENS = "safety screens"
    POLICY = "privacy policy"
    CLINIC = "clinic"
    THERAPISTS = "therapists"
    SOURCES = "sources"
    LANGUAGES = "languages"


@dataclass(frozen=True, slots=True)
class Difference:
    """How many are new, changed and gone."""

    new: int
    changed: int
    gone: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reload changed; a sort that stayed as it was is not named."""

    sorts: Mapping[Sort, Difference]
    parts: tuple[Part, ...]
    gone: frozenset[ItemId]
    asks_again: bool

    def __bool__(self) -> bool:
        return bool(self.sorts or self.parts)


def changes_between(
    old: Catalogue, new: Catalogue, old_texts: Mapping[Language, Texts], new_texts: Mapping[Language, Texts]
) -> Changes:
    """Compare two editions in the languages that both have; `gone` are tips, cards and stretches."""
    sorts = {sort: difference for sort in Sort if (difference := _difference(sort, old, new)) is not None}
    parts = [part for part in Part if _has_changed(part, old, new)]
    texts = [Part.TEXTS] if any(old_texts[one] != new_texts[one] for one in _both(old_texts, new_texts)) else []
    consents = {catalogue.policy(ENGLISH).consent_version for catalogue in (old, new)}
    return Changes(
        sorts=sorts,
        parts=(*texts, *parts),
        gone=frozenset(old.shelves[ENGLISH].by_id.keys() - new.shelves[ENGLISH].by_id.keys()),
        asks_again=len(consents) > 1,
    )


def _both(old: Collection[Language], new: Collection[Language]) -> list[Language]:
    return [language for language in old if language in new]


def _difference(sort: Sort, old: Catalogue, new: Catalogue) -> Difference | None:
    """Compare by id; what differs in any language counts once."""
    before, after = _by_id(sort, old, ENGLISH), _by_id(sort, new, ENGLISH)
    changed = {
        name
        for language in _both(old.shelves, new.shelves)
        for name, value in _by_id(sort, old, language).items()
        if name in after and _by_id(sort, new, language).get(name) != value
    }
    difference = Difference(len(after.keys() - before.keys()), len(changed), len(before.keys() - after.keys()))
    return None if difference == Difference(0, 0, 0) else difference


def _by_id(sort: Sort, catalogue: Catalogue, language: Language) -> dict[str, object]:
    shelf = catalogue.shelves[language]
    match sort:
        case Sort.TIPS:
            return {tip.id: tip for tip in shelf.tips}
        case Sort.CARDS:
            return {card.id: card for card in shelf.cards}
        case Sort.STRETCHES:
            return {stretch.id: stretch for stretch in shelf.stretches}
        case Sort.ARTICLES:
            return {article.id: article for article in shelf.articles}
        case Sort.CHECKS:
            return {check.id: check for check in shelf.checks}


def _has_changed(part: Part, old: Catalogue, new: Catalogue) -> bool:
    return _part(part, old, new.languages) != _part(part, new, old.languages)


def _part(part: Part, catalogue: Catalogue, others: Collection[Language]) -> object:
    shelves = [catalogue.shelves[language] for language in _both(catalogue.languages, others)]
    return {
        Part.TEXTS: None,  # these are not part of a catalogue
        Part.URGENT: [shelf.urgent for shelf in shelves],
        Part.SCREENS: [shelf.screens for shelf in shelves],
        Part.POLICY: [shelf.policy for shelf in shelves],
        Part.CLINIC: catalogue.clinic,
        Part.THERAPISTS: dict(catalogue.therapists),
        Part.SOURCES: catalogue.sources,
        Part.LANGUAGES: catalogue.languages,
    }[part]
