"""A rest from stretches and consent to the checks, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.content import shipped_catalogue
from tests.thoroughness import ON_ONE_ENGINE
from tests.usecases.people import LATENESS, MONDAY_NOON, subscribe
from tipbot.domain.content import ENGLISH, Card, Tip
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId, Kind, Slot
from tipbot.domain.weekdays import EVERY_DAY
from tipbot.storage.database import Database
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.asking import Ask
from tipbot.usecases.checking import CheckConsent
from tipbot.usecases.errors import NotSubscribed, StretchesRest
from tipbot.usecases.library import NEUTRAL_TOPICS, Library
from tipbot.usecases.planning import PlanDue

ANN = ChatId(7)
UNTIL = datetime(2026, 11, 30, tzinfo=UTC)
DAY = timedelta(days=1)


async def rested(database: Database) -> None:
    await subscribe(database)
    await Arrange(database).rest_stretches(ANN, days=7, now=MONDAY_NOON)


async def test_the_stretch_slot_moves_past_the_rest_and_the_tip_stays(database: Database) -> None:
    before = await subscribe(database)
    resting = await Arrange(database).rest_stretches(ANN, days=7, now=MONDAY_NOON)
    assert resting.subscriber.stretch_pause_until == UNTIL
    assert resting.slots[Kind.STRETCH].next_at == UNTIL + timedelta(hours=18)
    assert resting.slots[Kind.TIP] == before.slots[Kind.TIP]
    twice = await Arrange(database).rest_stretches(ANN, days=7, now=MONDAY_NOON)
    assert twice == resting


async def test_other_changes_keep_the_rest_and_resuming_ends_it(database: Database) -> None:
    await rested(database)
    arrange = Arrange(database)
    later = await arrange.set_time(ANN, Kind.STRETCH, time(7), now=MONDAY_NOON)
    assert later.slots[Kind.STRETCH].next_at == UNTIL + timedelta(hours=7)
    await arrange.stop(ANN, now=MONDAY_NOON)
    back = await arrange.resume(ANN, now=MONDAY_NOON)
    assert back.slots[Kind.STRETCH].next_at == UNTIL + timedelta(hours=7)
    resumed = await arrange.resume_stretches(ANN, now=MONDAY_NOON)
    assert resumed.subscriber.stretch_pause_until is None
    assert resumed.slots[Kind.STRETCH].next_at == datetime(2026, 11, 24, 7, tzinfo=UTC)


async def test_what_was_waiting_is_taken_back_but_not_the_tip(database: Database) -> None:
    subscription = await subscribe(database)
    due = [replace(slot, weekdays=EVERY_DAY, next_at=MONDAY_NOON) for slot in subscription.slots.values()]
    async with database.writing() as books:
        await books.slots.save(due)
    await PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS).tick(now=MONDAY_NOON)
    await Arrange(database).rest_stretches(ANN, days=7, now=MONDAY_NOON)
    async with database.reading() as books:
        counted = await books.outbox.count()
    assert counted == {DeliveryStatus.QUEUED: 1, DeliveryStatus.CANCELLED: 1}


@ON_ONE_ENGINE
async def test_no_stretch_is_handed_out_and_tips_are_neutral(database: Database) -> None:
    await rested(database)
    ask = Ask(database, Library(shipped_catalogue()))
    for now in (MONDAY_NOON, UNTIL - timedelta(seconds=1)):
        with pytest.raises(StretchesRest) as caught:
            await ask.today(ANN, Kind.STRETCH, now=now)
        assert caught.value.until == UNTIL
    with pytest.raises(StretchesRest):
        await ask.another(ANN, Kind.STRETCH, now=MONDAY_NOON)
    items = [await ask.another(ANN, Kind.TIP, now=MONDAY_NOON) for _ in range(60)]
    assert all(isinstance(item, Card | Tip) and item.topic in NEUTRAL_TOPICS for item in items)
    assert await ask.today(ANN, Kind.STRETCH, now=UNTIL)


async def test_a_tip_shown_before_the_rest_is_not_shown_again_when_it_asks_to_move(database: Database) -> None:
    await subscribe(database)
    library = Library(shipped_catalogue())
    moving = next(tip.id for tip in shipped_catalogue().tips(ENGLISH) if tip.topic not in NEUTRAL_TOPICS)
    async with database.writing() as books:
        slot = (await books.slots.of(ANN))[Kind.TIP]
        await books.slots.save([replace(slot, shown=moving, shown_on=MONDAY_NOON.date())])
    ask = Ask(database, library)
    assert (await ask.today(ANN, Kind.TIP, now=MONDAY_NOON)).id == moving
    await Arrange(database).rest_stretches(ANN, days=7, now=MONDAY_NOON)
    assert (await ask.today(ANN, Kind.TIP, now=MONDAY_NOON)).id != moving


@ON_ONE_ENGINE
async def test_a_week_of_rest_brings_neutral_tips_and_no_stretch(database: Database) -> None:
    await rested(database)
    library = Library(shipped_catalogue())
    planner = PlanDue(database, library, max_lateness=LATENESS)
    neutral = set(library.deck(ENGLISH, Kind.TIP, is_neutral=True))
    shown: list[Slot] = []
    for day in range(8):
        await planner.tick(now=MONDAY_NOON + day * DAY - timedelta(hours=3))
        await planner.tick(now=MONDAY_NOON + day * DAY + timedelta(hours=6))
        async with database.reading() as books:
            slots = await books.slots.of(ANN)
        shown.append(slots[Kind.TIP])
        assert (slots[Kind.STRETCH].shown is None) == (day < 7)
    assert {slot.shown for slot in shown[1:7]} <= neutral


async def test_a_stretch_that_is_due_all_the_same_is_put_off(database: Database) -> None:
    await rested(database)
    async with database.writing() as books:
        slot = (await books.slots.of(ANN))[Kind.STRETCH]
        await books.slots.save([replace(slot, next_at=MONDAY_NOON)])
    await PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS).tick(now=MONDAY_NOON)
    async with database.reading() as books:
        assert (await books.slots.of(ANN))[Kind.STRETCH].next_at == UNTIL + timedelta(hours=18)
        assert await books.outbox.count() == {}


async def test_consent_is_kept_with_its_version_and_counts_for_that_text_only(database: Database) -> None:
    await subscribe(database)
    consent = CheckConsent(database)
    assert (await consent.guest(ANN, {"a1"})).has_agreed is None
    await consent.answer(ANN, version="a1", granted=True, now=MONDAY_NOON)
    assert (await consent.guest(ANN, {"a1", "b2"})).has_agreed is True
    assert (await consent.guest(ANN, {"b2"})).has_agreed is None
    await consent.answer(ANN, version="b2", granted=False, now=MONDAY_NOON + DAY)
    guest = await consent.arrive(ANN, {"b2"}, now=MONDAY_NOON + 2 * DAY)
    assert (guest.has_agreed, guest.subscriber.last_active_at) == (False, MONDAY_NOON + 2 * DAY)
    async with database.reading() as books:
        kept = (await books.consents.of(ANN))["checks"]
    assert (kept.version, kept.granted, kept.at) == ("b2", False, MONDAY_NOON + DAY)


async def test_a_stranger_has_nothing_to_agree_to(database: Database) -> None:
    consent = CheckConsent(database)
    with pytest.raises(NotSubscribed):
        await consent.guest(ANN, {"a1"})
    with pytest.raises(NotSubscribed):
        await consent.answer(ANN, version="a1", granted=True, now=MONDAY_NOON)
    with pytest.raises(NotSubscribed):
        await Arrange(database).rest_stretches(ANN, days=7, now=MONDAY_NOON)
