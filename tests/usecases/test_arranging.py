"""Subscribing and changing one's mind, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.content import shipped_catalogue
from tests.usecases.people import CONSENT_VERSION, LATENESS, MONDAY_NOON, subscribe
from tipbot.domain.content import ENGLISH, Language
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Status
from tipbot.domain.weekdays import MONDAY_TO_FRIDAY, WEEKLY
from tipbot.storage.database import Database
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.asking import Ask
from tipbot.usecases.errors import NotSubscribed
from tipbot.usecases.joining import Join, Newcomer
from tipbot.usecases.library import Library
from tipbot.usecases.planning import PlanDue

ANN = ChatId(7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def test_a_newcomer_gets_both_slots_and_the_consents_are_written_down(database: Database) -> None:
    subscription = await subscribe(database)
    assert subscription.slots[Kind.TIP].next_at == at("2026-11-24 09:00")
    assert subscription.slots[Kind.STRETCH].next_at == at("2026-11-23 18:00")
    assert subscription.slots[Kind.STRETCH].weekdays == MONDAY_TO_FRIDAY
    assert subscription.subscriber.source == "door"
    async with database.reading() as books:
        consents = await books.consents.of(ANN)
    assert {topic: consent.version for topic, consent in consents.items()} == {
        "adult": CONSENT_VERSION,
        "messages": CONSENT_VERSION,
    }


async def test_joining_again_changes_nothing(database: Database) -> None:
    await subscribe(database)
    changed = await Arrange(database).set_time(ANN, Kind.TIP, time(7, 30), now=MONDAY_NOON)
    again = await subscribe(database, zone="Asia/Tokyo", now=MONDAY_NOON + timedelta(days=1))
    assert again.slots == changed.slots
    assert again.subscriber.zone == "Europe/London"


async def test_somebody_who_stopped_is_not_subscribed_again_by_joining(database: Database) -> None:
    await subscribe(database)
    await Arrange(database).stop(ANN, now=MONDAY_NOON)
    assert (await subscribe(database)).subscriber.status is Status.STOPPED


async def test_a_stranger_is_told_apart(database: Database) -> None:
    assert await Join(database).look_up(ANN) is None
    with pytest.raises(NotSubscribed):
        await Arrange(database).stop(ANN, now=MONDAY_NOON)
    with pytest.raises(NotSubscribed):
        await Ask(database, Library(shipped_catalogue())).today(ANN, Kind.TIP, now=MONDAY_NOON)


async def test_time_days_and_zone_move_the_next_moment(database: Database) -> None:
    await subscribe(database)
    arrange = Arrange(database)
    later = await arrange.set_time(ANN, Kind.TIP, time(20, 15), now=MONDAY_NOON)
    assert later.slots[Kind.TIP].next_at == at("2026-11-23 20:15")
    weekly = await arrange.set_days(ANN, Kind.TIP, WEEKLY, now=MONDAY_NOON + timedelta(hours=10))
    assert weekly.slots[Kind.TIP].next_at == at("2026-11-30 20:15")
    tokyo = await arrange.set_zone(ANN, "Asia/Tokyo", now=MONDAY_NOON)
    assert tokyo.slots[Kind.TIP].next_at == at("2026-11-30 11:15")
    assert tokyo.slots[Kind.STRETCH].next_at == at("2026-11-24 09:00")


async def test_a_pause_ends_by_itself_on_its_date(database: Database) -> None:
    await subscribe(database)
    paused = await Arrange(database).pause(ANN, days=7, now=MONDAY_NOON)
    assert paused.subscriber.paused_until == at("2026-11-30 00:00")
    assert paused.slots[Kind.TIP].next_at == at("2026-11-30 09:00")
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    assert (await planner.tick(now=at("2026-11-29 23:59"))).planned == 0
    assert (await planner.tick(now=at("2026-11-30 09:00"))).planned == 1
    known = await Join(database).look_up(ANN)
    assert known is not None
    assert (known.subscriber.status, known.subscriber.paused_until) == (Status.ACTIVE, None)


async def test_a_pause_without_an_end_lasts_until_resume(database: Database) -> None:
    await subscribe(database)
    paused = await Arrange(database).pause(ANN, days=None, now=MONDAY_NOON)
    assert not paused.gets_messages
    resumed = await Arrange(database).resume(ANN, now=at("2026-12-24 12:00"))
    assert resumed.slots[Kind.TIP].next_at == at("2026-12-25 09:00")


async def test_stop_takes_back_what_is_waiting_and_can_be_undone(database: Database) -> None:
    await subscribe(database)
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    await planner.tick(now=at("2026-11-23 18:00"))
    stopped = await Arrange(database).stop(ANN, now=at("2026-11-23 18:01"))
    assert not stopped.gets_messages
    async with database.reading() as books:
        assert await books.outbox.count() == {DeliveryStatus.CANCELLED: 1}
    undone = await Arrange(database).resume(ANN, now=at("2026-11-23 18:02"))
    assert undone.slots[Kind.TIP].next_at == at("2026-11-24 09:00")
    # The stretch of the 23rd was dealt with: it does not come again on that date.
    assert undone.slots[Kind.STRETCH].next_at == at("2026-11-24 18:00")


async def test_a_kind_that_is_switched_off_brings_nothing_and_takes_back_only_its_own(database: Database) -> None:
    await subscribe(database)
    off = await Arrange(database).switch(ANN, Kind.STRETCH, is_on=False, now=MONDAY_NOON)
    assert off.slots[Kind.STRETCH].next_at is None
    assert off.slots[Kind.TIP].next_at is not None
    assert (
        await Arrange(database).switch_articles(ANN, is_on=False, now=MONDAY_NOON)
    ).subscriber.wants_articles is False


async def test_another_language_is_kept_and_spoken_in_what_waits_already(database: Database) -> None:
    await subscribe(database)
    await subscribe(database, 8)
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    await planner.tick(now=at("2026-11-23 18:00"))
    changed = await Arrange(database).set_language(ANN, Language("fr"), now=at("2026-11-23 18:01"))
    assert changed.subscriber.language == "fr"
    async with database.writing() as books:
        slots = [at("2026-11-23 18:02")] * 2
        claims = await books.outbox.claim(slots, owner="me", now=slots[0], lease=timedelta(seconds=40))
    assert {claim.chat_id: claim.language for claim in claims} == {ANN: "fr", ChatId(8): ENGLISH}
    with pytest.raises(NotSubscribed):
        await Arrange(database).set_language(ChatId(99), Language("fr"), now=MONDAY_NOON)


async def test_today_stays_the_same_and_another_is_new(database: Database) -> None:
    await subscribe(database)
    ask = Ask(database, Library(shipped_catalogue()))
    first = await ask.today(ANN, Kind.STRETCH, now=MONDAY_NOON)
    assert await ask.today(ANN, Kind.STRETCH, now=MONDAY_NOON + timedelta(hours=3)) == first
    other = await ask.another(ANN, Kind.STRETCH, now=MONDAY_NOON)
    assert other != first
    assert await ask.today(ANN, Kind.STRETCH, now=MONDAY_NOON) == other
    assert await ask.today(ANN, Kind.STRETCH, now=MONDAY_NOON + timedelta(days=1)) not in (first, other)


async def test_what_was_asked_for_is_not_pushed_on_the_same_day(database: Database) -> None:
    await subscribe(database)
    asked = await Ask(database, Library(shipped_catalogue())).today(ANN, Kind.STRETCH, now=MONDAY_NOON)
    await PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS).tick(now=at("2026-11-23 18:00"))
    async with database.reading() as books:
        slot = (await books.slots.of(ANN))[Kind.STRETCH]
    assert slot.shown != asked.id
    assert slot.served_on == date(2026, 11, 23)


async def test_a_group_gets_only_the_kind_it_chose_and_nobody_is_called_adult(database: Database) -> None:
    newcomer = Newcomer(
        *(ChatId(-5), ChatKind.GROUP, ENGLISH, "Europe/London"),
        kinds=frozenset((Kind.STRETCH,)),
        consent_version=CONSENT_VERSION,
    )
    subscription, _ = await Join(database).join(newcomer, now=MONDAY_NOON)
    assert {kind: slot.is_on for kind, slot in subscription.slots.items()} == {Kind.TIP: False, Kind.STRETCH: True}
    assert subscription.slots[Kind.TIP].next_at is None
    async with database.reading() as books:
        assert set(await books.consents.of(ChatId(-5))) == {"messages"}


def test_advanced_stretches_come_only_to_people_who_ask() -> None:
    library = Library(shipped_catalogue())
    pushed = library.deck(ENGLISH, Kind.STRETCH)
    asked = library.deck(ENGLISH, Kind.STRETCH, asked_for=True)
    advanced = {stretch.id for stretch in shipped_catalogue().stretches(ENGLISH) if stretch.advanced}
    assert advanced
    assert set(asked) - set(pushed) == advanced


def test_cards_that_promote_come_only_to_people_who_ask() -> None:
    library = Library(shipped_catalogue())
    pushed = library.deck(ENGLISH, Kind.TIP)
    asked = library.deck(ENGLISH, Kind.TIP, asked_for=True)
    assert set(asked) - set(pushed) == {"know-what-a-visit-is", "know-remedial-massage", "know-mixed-hands-on"}


async def test_one_subscriber_who_cannot_be_planned_does_not_hold_up_the_others(database: Database) -> None:
    await subscribe(database)
    await subscribe(database, 8)
    async with database.writing() as books:
        broken = await books.subscribers.find(ANN)
        assert broken is not None
        await books.subscribers.save(replace(broken, zone="Europe/Atlantis"))
    await PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS).tick(now=at("2026-11-23 18:00"))
    async with database.reading() as books:
        assert await books.outbox.count() == {DeliveryStatus.QUEUED: 1}
        assert (await books.slots.of(ANN))[Kind.STRETCH].next_at == at("2026-11-24 18:00")
