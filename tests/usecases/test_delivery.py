"""The outbox is emptied: every message once, every answer written down, whatever Telegram says."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from tests.thoroughness import ON_ONE_ENGINE
from tests.usecases.people import subscribe
from tests.usecases.post import Post, courier_at_work, letters, put, until
from tipbot.clock import Clock
from tipbot.domain.alarms import Alarm, ItemRefused
from tipbot.domain.content import ItemId
from tipbot.domain.delivery import (
    Claim,
    DeliveryStatus,
    Limited,
    Moved,
    NotSent,
    Refused,
    Sent,
    Uncertain,
    Unwanted,
    Vanished,
)
from tipbot.domain.subscribers import ChatId, Kind, Status
from tipbot.storage.database import Database
from tipbot.storage.schema import outbox
from tipbot.usecases.alarms import Alarms
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.backlog import measure_backlog
from tipbot.usecases.courier import Courier, Replies
from tipbot.usecases.doubt import Doubt
from tipbot.usecases.journal import LEASE, Answer, Journal

NOW = Clock().now
SENT, FAILED, UNKNOWN = DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN


async def counted(database: Database) -> dict[DeliveryStatus, int]:
    async with database.reading() as books:
        return await books.outbox.count()


async def settled(database: Database, number: int) -> dict[DeliveryStatus, int]:
    """Wait until so many deliveries have come to their end."""
    moving = {DeliveryStatus.QUEUED, DeliveryStatus.SENDING}
    async with asyncio.timeout(30):
        while True:
            counts = await counted(database)
            if sum(n for status, n in counts.items() if status not in moving) >= number:
                return counts
            await asyncio.sleep(0.02)


async def test_everything_due_is_sent_once_and_its_message_id_kept(database: Database) -> None:
    await put(database, letters(range(1, 61), due_at=NOW()))
    post = Post(NOW)
    async with courier_at_work(database, post, NOW):
        assert await settled(database, 60) == {SENT: 60}
    assert Counter(chat for chat, _ in post.taken) == Counter(ChatId(n) for n in range(1, 61))


async def test_what_is_not_due_yet_stays(database: Database) -> None:
    await put(database, letters([1], due_at=NOW() + timedelta(hours=1)))
    await put(database, letters([2], due_at=NOW()))
    post = Post(NOW)
    async with courier_at_work(database, post, NOW):
        await settled(database, 1)
    assert await counted(database) == {SENT: 1, DeliveryStatus.QUEUED: 1}


@ON_ONE_ENGINE
async def test_messages_go_out_evenly_at_the_pace(database: Database) -> None:
    await put(database, letters(range(1, 41), due_at=NOW()))
    post = Post(NOW)
    async with courier_at_work(database, post, NOW, rate=50):
        await settled(database, 40)
    moments = sorted(moment for _, moment in post.taken)
    # 40 messages have 39 gaps of 20 ms; a busy machine may be late with the first, but never that much.
    assert moments[-1] - moments[0] >= timedelta(milliseconds=39 * 20 * 3 // 4)


async def test_a_429_stops_everybody_and_is_not_a_failure(database: Database) -> None:
    await put(database, letters(range(1, 6), due_at=NOW()))
    post = Post(NOW)
    post.answers(1, Limited(timedelta(seconds=1)))
    async with courier_at_work(database, post, NOW, rate=2):
        await until(lambda: len(post.taken) >= 2)
        async with database.writing() as books:
            pace = await books.pace.load(ceiling=2, now=NOW())
    assert pace.rate == pytest.approx(1.8)
    assert pace.stopped_until is not None
    assert [
        moment
        for _, moment in post.taken
        if pace.stopped_until - timedelta(seconds=1) < moment < pace.stopped_until
    ] == []


@ON_ONE_ENGINE
async def test_after_a_429_the_same_message_goes_first_and_has_lost_no_attempt(database: Database) -> None:
    await put(database, letters([1], due_at=NOW()))
    await put(database, letters(range(2, 8), due_at=NOW() + timedelta(milliseconds=1)))
    post = Post(NOW)
    post.answers(1, Limited(timedelta(seconds=1)))
    async with courier_at_work(database, post, NOW, rate=4):
        assert await settled(database, 7) == {SENT: 7}
    assert next(chat for chat, _ in post.taken) == ChatId(1)
    async with database.engine.connect() as connection:
        attempts = (await connection.execute(select(outbox.c.attempts))).scalars().all()
    assert set(attempts) == {1}


@ON_ONE_ENGINE
async def test_what_was_claimed_already_stays_on_the_ground_during_a_pause(database: Database) -> None:
    now = NOW()
    # The second message to chat 1 waits for its chat when chat 2 meets the limit.
    await put(
        database, letters([1], due_at=now) + letters([1], due_at=now, kind=Kind.STRETCH) + letters([2], due_at=now)
    )
    post = Post(NOW)
    post.answers(2, Limited(timedelta(seconds=3)))
    async with courier_at_work(database, post, NOW, rate=400):
        assert await settled(database, 3) == {SENT: 3}
        async with database.reading() as books:
            pace = await books.pace.look()
    assert pace is not None
    assert pace.stopped_until is not None
    moments = [moment for _, moment in post.taken]
    halt = pace.stopped_until - timedelta(seconds=3)
    assert [moment for moment in moments if halt + timedelta(milliseconds=100) < moment < pace.stopped_until] == []


@ON_ONE_ENGINE
async def test_a_delivery_keeps_its_distance_from_a_reply(database: Database) -> None:
    await put(database, letters([1], due_at=NOW()))
    post, replies = Post(NOW), Replies()
    replied_at = NOW()
    replies.note(ChatId(1), now=replied_at)
    async with courier_at_work(database, post, NOW, replies=replies):
        await settled(database, 1)
    assert post.taken[0][1] - replied_at >= timedelta(seconds=1)


async def test_operators_are_told_once_of_an_item_that_telegram_refuses(database: Database) -> None:
    await put(database, letters([1, 2, 3], due_at=NOW()))
    post, told = Post(NOW), Told()
    for chat in (1, 2, 3):
        post.answers(chat, Refused("Can't parse entities"))
    alarms, stop = Alarms(database, now=NOW), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(alarms.run(told, stop))
        async with courier_at_work(database, post, NOW, alarm=alarms.ring):
            assert await settled(database, 3) == {FAILED: 3}
        await until(lambda: told.alarms)
        stop.set()
    assert told.alarms == [ItemRefused(ItemId("one"), "Can't parse entities")]


async def test_the_backlog_says_how_long_it_takes(database: Database) -> None:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    await put(database, letters(range(1, 101), due_at=now))
    later = now + timedelta(minutes=4)
    async with database.writing() as books:
        pace = await books.pace.load(ceiling=25, now=later)
        await books.pace.save(pace.stopped(timedelta(seconds=10), now=later))
        backlog = await measure_backlog(books, ceiling=25, now=later)
    # 100 messages at nine tenths of 25 a second, after a pause of ten seconds.
    assert (backlog.waiting, backlog.oldest) == (100, timedelta(minutes=4))
    assert backlog.takes.total_seconds() == pytest.approx(10 + 100 / 22.5)


class Told:
    """An operator who reads everything."""

    def __init__(self) -> None:
        self.alarms: list[Alarm] = []

    async def tell(self, alarm: Alarm) -> bool:
        self.alarms.append(alarm)
        return True


@pytest.mark.parametrize(
    ("receipt", "delivery", "subscriber"),
    [
        (Unwanted("bot was blocked by the user"), DeliveryStatus.BLOCKED, Status.BLOCKED),
        (Vanished("user is deactivated"), DeliveryStatus.GONE, Status.GONE),
        (Refused("can't parse entities"), FAILED, Status.ACTIVE),
        (Uncertain("no answer in time"), UNKNOWN, Status.ACTIVE),
    ],
)
async def test_permanent_answers(
    database: Database,
    receipt: Unwanted | Vanished | Refused | Uncertain,
    delivery: DeliveryStatus,
    subscriber: Status,
) -> None:
    await subscribe(database, 7, now=NOW())
    await put(database, letters([7], due_at=NOW()))
    post = Post(NOW)
    post.answers(7, receipt)
    async with courier_at_work(database, post, NOW):
        assert await settled(database, 1) == {delivery: 1}
    async with database.reading() as books:
        known = await books.subscribers.find(ChatId(7))
        slots = await books.slots.of(ChatId(7))
    assert known is not None
    assert known.status is subscriber
    assert (slots[Kind.TIP].next_at is None) == (subscriber is not Status.ACTIVE)


async def test_a_block_takes_back_what_else_is_waiting(database: Database) -> None:
    await subscribe(database, 7, now=NOW())
    await put(
        database, letters([7], due_at=NOW()) + letters([7], due_at=NOW() + timedelta(hours=1), kind=Kind.STRETCH)
    )
    post = Post(NOW)
    post.answers(7, Unwanted("bot was blocked by the user"))
    async with courier_at_work(database, post, NOW):
        assert await settled(database, 2) == {DeliveryStatus.BLOCKED: 1, DeliveryStatus.CANCELLED: 1}


async def test_a_message_in_the_air_is_not_tried_again_for_somebody_who_stopped_meanwhile(
    database: Database,
) -> None:
    await subscribe(database, 7, now=NOW())
    await put(database, letters([7], due_at=NOW()))
    post = Post(NOW)
    post.answers(7, NotSent("no connection"))
    post.hold = asyncio.Event()
    async with courier_at_work(database, post, NOW):
        async with asyncio.timeout(10):
            while not (await counted(database)).get(DeliveryStatus.SENDING):
                await asyncio.sleep(0.01)
        await Arrange(database).stop(ChatId(7), now=NOW())
        post.hold.set()
        assert await settled(database, 1) == {DeliveryStatus.CANCELLED: 1}
    assert post.taken == []


@ON_ONE_ENGINE
async def test_what_surely_did_not_go_out_is_tried_again(database: Database) -> None:
    await put(database, letters([1], due_at=NOW()))
    post = Post(NOW)
    post.answers(1, NotSent("no connection"))
    async with courier_at_work(database, post, NOW):
        assert await settled(database, 1) == {SENT: 1}


async def test_a_group_that_moved_gets_its_message_and_its_subscription_under_the_new_id(
    database: Database,
) -> None:
    await subscribe(database, -5, now=NOW())
    await put(database, letters([-5], due_at=NOW()))
    post = Post(NOW)
    post.answers(-5, Moved(ChatId(-1005)))
    async with courier_at_work(database, post, NOW):
        assert await settled(database, 1) == {SENT: 1}
    assert [chat for chat, _ in post.taken] == [ChatId(-1005)]
    async with database.reading() as books:
        assert await books.subscribers.find(ChatId(-5)) is None
        assert set(await books.slots.of(ChatId(-1005))) == set(Kind)


@ON_ONE_ENGINE
async def test_two_messages_to_one_chat_are_a_second_apart(database: Database) -> None:
    await put(database, letters([1], due_at=NOW()) + letters([1], due_at=NOW(), kind=Kind.STRETCH))
    post = Post(NOW)
    async with courier_at_work(database, post, NOW):
        await settled(database, 2)
    first, second = (moment for _, moment in post.taken)
    assert second - first >= timedelta(seconds=1)


async def test_an_orderly_stop_leaves_nothing_in_the_air(database: Database) -> None:
    await put(database, letters(range(1, 31), due_at=NOW()))
    post = Post(NOW)
    post.hold = asyncio.Event()
    async with courier_at_work(database, post, NOW, rate=1000) as stop:
        async with asyncio.timeout(10):
            while not (await counted(database)).get(DeliveryStatus.SENDING):
                await asyncio.sleep(0.01)
        stop.set()
        post.hold.set()
    counts = await counted(database)
    assert set(counts) <= {SENT, DeliveryStatus.QUEUED}
    assert counts[SENT] == len(post.taken)


class Counting(Journal):
    """Counts its turns."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, owner="one", ceiling=500)
        self.turns = 0

    async def turn(self, answers: Sequence[Answer], *, replies: int, room: int, now: datetime) -> list[Claim]:
        self.turns += 1
        return await super().turn(answers, replies=replies, room=room, now=now)


class Slow(Journal):
    """Never comes to the end of the first turn that carries an answer."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, owner="one", ceiling=500)
        self.has_an_answer = asyncio.Event()

    async def turn(self, answers: Sequence[Answer], *, replies: int, room: int, now: datetime) -> list[Claim]:
        if answers and not self.has_an_answer.is_set():
            self.has_an_answer.set()
            await asyncio.Event().wait()
        return await super().turn(answers, replies=replies, room=room, now=now)


async def test_an_answer_that_was_being_written_down_when_something_else_broke_is_not_lost(
    database: Database,
) -> None:
    await put(database, letters([1], due_at=NOW()))
    journal = Slow(database)
    courier = Courier(journal, Post(NOW), now=NOW, replies=Replies(), doubt=Doubt(1_000, limit=5))
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(courier.run(asyncio.Event()))
        await journal.has_an_answer.wait()
        running.cancel()
    assert await counted(database) == {SENT: 1}


async def test_a_stop_with_nothing_to_write_down_asks_no_database(database: Database) -> None:
    # One that is silent would be waited for, for twenty seconds.
    stop, post = asyncio.Event(), Post(NOW)
    stop.set()
    await put(database, letters([1], due_at=NOW()))
    journal = Counting(database)
    await Courier(journal, post, now=NOW, replies=Replies(), doubt=Doubt(1_000, limit=5)).run(stop)
    assert journal.turns == 0


async def test_a_clock_that_is_put_back_keeps_nobody_waiting(database: Database) -> None:
    behind = timedelta(0)

    def now() -> datetime:
        return NOW() - behind

    replies = Replies()
    await put(database, letters([1], due_at=NOW() - timedelta(hours=2)))
    replies.note(ChatId(1), now=now())
    behind = timedelta(hours=1)
    post = Post(now)
    async with courier_at_work(database, post, now, replies=replies):
        assert await settled(database, 1) == {SENT: 1}


async def test_two_couriers_never_send_the_same_and_share_one_pace(database_url: str) -> None:
    one, two = Database(database_url), Database(database_url)
    await put(one, letters(range(1, 101), due_at=NOW()))
    post = Post(NOW)
    async with (
        courier_at_work(one, post, NOW, rate=100, owner="one"),
        courier_at_work(two, post, NOW, rate=100, owner="two"),
    ):
        assert await settled(one, 100) == {SENT: 100}
    assert Counter(chat for chat, _ in post.taken).most_common(1)[0][1] == 1
    # However late one of them goes out on a busy machine, its place in the pace is nobody else's.
    assert all(later - earlier >= timedelta(seconds=0.01) for earlier, later in pairwise(sorted(post.slots)))
    await one.close()
    await two.close()


class TestJournal:
    """One transaction at a time, as if the process died between any two of them."""

    async def claim(self, database: Database, owner: str, now: datetime) -> Answer | None:
        claims = await Journal(database, owner=owner, ceiling=25).turn([], replies=0, room=1, now=now)
        return Answer(claims[0], Sent(1)) if claims else None

    async def test_a_claim_whose_sender_died_becomes_unknown_and_is_not_sent_again(
        self, database: Database
    ) -> None:
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        await put(database, letters([1], due_at=now))
        assert await self.claim(database, "dead", now) is not None
        later = now + LEASE
        async with database.writing() as books:
            assert await books.outbox.give_up_leases(now=later) == 1
        assert await self.claim(database, "alive", later) is None
        assert await counted(database) == {UNKNOWN: 1}

    async def test_an_answer_that_comes_after_all_corrects_unknown(self, database: Database) -> None:
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        await put(database, letters([1], due_at=now))
        answer = await self.claim(database, "slow", now)
        assert answer is not None
        async with database.writing() as books:
            await books.outbox.give_up_leases(now=now + LEASE)
        await Journal(database, owner="slow", ceiling=25).turn([answer], replies=0, room=0, now=now + LEASE)
        assert await counted(database) == {SENT: 1}

    async def test_nobody_settles_what_another_holds(self, database: Database) -> None:
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        await put(database, letters([1], due_at=now))
        answer = await self.claim(database, "owner", now)
        assert answer is not None
        await Journal(database, owner="stranger", ceiling=25).turn([answer], replies=0, room=0, now=now)
        assert await counted(database) == {DeliveryStatus.SENDING: 1}

    async def test_a_turn_that_is_taken_twice_changes_nothing_more(self, database: Database) -> None:
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        await put(database, letters([1], due_at=now))
        answer = await self.claim(database, "owner", now)
        assert answer is not None
        for _ in range(2):
            await Journal(database, owner="owner", ceiling=25).turn([answer], replies=0, room=0, now=now)
        assert await counted(database) == {SENT: 1}

    async def test_replies_to_people_take_their_share_of_the_pace(self, database: Database) -> None:
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        await put(database, letters(range(1, 5), due_at=now))
        journal = Journal(database, owner="owner", ceiling=25)
        assert await journal.turn([], replies=25, room=5, now=now) == []
        assert len(await journal.turn([], replies=0, room=5, now=now + timedelta(seconds=1))) == 1

    async def test_what_waited_too_long_is_never_claimed(self, database: Database) -> None:
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        await put(database, letters([1], due_at=now))
        late = now + timedelta(hours=3, seconds=1)
        assert await self.claim(database, "owner", late) is None
        async with database.writing() as books:
            assert await books.outbox.expire(now=late) == 1
        assert await counted(database) == {DeliveryStatus.EXPIRED: 1}
