"""Reads a time of day the way people type it, and writes it the one way TipBot shows it."""

import re
from datetime import time

NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
CLOCK = re.compile(
    r"(?:at )?"
    r"(?P<hour>[0-9]{1,2}?)"
    r"(?: ?[:.,h] ?(?P<minute>[0-9]{2})| ?(?P<joined>[0-9]{2})|h)?"
    r"(?: ?(?P<half>[ap])(?:m|\.m\.?))?"
)
HALF_A_DAY = 12
HOURS, MINUTES = 24, 60


def parse_wall_time(text: str) -> time | None:
    """Return the time of day that `text` names ("7", "07:30", "7.30 pm", "noon"), or None if it names none."""
    words = " ".join(text.split()).casefold()
    named = NAMED.get(words.removeprefix("at "))
    if named:
        return named
    match = CLOCK.fullmatch(words)
    if not match:
        return None
    hour = _hour(int(match["hour"]), match["half"])
    minute = int(match["minute"] or match["joined"] or 0)
    return time(hour, minute) if hour is not None and hour < HOURS and minute < MINUTES else None


def format_wall_time(wall: time) -> str:
    """Return hours and minutes of a 24-hour clock, such as "07:30"."""
    return f"{wall:%H:%M}"


def _hour(typed: int, half: str | None) -> int | None:
    if half is None:
        return typed
    if not 1 <= typed <= HALF_A_DAY:
        return None
    # Twelve is the first hour of each half: 12 am is midnight and 12 pm is noon.
    return typed % HALF_A_DAY + (HALF_A_DAY if half == "p" else 0)
