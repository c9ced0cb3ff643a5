"""When each zone gets a broadcast: across changes of the clocks, out of quiet hours, and never in the past."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tipbot.domain.broadcasts import (
    NEVER_QUIET,
    Mode,
    QuietHours,
    When,
    has_passed,
    starts_at,
    wave_due,
)

LONDON, NEW_YORK, KIRITIMATI, KOLKATA = (
    "Europe/London",
    "America/New_York",
    "Pacific/Kiritimati",
    "Asia/Kolkata",
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> When:
    return When(Mode.LOCAL, local_at=datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("plan", "zone", "due"),
    [
        # The same wall time on both sides of London's clock change, and of New York's, a week apart.
        ("2026-10-24 09:00", LONDON, "2026-10-24 08:00"),
        ("2026-10-25 09:00", LONDON, "2026-10-25 09:00"),
        ("2026-10-31 09:00", NEW_YORK, "2026-10-31 13:00"),
        ("2026-11-01 09:00", NEW_YORK, "2026-11-01 14:00"),
        ("2027-03-28 09:00", LONDON, "2027-03-28 08:00"),
        ("2026-10-25 09:00", KIRITIMATI, "2026-10-24 19:00"),
        ("2026-10-25 09:00", KOLKATA, "2026-10-25 03:30"),
        # In quiet hours it waits for eight, by the clock of that morning.
        ("2026-10-24 21:00", LONDON, "2026-10-25 08:00"),
        ("2026-10-25 01:30", LONDON, "2026-10-25 08:00"),
        ("2027-03-27 23:00", LONDON, "2027-03-28 07:00"),
        # The night skips this hour: it would come an hour later, still at night.
        ("2027-03-28 01:30", LONDON, "2027-03-28 07:00"),
    ],
)
def test_each_zone_gets_it_by_its_own_clock(plan: str, zone: str, due: str) -> None:
    assert wave_due(local(plan), zone, QuietHours(), now=utc("2026-10-01 12:00")) == utc(due)


def test_one_moment_for_all_waits_only_where_it_is_night() -> None:
    when, now = When(Mode.AT, at=utc("2026-11-24 09:30")), utc("2026-11-22 14:05")
    assert wave_due(when, LONDON, QuietHours(), now=now) == utc("2026-11-24 09:30")
    assert wave_due(when, NEW_YORK, QuietHours(), now=now) == utc("2026-11-24 13:00")
    assert wave_due(when, NEW_YORK, NEVER_QUIET, now=now) == utc("2026-11-24 09:30")


def test_where_the_hour_has_passed_it_comes_right_away() -> None:
    when, now = local("2026-11-22 18:00"), utc("2026-11-22 14:05")
    assert [zone for zone in (LONDON, NEW_YORK, KIRITIMATI, KOLKATA) if has_passed(when, zone, now=now)] == [
        KIRITIMATI,
        KOLKATA,
    ]
    assert wave_due(when, KOLKATA, QuietHours(), now=now) == now
    assert wave_due(when, LONDON, QuietHours(), now=now) == utc("2026-11-22 18:00")


def test_it_begins_before_the_first_zone_and_never_before_now() -> None:
    now = utc("2026-11-22 14:05")
    assert starts_at(local("2026-11-25 09:00"), now=now) == utc("2026-11-24 19:00")
    assert starts_at(local("2026-11-22 18:00"), now=now) == now


@given(
    some.sampled_from([LONDON, NEW_YORK, KIRITIMATI, KOLKATA, "Australia/Lord_Howe", "America/St_Johns"]),
    some.integers(0, 2 * 365 * 24 * 4),
)
def test_nobody_is_woken_up_and_nobody_waits_for_more_than_a_night(zone: str, quarters: int) -> None:
    now, quiet = utc("2026-01-01 00:00") + timedelta(minutes=15 * quarters), QuietHours()
    due = wave_due(When(), zone, quiet, now=now)
    assert now <= due <= now + timedelta(hours=12)
    assert quiet.over_at(zone, now=due) == due
    assert QuietHours(time(8), time(8)).over_at(zone, now=now) == now
