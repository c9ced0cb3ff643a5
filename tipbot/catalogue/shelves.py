"""The catalogue itself: what the clinic says, by language, ready to be looked up and never changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Self

from tipbot.domain.check import Check, CheckCode, Screens
from tipbot.domain.content import (
    ENGLISH,
    Article,
    Card,
    Clinic,
    Item,
    ItemId,
    Language,
    Policy,
    SourceItem,
    Stretch,
    Therapist,
    TherapistId,
    Tip,
    Urgent,
    Verdict,
)
from tipbot.domain.walking import Course


@dataclass(frozen=True, slots=True)
class Source:
    """One article the advice was taken from, item by item."""

    title: str
    about: str
    published: date | None = None
    items: tuple[SourceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the sources the advice uses: every item is either covered or omitted."""

    items: int
    covered: int
    omitted: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything one language has to say, in the order of the files."""

    tips: tuple[Tip, ...]
    cards: tuple[Card, ...]
    stretches: tuple[Stretch, ...]
    urgent: Urgent
    by_id: Mapping[ItemId, Item]
    policy: Policy
    checks: tuple[Check, ...]
    screens: Screens
    articles: tuple[Article, ...] = ()

    def without(self, items: Collection[ItemId]) -> Self:
        """Return the shelf as if it did not have these tips, cards and stretches."""
        return replace(
            self,
            tips=tuple(tip for tip in self.tips if tip.id not in items),
            cards=tuple(card for card in self.cards if card.id not in items),
            stretches=tuple(stretch for stretch in self.stretches if stretch.id not in items),
            by_id=MappingProxyType({name: item for name, item in self.by_id.items() if name not in items}),
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All content that passed every rule; a language it does not have is answered in English."""

    clinic: Clinic
    therapists: Mapping[TherapistId, Therapist]
    sources: tuple[Source, ...]
    shelves: Mapping[Language, Shelf]
    _courses: dict[Language, tuple[Course, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put each check together with what it needs, once: its tree and its mark are asked for at every press."""
        object.__setattr__(self, "_courses", {language: self._put_together(language) for language in self.shelves})

    @property
    def languages(self) -> tuple[Language, ...]:
        """Name the languages there are, English first."""
        return tuple(sorted(self.shelves, key=lambda language: (language != ENGLISH, language)))

    @property
    def coverage(self) -> Coverage:
        """Count the source items, those that some advice covers, and those left out on purpose."""
        items = [item for source in self.sources for item in source.items]
        shelf = self.shelves[ENGLISH]
        cited = {cited for one in (*shelf.by_id.values(), *shelf.checks) for cited in one.covers}
        omitted = sum(item.verdict is Verdict.OMIT for item in items)
        return Coverage(items=len(items), covered=sum(item.id in cited for item in items), omitted=omitted)

    def tips(self, language: Language) -> tuple[Tip, ...]:
        """Return all tips in this language."""
        return self._shelf(language).tips

    def cards(self, language: Language) -> tuple[Card, ...]:
        """Return all education cards in this language."""
        return self._shelf(language).cards

    def stretches(self, language: Language) -> tuple[Stretch, ...]:
        """Return all stretches in this language."""
        return self._shelf(language).stretches

    def articles(self, language: Language) -> tuple[Article, ...]:
        """Return all articles in this language."""
        return self._shelf(language).articles

    def article(self, language: Language, article_id: ItemId) -> Article | None:
        """Return the article of this id, or None when it has been retired."""
        return next((article for article in self.articles(language) if article.id == article_id), None)

    def urgent(self, language: Language) -> Urgent:
        """Return the signs that need help now, in this language."""
        return self._shelf(language).urgent

    def policy(self, language: Language) -> Policy:
        """Return the privacy policy in this language."""
        return self._shelf(language).policy

    def checks(self, language: Language) -> tuple[Check, ...]:
        """Return all checks in this language."""
        return self._shelf(language).checks

    def screens(self, language: Language) -> Screens:
        """Return what the checks of this language share."""
        return self._shelf(language).screens

    def courses(self, language: Language) -> tuple[Course, ...]:
        """Return all checks of this language, each with what it needs for a run."""
        return self._courses.get(language) or self._put_together(language)

    def _put_together(self, language: Language) -> tuple[Course, ...]:
        return tuple(Course(language, check, self.screens(language)) for check in self.checks(language))

    def course(self, language: Language, code: CheckCode) -> Course | None:
        """Return the check of this code, or None when it has been retired."""
        return next((course for course in self.courses(language) if course.check.code == code), None)

    def marked_course(self, code: CheckCode, mark: str) -> Course | None:
        """Return the check of this code and fingerprint, whatever its language; None once it has changed."""
        courses = (self.course(language, code) for language in self.languages)
        return next((course for course in courses if course is not None and course.mark == mark), None)

    def item(self, language: Language, item_id: ItemId) -> Item | None:
        """Return the tip, card or stretch of this id, or None when it has been retired."""
        return self._shelf(language).by_id.get(item_id)

    def without(self, items: Collection[ItemId]) -> Self:
        """Return the catalogue as if it did not have these tips, cards and stretches, in any language."""
        if not items:
            return self
        shelves = {language: shelf.without(items) for language, shelf in self.shelves.items()}
        return replace(self, shelves=MappingProxyType(shelves))

    def _shelf(self, language: Language) -> Shelf:
        """Return the shelf of a language; Telegram may say "fr-CA" where the clinic has "fr"."""
        broader = Language(language.partition("-")[0])
        return self.shelves.get(language) or self.shelves.get(broader) or self.shelves[ENGLISH]
