"""Rules on articles: pages that fit a phone, are easy to read, and name who speaks."""

import re
from collections.abc import Iterator

from tipbot.catalogue.draft import Draft, Found
from tipbot.catalogue.passages import pages
from tipbot.catalogue.size import TITLE, easy, short
from tipbot.domain.content import ENGLISH, Article
from tipbot.domain.faults import Fault

SUMMARY = 200
"""Characters of a summary, which stands in a list with others."""
HEADING = 60
SECTION = 1200
"""Characters of a section: about what a phone shows with one flick of the thumb."""
SECTIONS = range(1, 13)

_MARKS = re.compile(r"\*\*|__|`|\]\(|^#", re.MULTILINE)


def articles_fit(draft: Draft) -> Iterator[Fault]:
    """Find articles that are too long to be shown, page by page."""
    for found in draft.every_article():
        for key, text, limit in _measured(found.value):
            if len(text) > limit:
                yield found.place.fault(key, f"This is {len(text)} characters long; {limit} fit. Shorten it.")
        if len(found.value.sections) not in SECTIONS:
            advice = f"There are {len(found.value.sections)} sections. Write 1 to {SECTIONS[-1]}, each under ## …"
            yield found.place.fault("sections", advice)


def articles_are_easy(draft: Draft) -> Iterator[Fault]:
    """Find sections that are hard to read: each is a page of its own. The formula knows only English."""
    for found in draft.every_article():
        for key, section in pages(found.value):
            yield from short(found.place, f"{key}.text", section.text)
    for found in draft.articles.get(ENGLISH, ()):
        for key, section in pages(found.value):
            yield from easy(found.place, ((f"{key}.text", section.text),))


def articles_have_authors(draft: Draft) -> Iterator[Fault]:
    """Find articles that name no therapist."""
    for found in draft.every_article():
        if not found.value.therapists:
            yield found.place.fault("therapists", "This is empty. Name who says so.")


def articles_are_plain(draft: Draft) -> Iterator[Fault]:
    """Find Markdown other than headings of sections and bullets, which would be shown as it is typed."""
    for found in draft.every_article():
        yield from _plain(found)


def _plain(found: Found[Article]) -> Iterator[Fault]:
    for key, text in found.passages:
        if mark := _MARKS.search(text):
            advice = (
                f'"{mark[0]}" would be shown as it is. Only "## " for a heading and "- " for a bullet are known.'
            )
            yield found.place.fault(key, advice)


def _measured(article: Article) -> Iterator[tuple[str, str, int]]:
    yield "title", article.title, TITLE
    yield "summary", article.summary, SUMMARY
    for key, section in pages(article):
        yield f"{key}.heading", section.heading, HEADING
        yield f"{key}.text", section.text, SECTION
