"""The clock goes one way, and ticks neither overlap, nor get lost, nor are cut off."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.process.clockwork import show
from tipbot.clock import Clock, Ticks

SOON = timedelta(milliseconds=20)


def test_the_clock_moves_forward_only() -> None:
    clock = Clock()
    later = clock.now() + timedelta(days=3)
    clock.move_to(later)
    assert later <= clock.now() < later + timedelta(minutes=1)
    with pytest.raises(ValueError, match="backwards"):
        clock.move_to(later - timedelta(seconds=1))


async def ticking(ticks: Ticks, enough: asyncio.Event) -> None:
    """Run ticks until there were enough, then stop in an orderly way."""
    stop = asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        tasks.create_task(ticks.run(stop))
        await enough.wait()
        stop.set()


async def test_a_slow_tick_is_never_doubled_and_is_left_to_finish() -> None:
    running = most = finished = 0
    enough = asyncio.Event()

    async def slow() -> None:
        nonlocal running, most, finished
        running += 1
        most = max(most, running)
        if finished == 2:
            enough.set()
        await asyncio.sleep(5 * SOON.total_seconds())
        running -= 1
        finished += 1

    ticks = Ticks()
    ticks.every(SOON, slow)
    await ticking(ticks, enough)
    assert (most, running, finished) == (1, 0, 3), "the tick that ran when the stop came was not cut off"


async def test_whoever_rings_need_not_wait_for_the_next_tick() -> None:
    bell, enough = asyncio.Event(), asyncio.Event()
    calls = 0

    async def called() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            bell.set()  # while it runs: it comes once more
        else:
            enough.set()

    ticks = Ticks()
    ticks.every(timedelta(hours=1), called, bell=bell)
    bell.set()
    await ticking(ticks, enough)
    assert calls == 2


async def test_a_tick_that_fails_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    calls = 0
    enough = asyncio.Event()

    async def failing() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            enough.set()
        raise RuntimeError("broken on purpose")

    ticks = Ticks()
    ticks.every(SOON, failing)
    await ticking(ticks, enough)
    assert calls >= 3
    assert "broken on purpose" in caplog.text


@pytest.mark.parametrize("is_soon_right", [False, True])
@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(days=30)])
async def test_ticks_go_on_when_the_clock_of_the_machine_is_changed(
    step: timedelta, *, is_soon_right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, wrong, calls, enough = Clock(), timedelta(0), 0, asyncio.Event()
    with monkeypatch.context() as shown:
        # So that these are put back at the end.
        shown.setattr(Clock, "now", Clock.now)
        shown.setattr("apscheduler.schedulers.base.datetime", datetime)
        true = Clock.now
        show(lambda: true(clock) + wrong)

        def right() -> None:
            nonlocal wrong
            wrong = timedelta(0)

        async def called() -> None:
            nonlocal calls, wrong
            calls += 1
            if calls == 1:
                wrong = step
                if is_soon_right:
                    # Before anybody looks at the clock, but not before the scheduler does.
                    asyncio.get_running_loop().call_later(10 * SOON.total_seconds(), right)
            if calls == 30:
                enough.set()

        ticks = Ticks()
        ticks.every(SOON, called)
        await ticking(ticks, enough)
