"""Reads where the clock of the demo shall be moved to."""

import re
from datetime import datetime, timedelta

from tipbot.domain.schedule import local_date, next_occurrence
from tipbot.domain.wall_time import parse_wall_time
from tipbot.domain.weekdays import EVERY_DAY, Weekdays

STEP = re.compile(r"\+ ?(?P<number>[0-9]{1,4}) ?(?P<unit>[mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TOMORROW = "tomorrow"


def read_moment(words: str, *, zone: str, now: datetime) -> datetime | None:
    """Return the UTC moment that "+1h", "18:00", "tomorrow 09:00" or "friday 7pm" mean in an IANA zone.

    It is never before `now`; None if the words mean none.
    """
    words = " ".join(words.split()).casefold()
    if step := STEP.fullmatch(words):
        return now + timedelta(**{UNITS[step["unit"]]: int(step["number"])})
    day, _, clock = words.partition(" ")
    if day not in {TOMORROW, *DAYS}:
        day, clock = "", words
    wall_time = parse_wall_time(clock)
    if wall_time is None:
        return None
    weekdays = Weekdays.of([DAYS.index(day)]) if day in DAYS else EVERY_DAY
    today = local_date(now, zone) if day == TOMORROW else None
    return next_occurrence(wall_time, weekdays, zone, after=now, served_on=today)
