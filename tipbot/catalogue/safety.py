"""Rules on safety: every stretch can be stopped and left out, and urgent signs name the right numbers (UK)."""

import re
from collections.abc import Iterator

from tipbot.catalogue.draft import Draft, Found
from tipbot.domain.content import Item, Stretch, Urgent
from tipbot.domain.faults import Fault

LONGEST_STRETCH = 30
"""Minutes; whatever takes longer is a class, not a stretch."""

_PAIN = {"en": re.compile(r"\bpain", re.IGNORECASE)}
_NUMBERS = {
    "red_action": ("999",),
    "amber_action": ("111",),
    "crisis": ("999", "111", "116 123", "85258"),
}


def stretches_are_safe(draft: Draft) -> Iterator[Fault]:
    """Find stretches without a stop rule for pain, without a list of who should leave them out, or without end."""
    for language, shelf in draft.items.items():
        for found in shelf:
            if isinstance(found.value, Stretch):
                yield from _safe(found, found.value, language)


def _safe(found: Found[Item], stretch: Stretch, language: str) -> Iterator[Fault]:
    pain = _PAIN.get(language)
    if pain and not pain.search(stretch.stop):
        yield found.place.fault("stop", 'This must say to stop for pain, in so many words: "Stop for sharp pain".')
    if not stretch.not_for:
        yield found.place.fault("not_for", "This is empty. List who should leave this stretch out.")
    if not 1 <= stretch.minutes <= LONGEST_STRETCH:
        advice = f"This must be between 1 and {LONGEST_STRETCH} minutes."
        yield found.place.fault("minutes", advice)


def urgent_signs_lead_to_help(draft: Draft) -> Iterator[Fault]:
    """Find urgent texts that lack a number to call, or any sign."""
    for found in draft.urgent.values():
        for key, numbers in _NUMBERS.items():
            for number in numbers:
                if not _says(found.value, key, number):
                    yield found.place.fault(key, f"This must name the number {number}.")
        for key in ("red_signs", "amber_signs"):
            if not getattr(found.value, key):
                yield found.place.fault(key, "This is empty. List the signs.")


def _says(urgent: Urgent, key: str, number: str) -> bool:
    return re.search(rf"(?<!\d){number}(?!\d)", getattr(urgent, key)) is not None
