"""Broadcasts when things happen at once: a pause while a message is in the air, nightfall, groups that move."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.usecases.people import LATENESS, MONDAY_NOON, subscribe
from tipbot.domain.audience import Audience, Purpose
from tipbot.domain.broadcasts import Action, Broadcast, BroadcastId, BroadcastStatus, Mode, QuietHours, When
from tipbot.domain.composition import Composition, Part, PartKind
from tipbot.domain.delivery import Claim, DeliveryStatus, Limited, Moved, NotSent, NotTried, Receipt, Refused, Sent
from tipbot.domain.offers import MARKETING
from tipbot.domain.subscribers import ChatId, ChatKind
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.usecases.afterwards import FAILED, Afterwards
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.errors import NotReady, Unready, WrongMoment
from tipbot.usecases.journal import Answer, Journal
from tipbot.usecases.sending import Rules, SendBroadcasts
from tipbot.usecases.staffing import SHELL

QUIET, RATE = QuietHours(), 50.0
QUEUED, HELD, SENT = DeliveryStatus.QUEUED, DeliveryStatus.HELD, DeliveryStatus.SENT
WORDS = Composition((Part(PartKind.TEXT, "Sleep and your back"),))
ANYWHERE = Audience(chats=frozenset(ChatKind))
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# In London the quiet hours begin 20 seconds later.
EVENING = MONDAY_NOON.replace(hour=20, minute=59, second=40)
NIGHT, MORNING = EVENING + timedelta(seconds=30), MONDAY_NOON.replace(hour=8) + timedelta(days=1)


class Post:
    """One process: what operators decide, the tick, and the journal of its courier."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.decide = Broadcasting(database, quiet=QUIET, ceiling=RATE)
        self.afterwards = Afterwards(database)
        self.sending = SendBroadcasts(database, Rules(QUIET, LATENESS, RATE))
        self.journal = Journal(database, owner="one", ceiling=RATE)

    async def going_out(self, chats: Sequence[int], *, now: datetime) -> int:
        """Subscribe these chats and let a broadcast to them begin; return its number."""
        for chat in chats:
            await subscribe(self.database, chat, now=now - timedelta(days=1))
        draft = Broadcast(BroadcastId(0), SHELL, now, now, composition=WORDS, audience=ANYWHERE)
        async with self.database.writing() as books:
            number = (await books.broadcasts.add(draft)).id
        await self.decide.confirm(number, revision=1, operator=SHELL, now=now)
        await self.sending.tick(now=now)
        return number

    async def claims(self, now: datetime) -> list[Claim]:
        """Claim all that may be sent within a moment."""
        return await self.journal.turn([], replies=0, room=9, now=now)

    async def answer(self, claims: Sequence[Claim], receipt: Receipt, now: datetime) -> None:
        await self.journal.turn([Answer(claim, receipt) for claim in claims], replies=0, room=0, now=now)

    async def status(self, number: int) -> BroadcastStatus:
        return (await self.decide.find(number, operator=SHELL)).status

    async def counts(self, number: int) -> dict[DeliveryStatus, int]:
        async with self.database.reading() as books:
            return await books.broadcast_deliveries.counts(number)


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


def after(seconds: float, moment: datetime = MONDAY_NOON) -> datetime:
    return moment + timedelta(seconds=seconds)


@pytest.mark.parametrize("receipt", [Limited(timedelta(seconds=3)), NotSent("no connection"), NotTried("a stop")])
async def test_what_was_in_the_air_at_a_pause_and_did_not_arrive_waits_with_the_rest(
    post: Post, receipt: Receipt
) -> None:
    number = await post.going_out([1], now=MONDAY_NOON)
    claims = await post.claims(MONDAY_NOON)
    await post.decide.pause(number, operator=SHELL, now=after(1))
    await post.answer(claims, receipt, after(2))
    assert await post.counts(number) == {HELD: 1}
    assert await post.claims(after(60)) == []
    await post.decide.resume(number, operator=SHELL, now=after(70))
    await post.sending.tick(now=after(70))
    await post.answer(await post.claims(after(70)), Sent(5), after(71))
    await post.sending.tick(now=after(72))
    assert (await post.counts(number), await post.status(number)) == ({SENT: 1}, BroadcastStatus.DONE)


async def test_what_was_in_the_air_at_the_end_is_not_tried_again(post: Post) -> None:
    number = await post.going_out([1], now=MONDAY_NOON)
    claims = await post.claims(MONDAY_NOON)
    await post.decide.cancel(number, operator=SHELL, now=after(1))
    await post.answer(claims, Limited(timedelta(seconds=3)), after(2))
    assert await post.counts(number) == {DeliveryStatus.CANCELLED: 1}


@on_sqlite
async def test_who_switched_articles_off_meanwhile_gets_no_second_try(post: Post) -> None:
    number = await post.going_out([1], now=MONDAY_NOON)
    claims = await post.claims(MONDAY_NOON)
    await Arrange(post.database).switch_articles(ChatId(1), is_on=False, now=after(1))
    await post.answer(claims, NotSent("no connection"), after(2))
    assert await post.counts(number) == {DeliveryStatus.CANCELLED: 1}


async def test_what_was_held_over_the_evening_waits_for_the_morning(post: Post) -> None:
    number = await post.going_out([1], now=EVENING)
    await post.decide.pause(number, operator=SHELL, now=after(1, EVENING))
    await post.decide.resume(number, operator=SHELL, now=NIGHT)
    await post.sending.tick(now=NIGHT)
    assert (await post.counts(number), await post.status(number)) == ({HELD: 1}, BroadcastStatus.SENDING)
    for hours in range(12):  # the tick that keeps it alive
        await post.sending.tick(now=NIGHT + timedelta(hours=hours))
    await post.sending.tick(now=MORNING)
    assert await post.counts(number) == {QUEUED: 1}


@on_sqlite
async def test_what_did_not_get_through_before_the_night_waits_for_the_morning(post: Post) -> None:
    number = await post.going_out([1], now=EVENING)
    await post.answer(await post.claims(EVENING), NotSent("no connection"), after(10, EVENING))
    await post.sending.tick(now=NIGHT)
    assert await post.claims(after(60, NIGHT)) == []
    assert (await post.counts(number), await post.status(number)) == ({HELD: 1}, BroadcastStatus.SENDING)


async def test_a_change_stays_in_the_chat_where_the_message_is(post: Post) -> None:
    number = await post.going_out([-5], now=MONDAY_NOON)
    await post.answer(await post.claims(MONDAY_NOON), Sent(41), after(1))
    await post.sending.tick(now=after(2))
    change = await post.afterwards.draft_change(number, Action.WITHDRAWAL, operator=SHELL, now=after(3))
    await post.decide.confirm(change.id, revision=1, operator=SHELL, now=after(4))
    await post.sending.tick(now=after(5))
    (claim,) = await post.claims(after(5))
    await post.answer([claim], Moved(ChatId(-1005)), after(6))
    assert await post.claims(after(60)) == [], "number 41 is somebody else's message in the new chat"
    assert await post.counts(change.id) == {DeliveryStatus.FAILED: 1}


@on_sqlite
async def test_nothing_is_changed_while_it_goes_on(post: Post) -> None:
    number = await post.going_out([1, 2], now=MONDAY_NOON)
    (one,) = await post.journal.turn([], replies=0, room=1, now=MONDAY_NOON)
    await post.answer([one], Sent(41), after(1))
    await post.decide.pause(number, operator=SHELL, now=after(2))
    change = await post.afterwards.draft_change(number, Action.WITHDRAWAL, operator=SHELL, now=after(3))
    await post.decide.resume(number, operator=SHELL, now=after(4))
    with pytest.raises(NotReady) as refusal:
        await post.decide.confirm(change.id, revision=1, operator=SHELL, now=after(5))
    assert refusal.value.reason is Unready.STILL_IN_AIR


@on_sqlite
async def test_a_clock_put_back_does_not_stop_the_watch(post: Post) -> None:
    number = BroadcastId(await post.going_out([1], now=MONDAY_NOON))
    assert await post.sending.watch(number, now=after(3600)) is not None
    assert await post.sending.watch(number, now=after(0)) is not None
    assert await post.sending.watch(number, now=after(1)) is None


async def test_two_offers_cannot_be_planned_within_a_month(post: Post) -> None:
    await subscribe(post.database, 1, now=MONDAY_NOON - timedelta(days=1))
    async with post.database.writing() as books:
        agreed = Consent(MARKETING, "2026-11", granted=True, at=MONDAY_NOON)
        await books.consents.record(ChatId(1), agreed)

    async def draft(days: int) -> int:
        when = When(Mode.AT, MONDAY_NOON + timedelta(days=days))
        offer = Broadcast(
            BroadcastId(0), SHELL, MONDAY_NOON, MONDAY_NOON, composition=WORDS, purpose=Purpose.OFFER, when=when
        )
        async with post.database.writing() as books:
            return (await books.broadcasts.add(offer)).id

    async def confirm(number: int) -> None:
        await post.decide.confirm(number, revision=1, operator=SHELL, now=MONDAY_NOON)

    async def plan(days: int) -> None:
        await confirm(await draft(days))

    at_once = [await draft(5) for _ in range(4)]
    outcomes = await asyncio.gather(*map(confirm, at_once), return_exceptions=True)
    assert outcomes.count(None) == 1, outcomes
    assert {type(outcome) for outcome in outcomes} == {type(None), NotReady}
    for days in (0, 6, 34):
        with pytest.raises(NotReady) as refusal:
            await plan(days)
        assert (refusal.value.reason, refusal.value.until) == (Unready.OFFER_TOO_SOON, after(35 * 86_400))
    await plan(35)


@on_sqlite
async def test_an_older_correction_is_not_tried_again_over_a_newer_one(post: Post) -> None:
    number = await post.going_out([1], now=MONDAY_NOON)
    await post.answer(await post.claims(MONDAY_NOON), Sent(41), after(1))
    await post.sending.tick(now=after(2))
    changes = []
    for second, receipt in ((3, Refused("odd")), (10, Sent(41))):
        change = await post.afterwards.draft_change(number, Action.CORRECTION, operator=SHELL, now=after(second))
        await post.decide.confirm(change.id, revision=1, operator=SHELL, now=after(second))
        await post.sending.tick(now=after(second + 1))
        await post.answer(await post.claims(after(second + 1)), receipt, after(second + 2))
        await post.sending.tick(now=after(second + 3))
        changes.append(change.id)
    with pytest.raises(WrongMoment):
        await post.afterwards.again(changes[0], FAILED, operator=SHELL, now=after(20))
