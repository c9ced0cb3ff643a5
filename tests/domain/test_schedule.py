"""When standing orders fall due: a table of cases, and what holds for any of them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbot.domain import schedule
from tipbot.domain.schedule import local_date, next_daytime, next_occurrence, start_of_day
from tipbot.domain.weekdays import EVERY_DAY, MONDAY_TO_FRIDAY, WEEKLY, Weekdays


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CASES = [
    # what is shown, wall time, days, zone, after (UTC), served on, expected (UTC)
    ("winter time in London", "09:00", EVERY_DAY, "Europe/London", "2026-01-05 08:00", None, "2026-01-05 09:00"),
    ("summer time in London", "09:00", EVERY_DAY, "Europe/London", "2026-07-05 07:00", None, "2026-07-05 08:00"),
    (
        "the very moment has passed",
        "09:00",
        EVERY_DAY,
        "Europe/London",
        "2026-01-05 09:00",
        None,
        "2026-01-06 09:00",
    ),
    # 28 March 2027: 01:00 becomes 02:00 in London, so 01:30 is an hour later, at what the clocks call 02:30.
    ("spring gap", "01:30", EVERY_DAY, "Europe/London", "2027-03-28 00:00", None, "2027-03-28 01:30"),
    (
        "the day after the gap",
        "01:30",
        EVERY_DAY,
        "Europe/London",
        "2027-03-28 01:30",
        "2027-03-28",
        "2027-03-29 00:30",
    ),
    # 25 October 2026: 02:00 becomes 01:00, 01:30 comes twice; the first one counts.
    ("autumn overlap", "01:30", EVERY_DAY, "Europe/London", "2026-10-24 23:00", None, "2026-10-25 00:30"),
    (
        "not again an hour later",
        "01:30",
        EVERY_DAY,
        "Europe/London",
        "2026-10-25 00:30",
        "2026-10-25",
        "2026-10-26 01:30",
    ),
    (
        "no second 01:30 even if unserved",
        "01:30",
        EVERY_DAY,
        "Europe/London",
        "2026-10-25 00:45",
        None,
        "2026-10-26 01:30",
    ),
    ("half an hour off", "09:00", EVERY_DAY, "Asia/Kolkata", "2026-01-05 00:00", None, "2026-01-05 03:30"),
    ("three quarters off", "09:00", EVERY_DAY, "Asia/Kathmandu", "2026-01-05 00:00", None, "2026-01-05 03:15"),
    (
        "Chatham, 13:45 ahead in summer",
        "09:00",
        EVERY_DAY,
        "Pacific/Chatham",
        "2026-01-04 00:00",
        None,
        "2026-01-04 19:15",
    ),
    # Lord Howe moves by half an hour on 4 October 2026, from 02:00 to 02:30.
    (
        "a gap of half an hour",
        "02:15",
        EVERY_DAY,
        "Australia/Lord_Howe",
        "2026-10-03 12:00",
        None,
        "2026-10-03 15:45",
    ),
    # Havana skips midnight on 8 March 2026.
    (
        "midnight that is skipped",
        "00:00",
        EVERY_DAY,
        "America/Havana",
        "2026-03-08 04:00",
        None,
        "2026-03-08 05:00",
    ),
    # Samoa had no 30 December 2011 at all.
    (
        "a date that is skipped",
        "09:00",
        EVERY_DAY,
        "Pacific/Apia",
        "2011-12-29 19:00",
        "2011-12-29",
        "2011-12-30 19:00",
    ),
    ("leap day", "09:00", EVERY_DAY, "Europe/London", "2028-02-28 10:00", "2028-02-28", "2028-02-29 09:00"),
    (
        "Friday evening to Monday",
        "18:00",
        MONDAY_TO_FRIDAY,
        "Europe/London",
        "2026-11-20 18:00",
        None,
        "2026-11-23 18:00",
    ),
    ("weekly, just served", "09:00", WEEKLY, "Europe/London", "2026-11-23 09:00", "2026-11-23", "2026-11-30 09:00"),
    (
        "moved later today, not yet served",
        "20:00",
        EVERY_DAY,
        "Europe/London",
        "2026-01-05 08:00",
        "2026-01-04",
        "2026-01-05 20:00",
    ),
    (
        "moved later today, served already",
        "20:00",
        EVERY_DAY,
        "Europe/London",
        "2026-01-05 10:00",
        "2026-01-05",
        "2026-01-06 20:00",
    ),
    (
        "moved earlier than now",
        "07:00",
        EVERY_DAY,
        "Europe/London",
        "2026-01-05 12:00",
        "2026-01-04",
        "2026-01-06 07:00",
    ),
    # Served on the 6th in Auckland; in Los Angeles it is still the 5th, whose turn has been.
    (
        "flown west over the date line",
        "09:00",
        EVERY_DAY,
        "America/Los_Angeles",
        "2026-01-05 20:30",
        "2026-01-06",
        "2026-01-07 17:00",
    ),
    # Served on the 5th in Los Angeles; in Auckland it is the 6th.
    (
        "flown east over the date line",
        "09:00",
        EVERY_DAY,
        "Pacific/Auckland",
        "2026-01-05 17:30",
        "2026-01-05",
        "2026-01-05 20:00",
    ),
]


@pytest.mark.parametrize(
    ("what", "at", "days", "zone", "after", "served", "expected"), CASES, ids=[c[0] for c in CASES]
)
def test_next_occurrence(
    what: str, at: str, days: Weekdays, zone: str, after: str, served: str | None, expected: str
) -> None:
    served_on = None if served is None else date.fromisoformat(served)
    found = next_occurrence(time.fromisoformat(at), days, zone, after=utc(after), served_on=served_on)
    assert found == utc(expected), what


ZONES = st.sampled_from(
    (
        "Europe/London",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Asia/Kathmandu",
        "America/Havana",
        "Africa/Casablanca",
        "Pacific/Apia",
        "America/St_Johns",
        "Asia/Tehran",
        "Antarctica/Troll",
    )
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
MASKS = st.integers(1, 127).map(Weekdays)
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@given(zone=ZONES, after=MOMENTS, days=MASKS, at=TIMES)
def test_each_date_comes_exactly_once_and_at_its_wall_time(
    zone: str, after: datetime, days: Weekdays, at: time
) -> None:
    served: list[date] = []
    moment = after
    for _ in range(20):
        moment = next_occurrence(at, days, zone, after=moment, served_on=served[-1] if served else None)
        served.append(local_date(moment, zone))
        local = moment.astimezone(ZoneInfo(zone))
        shift = datetime.combine(local.date(), at) - local.replace(tzinfo=None)
        assert local.date() in days
        assert abs(shift) <= timedelta(hours=2), "only a daylight-saving gap may move a wall time"
    assert len(set(served)) == len(served)
    between = {served[0] + timedelta(days=n) for n in range((served[-1] - served[0]).days + 1)}
    assert set(served) == {day for day in between if day in days}


@given(zone=ZONES, after=MOMENTS, days=MASKS, at=TIMES, served_on=st.none() | st.dates(date(2020, 1, 1)))
def test_a_remembered_moment_is_the_one_that_is_worked_out(
    zone: str, after: datetime, days: Weekdays, at: time, served_on: date | None
) -> None:
    if served_on is not None:
        served_on = min(served_on, after.date())
    worked_out = schedule._next_occurrence.__wrapped__(at, days.mask, zone, after, served_on)
    # Equal moments and times may be other objects: in another zone, or of the second of two repeated hours.
    elsewhere = after.astimezone(ZoneInfo("Asia/Kathmandu"))
    for _ in range(2):
        for one in (at, at.replace(fold=1)):
            assert next_occurrence(one, days, zone, after=elsewhere, served_on=served_on) == worked_out


@pytest.mark.parametrize(
    ("zone", "days", "expected"),
    [
        ("Europe/London", 7, "2026-11-29 00:00"),
        ("Asia/Kathmandu", 1, "2026-11-22 18:15"),
        ("America/Havana", 0, "2026-11-22 05:00"),
    ],
)
def test_start_of_day(zone: str, days: int, expected: str) -> None:
    assert start_of_day(zone, now=utc("2026-11-22 12:00"), days_ahead=days) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("Europe/London", "2026-07-05 08:00", "2026-07-05 08:00"),
        ("Europe/London", "2026-07-05 07:59", "2026-07-05 08:00"),
        ("Europe/London", "2026-07-05 19:00", "2026-07-06 08:00"),
        ("Asia/Kathmandu", "2026-01-05 20:00", "2026-01-06 03:15"),
        ("America/New_York", "2026-01-05 02:00", "2026-01-05 14:00"),
    ],
)
def test_what_nobody_gave_an_hour_for_comes_by_day(zone: str, now: str, expected: str) -> None:
    assert next_daytime(zone, now=utc(now)) == utc(expected)
