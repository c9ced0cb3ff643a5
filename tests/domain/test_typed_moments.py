"""Days and moments as people type them, seen from a Sunday afternoon in November."""

from datetime import date, datetime

import pytest

from tipbot.domain.typed_moments import DayWords, read_day, read_moment

NOW = datetime(2026, 11, 22, 14, 5)  # noqa: DTZ001 (wall time)
WORDS = DayWords(
    today=["today"],
    tomorrow=["tomorrow"],
    months=[
        ["january", "jan"],
        *([] for _ in range(7)),
        ["september", "sept"],
        [],
        ["november"],
        ["december", "dec"],
    ],
    weekdays=[["monday", "mon"], *([] for _ in range(5)), ["sunday", "sun"]],
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("tomorrow 9:30", "2026-11-23 09:30"),
        ("9.30 tomorrow", "2026-11-23 09:30"),
        ("Tomorrow at 6 pm", "2026-11-23 18:00"),
        ("24 Dec 18:00", "2026-12-24 18:00"),
        ("24th December, 18:00", "2026-12-24 18:00"),
        ("Dec 24 18:00", "2026-12-24 18:00"),
        ("2 January 9:00", "2027-01-02 09:00"),
        ("24 Dec 2027 noon", "2027-12-24 12:00"),
        ("2026-12-24 18:00", "2026-12-24 18:00"),
        ("24/12 18:00", "2026-12-24 18:00"),
        ("24.12.26 18:00", "2026-12-24 18:00"),
        ("monday 9:00", "2026-11-23 09:00"),
        ("sunday 18:00", "2026-11-22 18:00"),
        ("18:00", "2026-11-22 18:00"),
        ("today 9:00", "2026-11-22 09:00"),
        ("2020-01-01 9:00", "2020-01-01 09:00"),
    ],
)
def test_a_moment_is_read(text: str, moment: str) -> None:
    assert read_moment(text, WORDS, now=NOW) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "half past nine",
        "tomorrow",
        "31 Nov 9:00",
        "30/2 9:00",
        "24 Dec 25:00",
        "2026-13-01 9:00",
        "9:30 x",
    ],
)
def test_what_is_none_is_not_guessed(text: str) -> None:
    assert read_moment(text, WORDS, now=NOW) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 September", date(2026, 9, 1)),
        ("2 Jan", date(2026, 1, 2)),
        ("24 Dec", date(2025, 12, 24)),
        ("22/11", date(2026, 11, 22)),
        ("monday", date(2026, 11, 16)),
        ("sunday", date(2026, 11, 22)),
        ("2025-09-01", date(2025, 9, 1)),
        ("29/2", date(2024, 2, 29)),
        ("soon", None),
    ],
)
def test_a_day_that_is_past_is_read(text: str, day: date | None) -> None:
    assert read_day(text, WORDS, today=NOW.date(), is_past=True) == day
