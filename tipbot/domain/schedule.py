"""When a standing order falls due: wall time in a person's own zone, right across daylight-saving changes."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from tipbot.domain.weekdays import Weekdays

# A weekly order whose only day was just served is due in at most 14 days; one more covers a skipped date.
_HORIZON_DAYS = 16
# When a message that nobody gave an hour for may come.
DAY_BEGINS, DAY_ENDS = time(9), time(20)


# What falls due in the same minute was mostly ordered for the same hour in the same few zones.
@lru_cache(maxsize=1024)
def local_date(moment: datetime, zone: str) -> date:
    """Return the calendar date that people in `zone` have at this UTC moment."""
    return moment.astimezone(zone_of(zone)).date()


def next_occurrence(
    wall_time: time, weekdays: Weekdays, zone: str, *, after: datetime, served_on: date | None
) -> datetime:
    """Return the first UTC moment after `after` at which the order is due.

    `served_on` is the last local date that was dealt with: no date up to it comes again, whatever happens to the
    wall time or the zone in between. A wall time that the spring change skips falls due as much later as the
    clock jumped (02:30 becomes 03:30); one that the autumn change repeats falls due the first time only.
    """
    return _next_occurrence(wall_time, weekdays.mask, zone, after, served_on)


@lru_cache(maxsize=1024)
def _next_occurrence(wall_time: time, mask: int, zone: str, after: datetime, served_on: date | None) -> datetime:
    weekdays = Weekdays(mask)
    day = local_date(after, zone)
    if served_on is not None:
        day = max(day, served_on + timedelta(days=1))
    for _ in range(_HORIZON_DAYS):
        moment = moment_of(day, wall_time, zone)
        if day in weekdays and moment is not None and moment > after:
            return moment
        day += timedelta(days=1)
    message = f"no occurrence of {wall_time} in {zone} within {_HORIZON_DAYS} days"
    raise ValueError(message)


def start_of_day(zone: str, *, now: datetime, days_ahead: int) -> datetime:
    """Return the UTC moment at which the local date `days_ahead` days from now begins in `zone`."""
    day = local_date(now, zone) + timedelta(days=days_ahead)
    return datetime.combine(day, time(0), tzinfo=zone_of(zone)).astimezone(UTC)


def next_daytime(zone: str, *, now: datetime) -> datetime:
    """Return the first UTC moment from now on at which it is between 09:00 and 20:00 in `zone`."""
    local = now.astimezone(zone_of(zone)).time()
    if DAY_BEGINS <= local < DAY_ENDS:
        return now
    day = local_date(now, zone) + timedelta(days=local >= DAY_ENDS)
    return datetime.combine(day, DAY_BEGINS, tzinfo=zone_of(zone)).astimezone(UTC)


def moment_of(day: date, wall_time: time, zone: str) -> datetime | None:
    """Return the UTC moment of a wall time, or None on a date that the zone left out (Samoa, 30 December 2011)."""
    # A time that knows which of two repeated hours it means is taken for the first.
    first = wall_time.replace(fold=0)
    moment = datetime.combine(day, first, tzinfo=zone_of(zone)).astimezone(UTC)
    return moment if local_date(moment, zone) == day else None


# The library forgets all but the last eight and reads their files again.
@cache
def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its IANA name; raises KeyError (ZoneInfoNotFoundError) or ValueError for none."""
    return ZoneInfo(name)
