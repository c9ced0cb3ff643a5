"""Who gets a broadcast: each condition asked in the query itself, and an offer never without consent."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, update

from tests.usecases.people import MONDAY_NOON, subscribe
from tipbot.domain.audience import EVERYONE, Audience, Conditions, Purpose
from tipbot.domain.broadcasts import Broadcast, BroadcastId
from tipbot.domain.content import Language
from tipbot.domain.delivery import DeliveryStatus, Matter
from tipbot.domain.offers import MARKETING
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Status
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.storage.schema import outbox, subscribers

ANN, BOB, CID, GROUP = 11, 12, 13, -14
EARLIER = 77
PEOPLE = frozenset({ChatKind.PRIVATE})


async def reached(database: Database, audience: Audience, purpose: Purpose = Purpose.ARTICLE) -> set[int]:
    """Who would be written down as a recipient; as many as the operator is told."""
    async with database.writing() as books:
        draft = Broadcast(
            id=BroadcastId(0),
            operator=1,
            made_at=MONDAY_NOON,
            changed_at=MONDAY_NOON,
            confirmed_at=MONDAY_NOON,
            audience=audience,
            purpose=purpose,
        )
        broadcast = await books.broadcasts.add(draft)
        await books.recipients.expand(broadcast, most=1000)
        lines = await books.broadcast_deliveries.lines(broadcast.id, after=0, most=1000)
        counted = await books.recipients.count(audience, purpose, now=MONDAY_NOON)
    assert sum(counted.values()) == len(lines)
    return {int(line.chat_id) for _, line in lines}


async def alter(database: Database, chat: int, **changes: object) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(update(subscribers).where(subscribers.c.chat_id == chat).values(**changes))


async def agree(database: Database, chat: int, *, granted: bool = True) -> None:
    async with database.writing() as books:
        await books.consents.record(ChatId(chat), Consent(MARKETING, "2026-11", granted=granted, at=MONDAY_NOON))


@pytest.fixture
async def population(database: Database) -> Database:
    """Ann, active lately, got an earlier one; Bob of Tokyo, new, reads Polish, no stretches; Cid; a group."""
    days = timedelta(days=1)
    await subscribe(database, ANN, now=MONDAY_NOON - 50 * days)
    await subscribe(database, BOB, zone="Asia/Tokyo", now=MONDAY_NOON - 3 * days)
    await subscribe(database, CID, now=MONDAY_NOON - 200 * days)
    await subscribe(database, GROUP, now=MONDAY_NOON - 200 * days)
    await alter(database, ANN, last_active_at=MONDAY_NOON - 10 * days)
    await alter(database, BOB, language="pl")
    async with database.writing() as books:
        slots = await books.slots.of(ChatId(BOB))
        await books.slots.save([replace(slots[Kind.STRETCH], is_on=False, next_at=None)])
    async with database.engine.begin() as connection:
        for chat, status in ((ANN, DeliveryStatus.SENT), (BOB, DeliveryStatus.FAILED)):
            await connection.execute(insert(outbox).values(_delivery(chat, status)))
    return database


def _delivery(chat: int, status: DeliveryStatus) -> dict[str, Any]:
    return {
        "key": f"broadcast:{EARLIER}:{chat}",
        "chat_id": chat,
        "kind": Matter.BROADCAST.value,
        "item": f"{EARLIER}.1",
        "language": "en",
        "status": status.value,
        "due_at": MONDAY_NOON,
        "not_after": MONDAY_NOON,
        "next_try_at": MONDAY_NOON,
        "attempts": 1,
        "has_offer": False,
        "broadcast_id": EARLIER,
    }


STRETCHES = Conditions(ordered=frozenset({Kind.STRETCH}))
TOKYO = Conditions(zones=frozenset({"Asia/Tokyo", "Europe/Paris"}))
CASES: tuple[tuple[Audience, set[int]], ...] = (
    (EVERYONE, {ANN, BOB, CID}),
    (Audience(frozenset(ChatKind)), {ANN, BOB, CID, GROUP}),
    (Audience(frozenset({ChatKind.GROUP})), {GROUP}),
    (Audience(only=STRETCHES), {ANN, CID}),
    (Audience(only=Conditions(ordered=frozenset(Kind))), {ANN, BOB, CID}),
    (Audience(only=Conditions(languages=frozenset({Language("pl")}))), {BOB}),
    (Audience(only=TOKYO), {BOB}),
    (Audience(only=Conditions(joined_since=date(2026, 10, 1))), {ANN, BOB}),
    (Audience(only=Conditions(joined_since=date(2026, 11, 20))), {BOB}),
    (Audience(only=Conditions(active_days=7)), {BOB}),
    (Audience(only=Conditions(active_days=30)), {ANN, BOB}),
    (Audience(only=Conditions(got=EARLIER)), {ANN}),
    (Audience(minus=Conditions(got=EARLIER)), {BOB, CID}),
    (Audience(minus=TOKYO), {ANN, CID}),
    # Of several conditions all have to be met, to be in as to be left out.
    (Audience(only=Conditions(active_days=30, got=EARLIER)), {ANN}),
    (Audience(minus=replace(STRETCHES, got=EARLIER)), {BOB, CID}),
    (Audience(PEOPLE, only=STRETCHES, minus=Conditions(active_days=30)), {CID}),
)


async def test_each_condition_is_met_by_those_it_is_about(population: Database) -> None:
    for audience, expected in CASES:
        assert await reached(population, audience) == expected, audience


async def test_an_offer_reaches_only_those_who_may_be_sold_to(database: Database) -> None:
    """Every sort of person there is, and audiences of all sorts: nobody slips through."""
    welcome: set[int] = set()
    sorts = product((Status.ACTIVE, Status.STOPPED), (None, False, True), (False, True), (1, -1))
    for number, (status, granted, is_resting, sign) in enumerate(sorts, start=20):
        chat = number * sign
        await subscribe(database, chat, now=MONDAY_NOON - timedelta(days=9))
        if granted is not None:
            await agree(database, chat, granted=granted)
        until = MONDAY_NOON + timedelta(days=1) if is_resting else None
        await alter(database, chat, status=status.value, stretch_pause_until=until, wants_articles=bool(number % 2))
        if status is Status.ACTIVE and granted and not is_resting and sign > 0:
            welcome.add(chat)
    assert welcome
    everywhere = Audience(frozenset(ChatKind))
    assert await reached(database, everywhere, Purpose.OFFER) == welcome
    random = Random(7)  # noqa: S311 (chooses examples, always the same)
    conditions = [Conditions(), *(audience.only for audience, _ in CASES), *(one.minus for one, _ in CASES)]
    for _ in range(12):
        audience = Audience(frozenset(ChatKind), random.choice(conditions), random.choice(conditions))
        assert await reached(database, audience, Purpose.OFFER) <= welcome


async def test_an_article_reaches_only_those_who_want_articles(population: Database) -> None:
    await alter(population, ANN, wants_articles=False)
    await alter(population, CID, status=Status.PAUSED.value)
    await agree(population, ANN)
    assert await reached(population, Audience(frozenset(ChatKind))) == {BOB, GROUP}
