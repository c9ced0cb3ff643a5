"""Numbers as a language writes them, by the Unicode CLDR: 1,240 or 1 240."""

from babel import Locale
from babel.numbers import format_decimal

from tipbot.domain.content import ENGLISH, Language
from tipbot.texts.plurals import plural_rules


def grouped(number: int, language: Language) -> str:
    """Return a whole number with its digits in groups."""
    rules = plural_rules(language)
    return format_decimal(number, locale=rules.locale if rules else Locale.parse(ENGLISH))
