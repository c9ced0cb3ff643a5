"""Operators are told at once, and once for each cause, whichever process noticed it and however often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.usecases.people import MONDAY_NOON
from tests.usecases.post import letters, put, until
from tipbot.domain.alarms import Alarm, DeliveriesLate, FeedFailing, ItemRefused
from tipbot.domain.content import ItemId
from tipbot.domain.delivery import DeliveryStatus, Limited, NotSent, Sent
from tipbot.domain.feed import FeedFault, FeedTrouble
from tipbot.domain.pace import LONGEST_STOP
from tipbot.storage.database import Database
from tipbot.usecases.alarms import BELIEVED_FOR, REMIND_AFTER, Alarms
from tipbot.usecases.journal import Answer, Journal
from tipbot.usecases.lateness import WatchLateness

FEED = FeedFailing(FeedTrouble(FeedFault.STATUS, "clinic.example", "404"), MONDAY_NOON)
MINUTE = timedelta(minutes=1)


class Now:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.moment = MONDAY_NOON

    def __call__(self) -> datetime:
        return self.moment


class Line:
    """Operators who read everything, unless none of them can be reached."""

    def __init__(self) -> None:
        self.told: list[Alarm] = []
        self.is_down = False

    async def tell(self, alarm: Alarm) -> bool:
        self.told.append(alarm)
        return not self.is_down


@asynccontextmanager
async def working(alarms: Alarms, line: Line) -> AsyncIterator[None]:
    """Let alarms be brought while the block lasts; what was rung before its end is brought as well."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(alarms.run(line, stop))
        yield
        stop.set()


async def ring(alarms: Alarms, line: Line, *news: Alarm | str) -> None:
    """Ring alarms and bring them, or note that a cause is over."""
    async with working(alarms, line):
        for one in news:
            if isinstance(one, str):
                alarms.over(one)
            else:
                alarms.ring(one)


async def test_two_processes_and_a_restart_tell_a_cause_once_until_it_is_over(database: Database) -> None:
    now, line = Now(), Line()
    one, other = Alarms(database, now=now), Alarms(database, now=now)
    async with working(one, line), working(other, line):
        for alarms in (one, other, one):
            alarms.ring(FEED)
            alarms.ring(replace(FEED, trouble=FeedTrouble(FeedFault.STATUS, "clinic.example", "500")))
    assert len(line.told) == 1
    await ring(Alarms(database, now=now), line, FEED)
    assert len(line.told) == 1, "a restart is no news"
    await ring(one, line, ItemRefused(ItemId("one"), "no"), FEED.cause, FEED)
    assert len(line.told) == 3
    # The other process saw neither the end nor the new beginning, and the next end is told to it by the database.
    await ring(one, line, FEED.cause)
    now.moment += BELIEVED_FOR
    await ring(other, line, FEED)
    assert line.told[3:] == [FEED]


async def test_a_cause_that_lasts_is_told_again_after_a_week(database: Database) -> None:
    now, line = Now(), Line()
    alarms = Alarms(database, now=now)
    for days in range(8):
        now.moment = MONDAY_NOON + timedelta(days=days)
        await ring(alarms, line, FEED)
    assert len(line.told) == 1
    now.moment = MONDAY_NOON + REMIND_AFTER + MINUTE * 11
    await ring(alarms, line, FEED)
    assert len(line.told) == 2


async def test_a_clock_that_was_put_back_lets_nobody_wait_for_the_time_it_showed(database: Database) -> None:
    bells, journal = Bells(database), Journal(database, owner="one", ceiling=1000)
    await put(database, letters([1, 2, 3], due_at=MONDAY_NOON))
    wrong = MONDAY_NOON + 90 * MINUTE
    tried, limited, sent = await journal.turn([], replies=0, room=3, now=wrong)
    passing, pause = Answer(tried, NotSent("no connection")), Answer(limited, Limited(timedelta(hours=1)))
    await journal.turn([passing, pause, Answer(sent, Sent(5))], replies=0, room=0, now=wrong)
    # While it may still be a retry of this very moment, it is let alone; so is what Telegram wants to wait.
    for minutes, due in ((89, 0), (20, 0), (21, 1)):
        now = MONDAY_NOON + minutes * MINUTE
        async with database.reading() as books:
            assert await books.outbox.waiting(now=now) == due
        await bells.at(minutes)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_where_nobody_could_be_told_it_is_tried_again(database: Database) -> None:
    now, line = Now(), Line()
    alarms = Alarms(database, now=now)
    line.is_down = True
    await ring(alarms, line, FEED, FEED)
    line.is_down = False
    await ring(alarms, line, FEED)
    assert len(line.told) == 1, "not at once: that would be a flood"
    now.moment += BELIEVED_FOR
    await ring(alarms, line, FEED)
    assert len(line.told) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_a_database_it_is_told_once_as_well(database: Database) -> None:
    now, line = Now(), Line()
    away = Database("postgresql://nobody@127.0.0.1:9/nothing")
    alarms = Alarms(away, now=now)
    await ring(alarms, line, FEED)
    now.moment += BELIEVED_FOR
    await ring(alarms, line, FEED)
    assert len(line.told) == 1
    alarms._database = database
    now.moment += BELIEVED_FOR
    await ring(alarms, line, FEED)
    assert len(line.told) == 1, "back again, it is noted and not told anew"
    await away.close()


class Bells:
    """What the watch rang."""

    def __init__(self, database: Database) -> None:
        self.rung: list[str] = []
        self._watch = WatchLateness(database, alarm=self._ring, over=self.rung.append)

    def _ring(self, alarm: Alarm) -> None:
        assert isinstance(alarm, DeliveriesLate)
        self.rung.append(f"{alarm.since - MONDAY_NOON}")

    async def at(self, minutes: float) -> list[str]:
        self.rung.clear()
        await self._watch.tick(now=MONDAY_NOON + minutes * MINUTE)
        return self.rung[:]


async def test_a_delivery_that_waits_for_ten_minutes_is_told_until_it_is_gone(database: Database) -> None:
    bells = Bells(database)
    assert await bells.at(0) == ["late"]
    await put(database, letters([1], due_at=MONDAY_NOON))
    assert await bells.at(9.9) == ["late"]
    assert await bells.at(10) == ["0:00:00"]
    # Tried in vain, it waits for its next try and is late all the same.
    journal, now = Journal(database, owner="one", ceiling=1000), MONDAY_NOON + 11 * MINUTE
    (claim,) = await journal.turn([], replies=0, room=1, now=now)
    await journal.turn([Answer(claim, NotSent("no connection"))], replies=0, room=0, now=now)
    assert await bells.at(11.01) == ["0:00:00"]
    async with database.writing() as books:
        await books.outbox.cancel(claim.chat_id, now=now, reason="stopped")
    assert await bells.at(12) == ["late"]


async def test_what_telegram_wants_to_wait_is_not_late(database: Database) -> None:
    bells, journal = Bells(database), Journal(database, owner="one", ceiling=1000)
    await put(database, letters([1], due_at=MONDAY_NOON))
    (claim,) = await journal.turn([], replies=0, room=1, now=MONDAY_NOON)
    hours = Answer(claim, Limited(timedelta(hours=2)))
    await journal.turn([hours], replies=0, room=0, now=MONDAY_NOON)
    assert await bells.at(3) == [], "while everybody is stopped, nothing is judged"
    assert await bells.at(LONGEST_STOP / MINUTE + 30) == ["late"]
    assert await bells.at(2 * 60 + 9) == ["late"]
    assert await bells.at(2 * 60 + 10) == ["2:00:00"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_an_operator_holds_back_is_not_late(database: Database) -> None:
    bells = Bells(database)
    await put(database, [letters([1], due_at=MONDAY_NOON)[0]._replace(status=DeliveryStatus.HELD)])
    assert await bells.at(60) == ["late"]


async def test_ringing_waits_for_nobody(database: Database) -> None:
    line = Line()
    alarms = Alarms(database, now=Now())
    async with working(alarms, line):
        async with database.writing():
            alarms.ring(FEED)
        await until(lambda: line.told)
