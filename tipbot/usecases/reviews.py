"""Content that a clinician has to look at: whose review is over, or soon will be, or never was."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from tipbot.catalogue import Catalogue, is_awaited
from tipbot.domain.content import ENGLISH, Language, Review, title_of
from tipbot.domain.operators import Right
from tipbot.domain.schedule import local_date, next_occurrence
from tipbot.domain.weekdays import Weekdays
from tipbot.storage.database import Database
from tipbot.texts import Texts, texts_for
from tipbot.usecases.library import Library

SOON = timedelta(days=14)
"""So long before a review is due it is listed."""

# What fits a message that is read on the way to work.
MOST_NAMED = 8
# The list comes at this wall time of the clinic on Mondays; a day later it is no news any more.
MONDAY, LIST_AT, LISTED_WITHIN = Weekdays.of([0]), time(8), timedelta(days=1)
CHORE = "review-list"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to look at: its title, where its words stand, and when its review is due."""

    title: str
    key: str
    due: date


@dataclass(frozen=True, slots=True)
class Reviews:
    """What there is to look at, the most urgent first; what no clinician has seen stands only in `awaiting`."""

    overdue: tuple[Due, ...] = ()
    soon: tuple[Due, ...] = ()
    awaiting: tuple[Due, ...] = ()

    def __len__(self) -> int:
        return len(self.overdue) + len(self.soon) + len(self.awaiting)

    @property
    def is_cut(self) -> bool:
        """Whether `lines` names fewer than there are."""
        return any(len(group) > MOST_NAMED for group in (self.overdue, self.soon, self.awaiting))

    def lines(self, texts: Texts, *, most: int = MOST_NAMED) -> list[str]:
        """Return them in words, as Telegram's HTML: a heading for each group, and at most so many below it."""
        lines: list[str] = []
        for heading, group in (
            (texts.reviews_overdue, self.overdue),
            (texts.reviews_soon, self.soon),
            (texts.reviews_awaiting, self.awaiting),
        ):
            if not group:
                continue
            lines += ["", heading.format(number=len(group))]
            lines += [_line(one, texts) for one in group[:most]]
            if len(group) > most:
                lines.append(texts.reviews_more.format(number=len(group) - most))
        return lines[1:]


def _line(one: Due, texts: Texts) -> str:
    title, key = html.escape(one.title, quote=False), html.escape(one.key, quote=False)
    return texts.reviews_line.format(title=title, key=key, date=f"{one.due:%d/%m/%Y}")


def reviews_due(catalogue: Catalogue, *, now: datetime, zone: str) -> Reviews:
    """Return what wants looking at on this day of the clinic's zone (IANA)."""
    today = local_date(now, zone)
    found = sorted(_reviewed(catalogue), key=lambda one: (one[1].due, one[0].key))
    seen = [one for one, review in found if not is_awaited(review)]
    return Reviews(
        overdue=tuple(one for one in seen if one.due < today),
        soon=tuple(one for one in seen if today <= one.due <= today + SOON),
        awaiting=tuple(one for one, review in found if is_awaited(review)),
    )


def _reviewed(catalogue: Catalogue) -> Iterator[tuple[Due, Review]]:
    for language in catalogue.languages:
        shelf = catalogue.shelves[language]
        named = [(title_of(item), str(item.id), item.review) for item in (*shelf.by_id.values(), *shelf.articles)]
        named += [(check.name, str(check.id), check.review) for check in shelf.checks]
        named.append((shelf.urgent.title, "urgent.toml", shelf.urgent.review))
        named.append((shelf.screens.red.title, "checks/screens.toml", shelf.screens.review))
        for title, key, review in named:
            yield Due(title, _key(key, language), review.due), review


def _key(key: str, language: Language) -> str:
    return key if language == ENGLISH else f"{language}/{key}"


class Staffroom(Protocol):
    """Whoever can bring words to one operator; it never raises."""

    async def bring(self, operator: int, words: str) -> None:
        """Send words, as Telegram's HTML."""
        ...


class ListReviews:
    """Brings the list to operators on Mondays, once for all processes, to those who want such summaries."""

    def __init__(self, database: Database, library: Library, *, zone: str) -> None:
        self._database, self._library, self._zone = database, library, zone
        self._dealt_with: datetime | None = None

    async def tick(self, staffroom: Staffroom, *, now: datetime) -> int:
        """Bring the list if it is time and there is anything on it; return to how many operators."""
        moment = next_occurrence(LIST_AT, MONDAY, self._zone, after=now - LISTED_WITHIN, served_on=None)
        reviews = reviews_due(self._library.catalogue, now=now, zone=self._zone) if moment <= now else Reviews()
        if not reviews or moment == self._dealt_with:
            return 0
        self._dealt_with = moment
        readers = await self._claim(moment, now)
        texts = texts_for(self._library.texts, None)[1]
        words = texts.reviews_weekly.format(lines="\n".join(reviews.lines(texts)))
        for operator in readers:
            await staffroom.bring(operator, words)
        return len(readers)

    async def _claim(self, moment: datetime, now: datetime) -> list[int]:
        """Return who is to get this week's list, or nobody where another process has seen to it."""
        async with self._database.writing() as books:
            if not await books.chores.take(CHORE, due_before=moment, now=now):
                return []
            everybody = await books.staff.everybody()
        return [one.user for one in everybody if one.wants_summary and one.role.may(Right.SEND)]
