"""Rules on size: what fits a notification, a message and a reader who is tired or sore."""

from collections.abc import Iterator

from tipbot.catalogue.draft import Draft, Place
from tipbot.catalogue.passages import Passage, passages, prose, prose_of_check, prose_of_screens
from tipbot.catalogue.readability import grade, sentences, syllables, words
from tipbot.domain.content import ENGLISH, Card, Item, Stretch, Tip
from tipbot.domain.faults import Fault

TITLE = 40
"""Characters that a phone shows of a notification's first line."""
BODY = 400
"""Characters of a tip or card; the house aims at 300."""
STRETCH = 1000
"""Characters of a stretch as it is shown: Telegram allows 1024 below a picture (Bot API, sendPhoto)."""
STRETCH_LABELS = 100
"""Characters left for what is written around the texts of a stretch: labels, numbers, the therapist's name."""
URGENT = 3500
"""Characters of the urgent signs: Telegram allows 4096 in one message (Bot API, sendMessage)."""
SENTENCE = 20
"""Words of a sentence; the house aims at 15."""
GRADE = 6.0
"""Flesch-Kincaid grade of a text, about a reading age of 11."""

_NAMED = 2
"""Keys that a fault names one by one; a stretch is faulted as a whole."""


def texts_fit(draft: Draft) -> Iterator[Fault]:
    """Find texts that are too long to be shown or read."""
    for found in draft.every_item():
        for key, text, limit in _measured(found.value):
            if len(text) > limit:
                yield found.place.fault(key, f"This is {len(text)} characters long; {limit} fit. Shorten it.")
    for urgent in draft.urgent.values():
        length = len("\n".join(text for _, text in urgent.passages))
        if length > URGENT:
            yield urgent.place.fault(
                "text", f"All texts here are {length} characters long; {URGENT} fit in one message."
            )


def _measured(item: Item) -> Iterator[tuple[str, str, int]]:
    match item:
        case Tip():
            yield "title", item.title, TITLE
            yield "body", item.body, BODY
        case Card():
            yield "title", item.title, TITLE
            yield "fact+so_what", f"{item.fact}\n{item.so_what}", BODY
        case Stretch():
            yield "name", item.name, TITLE
            shown = "\n".join(text for _, text in passages(item))
            yield "text", shown, STRETCH - STRETCH_LABELS


def sentences_are_short(draft: Draft) -> Iterator[Fault]:
    """Find sentences that run on."""
    for found in draft.every_item():
        for key, text in prose(found.value):
            yield from short(found.place, key, text)


def short(place: Place, key: str, text: str) -> Iterator[Fault]:
    """Find sentences of one text that run on."""
    for sentence in sentences(text):
        count = len(words(sentence))
        if count > SENTENCE:
            start = " ".join(sentence.split()[:5])
            advice = f'The sentence "{start}…" has {count} words; {SENTENCE} is the most. Make it two.'
            yield place.fault(key, advice)


def sentences_of_checks_are_short(draft: Draft) -> Iterator[Fault]:
    """Find sentences of checks that run on."""
    for found in draft.every_check():
        for key, text in prose_of_check(found.value):
            yield from short(found.place, key, text)
    for shared in draft.screens.values():
        for key, text in prose_of_screens(shared.value):
            yield from short(shared.place, key, text)


def texts_are_easy(draft: Draft) -> Iterator[Fault]:
    """Find English texts above the house's reading level; the formula knows no other language."""
    for found in draft.items.get(ENGLISH, ()):
        yield from easy(found.place, prose(found.value))
    if urgent := draft.urgent.get(ENGLISH):
        yield from easy(urgent.place, urgent.passages)
    for check in draft.checks.get(ENGLISH, ()):
        yield from easy(check.place, prose_of_check(check.value))
    if screens := draft.screens.get(ENGLISH):
        yield from easy(screens.place, screens.passages)


def easy(place: Place, read: tuple[Passage, ...]) -> Iterator[Fault]:
    """Find texts that together are above the house's reading level."""
    text = "\n".join(text for _, text in read)
    if (level := grade(text)) > GRADE:
        keys = [key for key, _ in read]
        hard = sorted(set(words(text)), key=lambda word: (-syllables(word), word))[:3]
        advice = (
            f"This reads like school year {level:.1f}; {GRADE:.0f} is the most. "
            f"Use shorter sentences and words. The hardest are: {', '.join(hard)}."
        )
        yield place.fault("+".join(keys) if len(keys) <= _NAMED else "text", advice)
