"""Times of day as people type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbot.domain.wall_time import format_wall_time, parse_wall_time

UNDERSTOOD = {
    "7": time(7),
    "07": time(7),
    "0": time(0),
    "00": time(0),
    "23": time(23),
    "07:30": time(7, 30),
    "7:30": time(7, 30),
    "7.30": time(7, 30),
    "19.30": time(19, 30),
    "7,30": time(7, 30),
    "7 30": time(7, 30),
    "07 30": time(7, 30),
    "0730": time(7, 30),
    "730": time(7, 30),
    "1930": time(19, 30),
    "0000": time(0),
    "00:00": time(0),
    "23:59": time(23, 59),
    "7h30": time(7, 30),
    "7 h 30": time(7, 30),
    "19h": time(19),
    "7am": time(7),
    "7pm": time(19),
    "7 pm": time(19),
    "7PM": time(19),
    "7 Pm": time(19),
    "7a.m.": time(7),
    "7 p.m.": time(19),
    "7 p.m": time(19),
    "7:30pm": time(19, 30),
    "7.30 pm": time(19, 30),
    "7 30 pm": time(19, 30),
    "730pm": time(19, 30),
    "0730am": time(7, 30),
    "11:59 pm": time(23, 59),
    "12am": time(0),
    "12pm": time(12),
    "12:30 am": time(0, 30),
    "12:30 pm": time(12, 30),
    "12": time(12),
    "noon": time(12),
    "Midday": time(12),
    "midnight": time(0),
    "MIDNIGHT": time(0),
    "at noon": time(12),
    "at 7:30": time(7, 30),
    "At 7 pm": time(19),
    "  07:30  ": time(7, 30),
    "7:30\n": time(7, 30),
    "7  :  30": time(7, 30),
    "7:30\N{NARROW NO-BREAK SPACE}PM": time(19, 30),
    "7:30\N{NO-BREAK SPACE}am": time(7, 30),
}

REFUSED = [
    "",
    " ",
    ":",
    "at",
    "pm",
    "seven",
    "half past seven",
    "later",
    "7:5",
    "7:",
    ":30",
    "7:300",
    "07:30:00",
    "24:00",
    "24",
    "25",
    "25:99",
    "7:60",
    "2400",
    "0760",
    "99999",
    "13pm",
    "0am",
    "0:30 pm",
    "19:30 pm",
    "7 am pm",
    "7 xm",
    "-7",
    "+7",
    "7-30",
    "7/30",
    "7.5.2026",
    "7 or 8",
    "07:30 tomorrow",
    "at at 7",
    "7e1",
    "0x7",
    "\N{ARABIC-INDIC DIGIT SEVEN}:\N{ARABIC-INDIC DIGIT THREE}\N{ARABIC-INDIC DIGIT ZERO}",
    "\N{FULLWIDTH DIGIT SEVEN}",
    "\N{SUPERSCRIPT TWO}",
    "7\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}",
    "\N{CLOCK FACE SEVEN OCLOCK}",
    "7:30\x00",
    "7" * 5000,
]


@pytest.mark.parametrize(("typed", "meant"), UNDERSTOOD.items())
def test_a_time_is_understood(typed: str, meant: time) -> None:
    assert parse_wall_time(typed) == meant


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert parse_wall_time(typed) is None


def test_a_time_is_shown_with_two_digits_each() -> None:
    assert format_wall_time(time(7, 5, 59)) == "07:05"


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_what_is_shown_can_be_typed_back(wall: time) -> None:
    shown = format_wall_time(wall)
    assert parse_wall_time(shown) == wall
    assert parse_wall_time(shown.replace(":", "")) == wall
    assert parse_wall_time(f"{wall:%I:%M %p}") == wall


@given(st.text(max_size=20) | st.text("0123456789:.,h apmAPM \n\N{ARABIC-INDIC DIGIT SEVEN}", max_size=8))
def test_whatever_is_typed_gives_a_whole_minute_or_nothing(typed: str) -> None:
    wall = parse_wall_time(typed)
    assert wall is None or (wall.second, wall.microsecond, wall.tzinfo) == (0, 0, None)
