"""Offers reach only people who said yes, and not one of them after they said no."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import update

from tests.content import shipped_catalogue
from tests.thoroughness import ON_ONE_ENGINE
from tests.usecases.people import LATENESS, MONDAY_NOON, subscribe
from tests.usecases.post import letters, put
from tipbot.domain.delivery import Claim, DeliveryStatus, Matter, Sent
from tipbot.domain.offers import MARKETING
from tipbot.domain.subscribers import ChatId, Status
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.storage.schema import subscribers
from tipbot.usecases.journal import Answer, Journal
from tipbot.usecases.library import Library
from tipbot.usecases.offers import Offers
from tipbot.usecases.planning import PlanDue
from tipbot.usecases.reaching import Reach

ANN = ChatId(7)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
JUST_BEFORE_NINE = datetime.fromisoformat("2026-11-24T08:59:59+00:00")


async def agree(database: Database, chat_id: int, *, topic: str = MARKETING, granted: bool = True) -> None:
    async with database.writing() as books:
        await books.consents.record(ChatId(chat_id), Consent(topic, "2026-11", granted=granted, at=MONDAY_NOON))


async def take_a_break(database: Database, until: datetime | None) -> None:
    """As a check does after worrying answers, with the person's leave."""
    async with database.engine.begin() as connection:
        await connection.execute(update(subscribers).values(stretch_pause_until=until))


async def make_ripe(database: Database, chat_id: int = ANN) -> None:
    """Let so many tips go by that the next one may carry an offer."""
    async with database.writing() as books:
        slots = await books.slots.of(ChatId(chat_id))
        await books.slots.save([replace(slot, since_offer=6) for slot in slots.values()])


def planner(database: Database) -> PlanDue:
    return PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)


async def claims(database: Database, *, now: datetime) -> list[Claim]:
    return await Journal(database, owner="one", ceiling=1000).turn([], replies=0, room=9, now=now)


@pytest.mark.parametrize(
    ("topic", "granted", "pause", "has_offer"),
    [
        (MARKETING, True, None, True),
        (MARKETING, False, None, False),
        ("messages", True, None, False),
        (MARKETING, True, 3 * DAY, False),
        (MARKETING, True, timedelta(0), True),
    ],
)
async def test_only_a_yes_to_offers_counts_and_not_in_a_break(
    database: Database, topic: str, pause: timedelta | None, *, granted: bool, has_offer: bool
) -> None:
    await subscribe(database, ANN, now=JUST_BEFORE_NINE)
    await agree(database, ANN, topic=topic, granted=granted)
    await make_ripe(database)
    now = JUST_BEFORE_NINE + SECOND
    await take_a_break(database, None if pause is None else now + pause)
    assert await planner(database).plan_batch(now=now) == 1
    assert [claim.has_offer for claim in await claims(database, now=now)] == [has_offer]


async def test_a_group_never_gets_one(database: Database) -> None:
    await subscribe(database, -7, now=JUST_BEFORE_NINE)
    await agree(database, -7)
    await make_ripe(database, -7)
    now = JUST_BEFORE_NINE + SECOND
    await planner(database).plan_batch(now=now)
    assert [claim.has_offer for claim in await claims(database, now=now)] == [False]


async def test_whoever_stops_offers_gets_what_waits_without_one_and_it_can_be_said_twice(
    database: Database,
) -> None:
    await subscribe(database, ANN)
    await subscribe(database, 8)
    for chat in (ANN, 8):
        await agree(database, chat)
        await put(database, [one._replace(has_offer=True) for one in letters([chat], due_at=MONDAY_NOON)])
    for minutes in (1, 2):
        await Offers(database).stop(ANN, now=MONDAY_NOON + timedelta(minutes=minutes))
    async with database.reading() as books:
        consent = (await books.consents.of(ANN))[MARKETING]
    assert consent == Consent(MARKETING, "2026-11", granted=False, at=MONDAY_NOON + timedelta(minutes=1))
    # Also without the question at the claim: what waits has no offer any more.
    await agree(database, ANN)
    found = await claims(database, now=MONDAY_NOON + timedelta(minutes=3))
    assert {claim.chat_id: claim.has_offer for claim in found} == {ANN: False, ChatId(8): True}


@pytest.mark.parametrize("change", ["refused", "break"])
async def test_it_is_asked_again_when_the_message_goes_out(database: Database, change: str) -> None:
    await subscribe(database, ANN)
    await agree(database, ANN)
    await put(database, [one._replace(has_offer=True) for one in letters([ANN], due_at=MONDAY_NOON)])
    if change == "refused":
        await agree(database, ANN, granted=False)
    else:
        await take_a_break(database, MONDAY_NOON + DAY)
    assert [claim.has_offer for claim in await claims(database, now=MONDAY_NOON)] == [False]


async def test_a_stranger_may_say_no_as_well(database: Database) -> None:
    await Offers(database).stop(ANN, now=MONDAY_NOON)
    async with database.reading() as books:
        assert await books.consents.of(ANN) == {}


@ON_ONE_ENGINE
async def test_five_weeks_of_changing_minds(database: Database) -> None:
    """At most one in seven of everything that was sent, none without consent, none in a break."""
    await subscribe(database, ANN, now=JUST_BEFORE_NINE)
    chance, journal = Random(7), Journal(database, owner="one", ceiling=1000)  # noqa: S311 (no secret)
    answers: list[Answer] = []
    offered: list[bool] = []
    consent, until = False, None
    now = JUST_BEFORE_NINE + SECOND
    for _ in range(35):
        await Reach(database).seen(ANN, now=now)
        if chance.random() < 0.15:
            consent = not consent
            await (agree(database, ANN) if consent else Offers(database).stop(ANN, now=now))
        if chance.random() < 0.03:
            until = now + timedelta(days=chance.randint(1, 9))
            await take_a_break(database, until)
        for moment in (now, now + timedelta(hours=9)):
            await planner(database).plan_batch(now=moment)
            sent = await journal.turn(answers, replies=0, room=9, now=moment)
            answers = [Answer(claim, Sent(1)) for claim in sent]
            offered += [claim.has_offer for claim in sent]
            may = consent and (until is None or until <= moment)
            assert not any(claim.has_offer and (claim.kind is not Matter.TIP or not may) for claim in sent)
        now += DAY
    assert len(offered) > 50
    assert sum(offered) >= 2
    assert all(sum(offered[start : start + 7]) <= 1 for start in range(len(offered)))


async def test_a_pause_and_a_change_of_settings_keep_the_count(database: Database) -> None:
    subscription = await subscribe(database, ANN)
    await make_ripe(database)
    async with database.writing() as books:
        known = await books.slots.of(ANN)
        await books.subscribers.save(replace(subscription.subscriber, status=Status.PAUSED))
        await books.slots.save(list(known.values()))
        assert {slot.since_offer for slot in (await books.slots.of(ANN)).values()} == {6}
        assert await books.outbox.count() == dict[DeliveryStatus, int]()
