"""What is not wrong with the content but still wants doing before, or while, real people read it."""

from collections.abc import Iterator, Sequence
from datetime import date

from tipbot.catalogue.passages import passages
from tipbot.catalogue.shelves import Catalogue
from tipbot.domain.check import Check
from tipbot.domain.content import ENGLISH, Article, Item, Review

AWAITING = "Awaiting clinician"
"""What stands in `review.by` until a clinician has looked at an item."""

_PLACEHOLDERS = ("change me", "example")
_EXAMPLES = 3


def remarks(catalogue: Catalogue, today: date) -> tuple[str, ...]:
    """Return one sentence for each thing to do; `today` is the clinic's own date."""
    return (
        *_placeholders(catalogue),
        *_urgent_reviews(catalogue, today),
        *_screen_reviews(catalogue, today),
        *_reviews(catalogue, today),
        *_unchecked_languages(catalogue),
    )


def _placeholders(catalogue: Catalogue) -> Iterator[str]:
    for key, text in passages(catalogue.clinic):
        if any(placeholder in text.lower() for placeholder in _PLACEHOLDERS):
            yield f'clinic.toml: {key}: "{text}" is only a placeholder. Put the clinic\'s own in.'


def _urgent_reviews(catalogue: Catalogue, today: date) -> Iterator[str]:
    for language in catalogue.languages:
        review = catalogue.urgent(language).review
        file = f"{language}/urgent.toml"
        if is_awaited(review):
            yield f"{file}: no clinician has reviewed the urgent signs yet. Put a name in review.by."
        if review.due < today:
            yield f"{file}: the review of the urgent signs is overdue. Look again and move review.due on."


def _screen_reviews(catalogue: Catalogue, today: date) -> Iterator[str]:
    for language in catalogue.languages:
        review = catalogue.screens(language).review
        file = f"{language}/checks/screens.toml"
        if is_awaited(review):
            yield f"{file}: no clinician has reviewed the safety screens yet. Put a name in review.by."
        if review.due < today:
            yield f"{file}: the review of the safety screens is overdue. Look again and move review.due on."


def _reviews(catalogue: Catalogue, today: date) -> Iterator[str]:
    for language in catalogue.languages:
        shelf = catalogue.shelves[language]
        items: tuple[Item | Article | Check, ...] = (*shelf.by_id.values(), *shelf.articles, *shelf.checks)
        awaiting = [item for item in items if is_awaited(item.review)]
        overdue = [item for item in items if item.review.due < today]
        if awaiting:
            yield f"{language}: no clinician has reviewed {_some(awaiting)} yet. Put a name in review.by."
        if overdue:
            yield f"{language}: the review is overdue of {_some(overdue)}. Look again and move review.due on."


def is_awaited(review: Review) -> bool:
    """Say whether no clinician has looked yet."""
    return review.by.strip().lower() == AWAITING.lower()


def _some(items: Sequence[Item | Article | Check]) -> str:
    examples = ", ".join(item.id for item in items[:_EXAMPLES])
    rest = " and others" if len(items) > _EXAMPLES else ""
    counted = "1 item" if len(items) == 1 else f"{len(items)} items"
    return f"{counted} ({examples}{rest})"


def _unchecked_languages(catalogue: Catalogue) -> Iterator[str]:
    for language in catalogue.languages:
        if language != ENGLISH:
            yield f"{language}: words to avoid are only known in English. Let a clinician read all of it."
