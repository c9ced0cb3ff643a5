"""Moments and days in words, as cases."""

from datetime import UTC, datetime

import pytest

from tests.content import shipped_texts
from tipbot.bot.conversations.phrases import clock_in, days_phrase, listed, moment_phrase, place_name
from tipbot.domain.content import ENGLISH
from tipbot.domain.weekdays import EVERY_DAY, MONDAY_TO_FRIDAY, TWO_A_WEEK, WEEKLY, Weekdays

TEXTS = shipped_texts()[ENGLISH]
# A Sunday, 23:30 in London and Monday in Tokyo.
NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "said"),
    [
        ("2026-11-22 23:45", "Europe/London", "today 23:45"),
        ("2026-11-23 00:00", "Europe/London", "tomorrow 00:00"),
        ("2026-11-23 00:00", "Asia/Tokyo", "today 09:00"),
        ("2026-11-23 23:59", "Europe/London", "tomorrow 23:59"),
        ("2026-11-24 09:00", "Europe/London", "Tuesday 09:00"),
        ("2026-11-28 09:00", "Europe/London", "Saturday 09:00"),
        ("2026-11-29 09:00", "Europe/London", "Sunday 29/11, 09:00"),
        ("2027-06-01 08:00", "Europe/London", "Tuesday 1/6, 09:00"),
    ],
)
def test_a_moment_is_said_as_people_there_say_it(moment: str, zone: str, said: str) -> None:
    then = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert moment_phrase(then, zone, TEXTS, now=NOW) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (EVERY_DAY, "every day"),
        (MONDAY_TO_FRIDAY, "Monday to Friday"),
        (TWO_A_WEEK, "Tue and Fri"),
        (WEEKLY, "every Monday"),
        (Weekdays.of((0, 5, 6)), "Mon, Sat and Sun"),
    ],
)
def test_days_are_said_shortly(days: Weekdays, said: str) -> None:
    assert days_phrase(days, TEXTS) == said


def test_places_clocks_and_lists() -> None:
    assert place_name("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert place_name("UTC") == "UTC"
    assert clock_in("Asia/Kathmandu", NOW) == "05:15"
    assert listed(["Lore"], TEXTS) == "Lore"
