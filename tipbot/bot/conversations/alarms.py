"""Which messages must be answered with help at once; pure functions of a text and the lists in texts.toml.

Nobody can tell by rules what a sentence means. So a denial takes a worrying word away only where it stands right
before it and nothing in the sentence turns it round; whenever there is a doubt, it is an alarm.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from tipbot.bot.conversations.wording import choice, mentions, plain
from tipbot.texts.listening import Listening

_SENTENCES = re.compile(r"[.!?\n\r\N{HORIZONTAL ELLIPSIS}]+")
_CLAUSES = re.compile(r"[,;:()\"\N{EN DASH}\N{EM DASH}]+|\s-+\s")


def sounds_like_crisis(text: str, texts: Listening) -> bool:
    """Say whether somebody may not be safe.

    A denial changes nothing here, on purpose: "I don't want to kill myself" may be a cry for help, and a number to
    call does no harm to somebody who is well.
    """
    return mentions(_heard(text, texts), texts.crisis_words)


def sounds_worrying(text: str, texts: Listening) -> bool:
    """Say whether a sign that may need help now is mentioned and not plainly denied."""
    worries = (*texts.worrying_words, *texts.worrying_symptoms, *texts.worrying_functions)
    heard = _heard(text, texts)
    return mentions(heard, worries) and mentions(_undenied(heard, texts), worries)


def _heard(text: str, texts: Listening) -> str:
    """Return a text without the harmless phrases: "a wee bit sore" says nothing about the bladder.

    They are looked for within a clause, and the signs between clauses stay, for the sake of denials.
    """
    if not mentions(text, texts.harmless_phrases):
        return text
    harmless = _compiled(rf"\b(?:{choice(texts.harmless_phrases)})\b")
    return ". ".join(
        ", ".join(harmless.sub(" ", plain(clause)) for clause in _CLAUSES.split(sentence))
        for sentence in _SENTENCES.split(text)
    )


def _undenied(text: str, texts: Listening) -> str:
    """Return a text without what it denies: "no numbness, but pins and needles" leaves the second half."""
    return " . ".join(
        sentence if mentions(sentence, texts.denial_reversals) else ", ".join(_left(sentence, texts))
        for sentence in _SENTENCES.split(text)
    )


def _left(sentence: str, texts: Listening) -> Iterator[str]:
    for clause in _CLAUSES.split(sentence):
        words, left, start = plain(clause), "", 0
        for denial in _denials(texts).finditer(words):
            before = words[start : denial.start()]
            left += before
            start = denial.end()
            # "Never without numbness" is no denial, and the "no" in "no feeling" belongs to the sign itself.
            if mentions(before, texts.denial_words) or mentions(denial[0], texts.worrying_words):
                left += denial[0]
            else:
                left += ","
        yield left + words[start:]


def _denials(texts: Listening) -> re.Pattern[str]:
    """Find "no numbness or tingling" and "no trouble with my bladder".

    Bladder, bowel and the like are signs by their loss: "no bladder control" denies nothing, only trouble can be.
    """
    fillers = rf"(?:(?:{choice(texts.denial_fillers)}) )*"
    link = rf" (?:{choice(texts.denial_links)}) {fillers}"
    symptom, function = f"(?:{choice(texts.worrying_symptoms)})", f"(?:{choice(texts.worrying_functions)})"
    trouble = f"(?:{choice(texts.trouble_words)})"
    functions = f"{function}(?:{link}{function})*"
    thing = f"(?:{functions} {trouble}|{trouble} {fillers}{functions}|{symptom})"
    return _compiled(rf"\b(?:{choice(texts.denial_words)}) {fillers}{thing}(?:{link}{thing})*\b")


@lru_cache(maxsize=20)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
