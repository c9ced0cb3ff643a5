"""Who says that they are under 18; pure functions of a text and the lists in texts.toml."""

import re
from functools import lru_cache

from tipbot.bot.conversations.wording import choice, mentions, plain
from tipbot.texts.listening import Listening

ADULT = 18
# A bare number below this is more often something else, such as how sore a back is; "years old" makes it clear.
CLEAR_AGE = 10

# Not between the digits of "15.5", nor in "15, 16 weeks", which is no age.
_CLAUSES = re.compile(r"[!?;()\"\n\r\N{HORIZONTAL ELLIPSIS}\N{EN DASH}\N{EM DASH}]|[.:](?!\d)|,(?!\s*\d)")


def says_under_age(text: str, texts: Listening) -> bool:
    """Say whether somebody tells that they are under 18: "I'm 15", but not "I'm 15 minutes late"."""
    if mentions(text, texts.not_ages):
        return False
    if mentions(text, texts.under_age_words) or _years_old(texts).fullmatch(plain(text).strip(" .,!")):
        return True
    clauses = (plain(clause) for clause in _CLAUSES.split(text))
    return any(_age(texts).search(clause) for clause in clauses)


def _years_old(texts: Listening) -> re.Pattern[str]:
    return _compiled(rf"(?:{_numbers(texts, least=1)}) ?(?:{choice(texts.years_old)})")


def _age(texts: Listening) -> re.Pattern[str]:
    beginning = rf"\b(?:{choice(texts.age_beginnings)}) (?:(?:{choice(texts.age_fillers)}) )*"
    half = rf"(?: (?:{choice(texts.age_halves)}))?+"
    clear = rf"(?:{_numbers(texts, least=1)}){half} ?(?:{choice(texts.years_old)})\b"
    # A bare number is an age only where the sentence ends or goes on about something else: not "15 minutes".
    bare = rf"(?:{_numbers(texts, least=CLEAR_AGE)}){half}(?:$| (?:{choice(texts.age_endings)})\b)"
    return _compiled(f"{beginning}(?:{clear}|{bare})")


def _numbers(texts: Listening, *, least: int) -> str:
    """Return a regular expression for the ages under 18 from `least` up, in digits and in words."""
    return choice(
        spelling
        for age, word in enumerate(texts.age_numbers, start=1)
        if least <= age < ADULT
        for spelling in (str(age), word)
    )


@lru_cache(maxsize=20)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
