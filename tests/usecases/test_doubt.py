"""What a process leaves in doubt when it dies: hardly more than the pace and the way to Telegram make necessary."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.thoroughness import ON_ONE_ENGINE
from tests.usecases.post import Post, letters, put, until
from tipbot.clock import Clock
from tipbot.domain.delivery import Claim, DeliveryStatus, Refused, Sent
from tipbot.storage.database import Database
from tipbot.usecases.courier import Courier, Replies
from tipbot.usecases.doubt import FEWEST, Doubt
from tipbot.usecases.journal import Answer, Journal

NOW = Clock().now
RATE, LIMIT = 1_000, 256


def lasting(milliseconds: float) -> timedelta:
    return timedelta(milliseconds=milliseconds)


def test_before_the_first_answer_it_is_the_pace_times_eighty_milliseconds_and_a_little() -> None:
    assert Doubt(RATE, limit=LIMIT).most == 90


@pytest.mark.parametrize(("lasted", "most"), [(40, 50), (120, 130), (2_000, LIMIT), (-3_600_000, FEWEST)])
def test_it_follows_how_long_messages_are_in_doubt(lasted: float, most: int) -> None:
    doubt = Doubt(RATE, limit=LIMIT)
    for _ in range(3_000):
        doubt.note(lasting(lasted))
    assert doubt.most == pytest.approx(most, abs=1)


def test_a_few_slow_messages_change_little() -> None:
    doubt = Doubt(RATE, limit=LIMIT)
    for _ in range(10):
        doubt.note(lasting(160))
    assert doubt.most < 95


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_put_right_changes_little(hours: int) -> None:
    doubt = Doubt(RATE, limit=LIMIT)
    doubt.note(timedelta(hours=hours))
    assert 85 < doubt.most < 150


def test_at_a_usual_pace_there_is_room_for_messages_that_wait_for_their_chat() -> None:
    assert Doubt(25, limit=50).most == FEWEST


class Watched(Journal):
    """Remembers what each turn was given, and how much it might claim."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, owner="one", ceiling=RATE)
        self.turns: list[tuple[list[Answer], int]] = []

    async def turn(self, answers: Sequence[Answer], *, replies: int, room: int, now: datetime) -> list[Claim]:
        self.turns.append((list(answers), room))
        return await super().turn(answers, replies=replies, room=room, now=now)


async def counted(database: Database) -> dict[DeliveryStatus, int]:
    async with database.reading() as books:
        return await books.outbox.count()


@ON_ONE_ENGINE
async def test_while_no_answer_comes_no_more_is_claimed_than_may_be_in_doubt(database: Database) -> None:
    await put(database, letters(range(1, 201), due_at=NOW()))
    journal, post, stop, doubt = Watched(database), Post(NOW), asyncio.Event(), Doubt(RATE, limit=LIMIT)
    post.hold = asyncio.Event()
    courier = Courier(journal, post, now=NOW, replies=Replies(), doubt=doubt)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(courier.run(stop))
        await until(lambda: sum(room == 0 for _, room in journal.turns) >= 5)
        in_doubt = (await counted(database))[DeliveryStatus.SENDING]
        post.hold.set()
        await until(lambda: len(post.taken) == 200)
        stop.set()
        courier.wake()
    assert in_doubt == 90
    assert await counted(database) == {DeliveryStatus.SENT: 200}


async def test_what_was_accepted_is_not_written_down_together_with_what_was_refused(database: Database) -> None:
    await put(database, letters(range(1, 61), due_at=NOW()))
    journal, post, stop = Watched(database), Post(NOW), asyncio.Event()
    for chat in range(1, 61, 6):
        post.answers(chat, Refused("no such picture"))
    courier = Courier(journal, post, now=NOW, replies=Replies(), doubt=Doubt(RATE, limit=LIMIT))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(courier.run(stop))
        await until(lambda: sum(len(answers) for answers, _ in journal.turns) == 60)
        stop.set()
        courier.wake()
    assert await counted(database) == {DeliveryStatus.SENT: 50, DeliveryStatus.FAILED: 10}
    for answers, room in journal.turns:
        refused = [answer for answer in answers if not isinstance(answer.receipt, Sent)]
        assert refused in ([], answers)
        # And claims come right after those that were accepted.
        assert not refused or room == 0
