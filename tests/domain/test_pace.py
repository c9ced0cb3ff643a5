"""The pace: even, shared, slower after a 429, and never a burst."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbot.domain.pace import CREDIT, Pace

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def pace(rate: float = 25, **changes: datetime) -> Pace:
    return Pace(rate=rate, next_slot_at=changes.get("next_slot_at", NOON), changed_at=NOON)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_slots_are_evenly_spaced() -> None:
    free = pace(25).slots(now=NOON, until=NOON + seconds(1), most=100)
    assert len(free) == 26
    assert {other - one for one, other in itertools.pairwise(free)} == {timedelta(milliseconds=40)}


def test_slots_that_are_all_but_at_once_fall_together() -> None:
    free = pace(1000).slots(now=NOON, until=NOON + seconds(0.01), most=10)
    assert free == [NOON] * 4 + [NOON + seconds(0.004)] * 4 + [NOON + seconds(0.008)] * 2
    assert len(pace(1000).slots(now=NOON, until=NOON + seconds(0.9999), most=2_000)) == 1_000


@given(idle=st.floats(0, 100_000), rate=st.floats(1, 1000))
def test_however_long_nothing_was_sent_there_is_no_burst(idle: float, rate: float) -> None:
    now = NOON + seconds(idle)
    free = pace(rate).slots(now=now, until=now + seconds(1), most=10_000)
    assert free[0] >= now - CREDIT
    assert len(free) <= rate * 1.03 + 1


@pytest.mark.parametrize("stall", [0.001, 0.02, 0.5, 3600])
def test_a_second_that_begins_with_a_late_message_has_none_too_many(stall: float) -> None:
    """One was claimed before the process stood still, and goes at the same moment as the first one after it."""
    now = NOON + seconds(stall)
    free = pace(29).slots(now=now, until=now + seconds(0.9999), most=100)
    assert 1 + len(free) <= 30


def test_what_is_taken_moves_the_next_slot_on() -> None:
    assert pace(25).after(5, now=NOON).next_slot_at == NOON + timedelta(milliseconds=200)
    assert pace(25).after(0, now=NOON) == pace(25)


def test_after_a_429_nobody_asks_early_and_then_all_go_slower() -> None:
    stopped = pace(20).stopped(seconds(7), now=NOON)
    assert stopped.slots(now=NOON + seconds(6.99), until=NOON + seconds(9), most=9) == []
    assert stopped.slots(now=NOON + seconds(7), until=NOON + seconds(7), most=9) != []
    assert stopped.rate == pytest.approx(18)


def test_one_overload_slows_down_once_and_the_longest_wait_counts() -> None:
    stopped = pace(20).stopped(seconds(7), now=NOON).stopped(seconds(3), now=NOON + seconds(1))
    assert stopped.rate == pytest.approx(18)
    assert stopped.stopped_until == NOON + seconds(7)


def test_it_recovers_slowly_up_to_the_configured_rate() -> None:
    slow = pace(20).stopped(seconds(1), now=NOON)
    assert slow.recovered(20, now=NOON + seconds(59)) == slow
    assert slow.recovered(20, now=NOON + seconds(120)).rate == pytest.approx(18.8)
    assert slow.recovered(20, now=NOON + timedelta(hours=2)).rate == 20


def test_what_was_too_fast_is_not_tried_again_for_an_hour() -> None:
    slow = pace(20).stopped(seconds(1), now=NOON)
    for minute in range(1, 60):
        slow = slow.recovered(25, now=NOON + seconds(60 * minute))
    assert slow.rate == pytest.approx(19)
    # Only from then on it is won back, slowly, and not at once for the whole hour.
    slow = slow.recovered(25, now=NOON + seconds(3600 + 120))
    assert slow.rate == pytest.approx(20)
    assert slow.recovered(25, now=NOON + timedelta(hours=9)).rate == 25


@pytest.mark.parametrize("limit", [2.5, 11, 20, 24.9])
def test_under_a_stricter_limit_it_settles_below_and_429s_stop_coming(limit: float) -> None:
    """An hour after the last time it looks once whether the limit has been lifted."""
    now, going, met = NOON, pace(25), []
    while now < NOON + timedelta(hours=3):
        going = going.recovered(25, now=now)
        if going.rate > limit and going.slots(now=now, until=now, most=1):
            going = going.stopped(seconds(30), now=now)
            met.append(now)
        now += seconds(10)
    settled = [at for at in met if at > NOON + timedelta(minutes=25)]
    assert len(settled) <= 2 * 3
    assert going.rate > 0.8 * limit


def test_a_429_of_a_clock_that_was_put_back_is_not_remembered() -> None:
    ahead = pace(20).stopped(seconds(1), now=NOON + timedelta(days=9))
    back = replace(ahead, changed_at=NOON).recovered(20, now=NOON + timedelta(hours=1))
    assert back.rate == 20


def test_it_says_when_telegram_has_made_it_slower_than_it_was_set() -> None:
    slow = pace(20).stopped(seconds(1), now=NOON)
    assert slow.is_slowed(20)
    assert not slow.is_slowed(18), "as fast as it was set"
    assert not pace(20).is_slowed(25), "another process may have another setting"


def test_a_lowered_setting_counts_at_once() -> None:
    assert pace(25).recovered(10, now=NOON).rate == 10


def test_a_clock_that_was_put_back_does_not_stop_everything() -> None:
    ahead = pace(25, next_slot_at=NOON + timedelta(hours=1))
    stopped = pace(25).stopped(seconds(30), now=NOON + timedelta(hours=1))
    for of_another_time in (ahead, stopped):
        assert of_another_time.slots(now=NOON, until=NOON + seconds(0.02), most=1) == [NOON]
    assert stopped.time_for(45, now=NOON) == seconds(2)
    assert stopped.stopped(seconds(3), now=NOON).stopped_until == NOON + seconds(3)


def test_however_many_replies_go_out_bulk_waits_two_seconds_at_most() -> None:
    assert pace(25).after(10_000, now=NOON).next_slot_at == NOON + seconds(2)


def test_a_pause_of_hours_is_about_one_chat_and_stops_the_others_for_minutes_only() -> None:
    assert pace(25).stopped(seconds(10_072), now=NOON).stopped_until == NOON + timedelta(minutes=5)
