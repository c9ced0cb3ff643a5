"""Reads days and moments the way people type them: tomorrow 9:30, 24 Dec 18:00, 2026-12-24 18:00."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tipbot.domain.wall_time import parse_wall_time

_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_NUMBERS = re.compile(r"(?P<day>[0-9]{1,2})[/.](?P<month>[0-9]{1,2})(?:[/.](?P<year>[0-9]{4}|[0-9]{2}))?\.?")
_DAY = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?")
_YEAR = re.compile(r"[0-9]{4}")
_CENTURY = 2000
_WEEK = 7
_MOST_TIME_WORDS = 3


@dataclass(frozen=True, slots=True)
class DayWords:
    """What days are called: the months from January and the weekdays from Monday, each with all its names."""

    today: Sequence[str]
    tomorrow: Sequence[str]
    months: Sequence[Sequence[str]]
    weekdays: Sequence[Sequence[str]]


def read_moment(text: str, words: DayWords, *, now: datetime) -> datetime | None:
    """Return the wall time that a text names, seen from the wall time `now`; None where it names none.

    A day without a year is the next such day, a time without a day today's. Whether that is past is not asked here.
    """
    for day_text, time_text in _splits(text.casefold().replace(",", " ").split()):
        wall_time = parse_wall_time(time_text)
        day = now.date() if not day_text else read_day(day_text, words, today=now.date(), is_past=False)
        if wall_time is not None and day is not None:
            return datetime.combine(day, wall_time)
    return None


def read_day(text: str, words: DayWords, *, today: date, is_past: bool) -> date | None:
    """Return the day that a text names; without a year it is the last one up to today, or the next from today."""
    said = " ".join(text.casefold().replace(",", " ").split())
    if said in words.today:
        return today
    if said in words.tomorrow:
        return today + timedelta(days=1)
    for weekday, names in enumerate(words.weekdays):
        if said in names:
            ahead = (weekday - today.weekday()) % _WEEK
            return today - timedelta(days=(_WEEK - ahead) % _WEEK) if is_past else today + timedelta(days=ahead)
    return _dated(said, words, today, is_past=is_past)


def _splits(said: list[str]) -> Iterator[tuple[str, str]]:
    """Go through the ways to take a text apart into a day and a time of day, in either order."""
    for length in range(1, min(len(said), _MOST_TIME_WORDS) + 1):
        yield " ".join(said[:-length]), " ".join(said[-length:])
        yield " ".join(said[length:]), " ".join(said[:length])


def _dated(said: str, words: DayWords, today: date, *, is_past: bool) -> date | None:
    found = _ISO.fullmatch(said) or _NUMBERS.fullmatch(said)
    if found is not None:
        year = None if found["year"] is None else int(found["year"])
        return _on(year, int(found["month"]), int(found["day"]), today, is_past=is_past)
    return _named(said.split(), words, today, is_past=is_past)


def _named(said: list[str], words: DayWords, today: date, *, is_past: bool) -> date | None:
    year = int(said.pop()) if said and _YEAR.fullmatch(said[-1]) else None
    if len(said) != 2:  # noqa: PLR2004 (a day and a month)
        return None
    for day_text, month_text in (said, said[::-1]):
        day = _DAY.fullmatch(day_text)
        months = [number for number, names in enumerate(words.months, start=1) if month_text.rstrip(".") in names]
        if day is not None and months:
            return _on(year, months[0], int(day["day"]), today, is_past=is_past)
    return None


def _on(year: int | None, month: int, day: int, today: date, *, is_past: bool) -> date | None:
    """Return a day; 29 February without a year is the one in the nearest leap year."""
    if year is not None:
        years: Sequence[int] = [year + _CENTURY if year < 100 else year]  # noqa: PLR2004 (two digits of it)
    else:
        years = range(today.year, today.year + (-9 if is_past else 9), -1 if is_past else 1)
    for one in years:
        try:
            found = date(one, month, day)
        except ValueError:
            continue
        if year is not None or (found <= today if is_past else found >= today):
            return found
    return None
