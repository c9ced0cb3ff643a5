"""Telegram is asked for updates by one process at a time, and told at a stop how far it came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest

from tests.bot.arrivals import Somebody
from tests.bot.conftest import Clock
from tests.usecases.post import until
from tipbot.bot import intake
from tipbot.bot.intake import Polling
from tipbot.bot.lanes import Lanes
from tipbot.bot.line import Line
from tipbot.bot.transport import AiohttpRequest
from tipbot.bot.urgency import is_urgent
from tipbot.sandbox.faults import Kind as Fault
from tipbot.sandbox.sandbox import Sandbox
from tipbot.storage.database import Database
from tipbot.storage.leadership import Leadership
from tipbot.usecases.updating import UpdateRecord


class Running(NamedTuple):
    """What stops a process that polls, and its end."""

    stop: asyncio.Event
    end: asyncio.Task[None]


@asynccontextmanager
async def polling(
    somebody: Somebody, sandbox: tuple[Sandbox, str], database: Database, clock: Clock
) -> AsyncIterator[Running]:
    """One process that polls while the block lasts, or until its stop is set."""
    telegram, address = sandbox
    line = Line(
        telegram.token,
        base_url=f"{address}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    stop = asyncio.Event()
    async with line, asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        lanes = Lanes(somebody.handle, somebody.apologise, tasks, is_urgent=is_urgent)
        record, leadership = UpdateRecord(database), Leadership(database)
        running = tasks.create_task(Polling(line, lanes, record, leadership, now=clock).run(stop))
        try:
            yield Running(stop, running)
        finally:
            stop.set()


async def test_an_update_that_ends_during_a_stop_is_confirmed_before_the_process_ends(
    sandbox: tuple[Sandbox, str], database: Database, clock: Clock
) -> None:
    telegram, _ = sandbox
    ann = telegram.person("Ann")
    somebody = Somebody()
    async with polling(somebody, sandbox, database, clock) as running:
        # The handler ends with the stop: no ordinary poll can confirm it any more.
        somebody.held[ann.chat_id] = running.stop
        await ann.sends("hello")
        await until(lambda: somebody.begun[ann.chat_id])
        assert len(telegram.telegram.updates) == 1
    assert len(somebody.ended[ann.chat_id]) == 1
    assert len(telegram.telegram.updates) == 0


async def test_an_update_that_ended_while_a_poll_hung_is_confirmed_at_the_stop(
    sandbox: tuple[Sandbox, str], database: Database, clock: Clock
) -> None:
    telegram, _ = sandbox
    ann = telegram.person("Ann")
    somebody = Somebody()
    release = somebody.hold(ann.chat_id)
    async with polling(somebody, sandbox, database, clock):
        await ann.sends("hello")
        await until(lambda: somebody.begun[ann.chat_id])
        hanging = telegram.faults.add(Fault.HANG_BEFORE, "getUpdates")
        await until(lambda: hanging.met)
        release.set()
        await until(lambda: somebody.ended[ann.chat_id])
    assert len(telegram.telegram.updates) == 0


async def test_an_update_is_not_confirmed_before_it_is_done(
    sandbox: tuple[Sandbox, str], database: Database, clock: Clock
) -> None:
    telegram, _ = sandbox
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    somebody = Somebody()
    release = somebody.hold(ann.chat_id)
    async with polling(somebody, sandbox, database, clock):
        await ann.sends("hello")
        await until(lambda: somebody.begun[ann.chat_id])
        await bob.sends("hello")
        await until(lambda: somebody.ended[bob.chat_id])
        polls = telegram.telegram.updates.polls
        await until(lambda: telegram.telegram.updates.polls >= polls + 3)
        assert len(telegram.telegram.updates) == 2, "the second waits for the first: there is only one offset"
        release.set()
        await until(lambda: len(telegram.telegram.updates) == 0)
    assert [len(somebody.begun[person.chat_id]) for person in (ann, bob)] == [1, 1]


async def test_only_who_has_the_right_polls_and_the_next_takes_over(
    sandbox: tuple[Sandbox, str], postgres_database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FOLLOWER_SECONDS", 0.02)
    telegram, _ = sandbox
    ann = telegram.person("Ann")
    first, second = Somebody(), Somebody()
    one, other = Database(postgres_database_url), Database(postgres_database_url)
    async with polling(first, sandbox, one, clock) as leader:
        await ann.sends("hello")
        await until(lambda: first.ended[ann.chat_id])
        async with polling(second, sandbox, other, clock):
            # Each of these takes the leader a few polls and gives the follower many chances to ask.
            for number in range(2, 8):
                await ann.sends(f"hello {number}")
                await until(lambda number=number: len(first.ended[ann.chat_id]) == number)  # type: ignore[misc]
            assert second.begun == {}
            assert not [why for why in telegram.calls.refused if "Conflict" in why], telegram.calls.refused
            # What arrives at the moment of the stop may still be answered by the first.
            leader.stop.set()
            await leader.end
            await ann.sends("hello again")
            await until(lambda: second.ended[ann.chat_id])
    await one.close()
    await other.close()
    assert len(first.ended[ann.chat_id]) == 7


async def test_after_a_quiet_week_updates_are_numbered_anew_and_still_heard(
    sandbox: tuple[Sandbox, str], database: Database, clock: Clock
) -> None:
    # Bot API, Update: after a week without updates the next number is chosen at random, so it may be lower.
    telegram, _ = sandbox
    ann = telegram.person("Ann")
    somebody = Somebody()
    telegram.telegram.updates.number_from(5_000)
    async with polling(somebody, sandbox, database, clock):
        await ann.sends("hello")
        await until(lambda: somebody.ended[ann.chat_id] == [5_000])
        await until(lambda: len(telegram.telegram.updates) == 0)
        telegram.telegram.updates.number_from(70)
        await ann.sends("hello after a week")
        await ann.sends("and once more")
        await until(lambda: somebody.ended[ann.chat_id] == [5_000, 70, 71])
        await until(lambda: len(telegram.telegram.updates) == 0)
    assert somebody.begun[ann.chat_id] == [5_000, 70, 71]
