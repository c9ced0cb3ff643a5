"""Texts that count: a form for each plural category of the language, by the rules of the Unicode CLDR."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from tipbot.domain.content import Language

_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
# Enough numbers to tell all categories of whole numbers apart: French "many" begins at a million.
_SAMPLES = (*range(201), 1_000, 1_000_000, 2_000_000)
_MOST_EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class PluralRules:
    """Which form a language takes for which number; `categories` are in CLDR's order, "other" last."""

    locale: Locale
    categories: tuple[str, ...]

    def category(self, count: int) -> str:
        """Return the category of a number."""
        return str(self.locale.plural_form(count))

    def numbers(self, category: str) -> tuple[int, ...]:
        """Return whole numbers of a category, the smallest first; none where it is for fractions only."""
        return _numbers(self, category)

    def meaning(self, category: str) -> str:
        """Return what a category is for, in words for whoever translates."""
        numbers = self.numbers(category)
        if not numbers:
            return "numbers with a fraction"
        return ", ".join(map(str, numbers[:_MOST_EXAMPLES])) + (" …" if len(numbers) > _MOST_EXAMPLES else "")


@cache
def _numbers(rules: PluralRules, category: str) -> tuple[int, ...]:
    # Every counted text asks, and it takes a quarter of a thousand evaluations to answer.
    return tuple(count for count in _SAMPLES if rules.category(count) == category)


@cache
def plural_rules(language: Language) -> PluralRules | None:
    """Return the rules of a language such as "pl" or "pt-br", None where CLDR does not know it."""
    for name in (language, language.partition("-")[0]):
        try:
            locale = Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        known = {*locale.plural_form.tags, "other"}
        return PluralRules(locale, tuple(category for category in _CATEGORIES if category in known))
    return None


@dataclass(frozen=True, slots=True)
class Plural:
    """A text in all its forms; the number in the placeholder `counted` says which of them is taken."""

    counted: str
    forms: Mapping[str, str]
    rules: PluralRules = field(compare=False, repr=False)

    def form(self, count: int) -> str:
        """Return the form for a number, its placeholders still to be filled in."""
        return self.forms[self.rules.category(count)]

    def format(self, **values: object) -> str:
        """Fill in the form that fits, as `str.format` does; the number must be among the values.

        It is written as the language writes numbers: 1,240.
        """
        count = values[self.counted]
        if not isinstance(count, int):
            message = f"{{{self.counted}}} must be a whole number"
            raise TypeError(message)
        return self.form(count).format(**values | {self.counted: format_decimal(count, locale=self.rules.locale)})
