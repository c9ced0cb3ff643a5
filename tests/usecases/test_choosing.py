"""Keeping items, leaving them out, and asking by topic, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.content import shipped_catalogue
from tests.usecases.people import LATENESS, MONDAY_NOON, subscribe
from tipbot.domain.content import ENGLISH, Item, ItemId, Position, Stretch, Topic
from tipbot.domain.delivery import DeliveryStatus, Limited
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage.database import Database
from tipbot.storage.schema import outbox
from tipbot.usecases.asking import Ask
from tipbot.usecases.choosing import MOST_KEPT, Choose
from tipbot.usecases.errors import NothingLeft, NotSubscribed
from tipbot.usecases.journal import Answer, Journal
from tipbot.usecases.library import Library, kind_of
from tipbot.usecases.planning import PlanDue

ANN, BEA = ChatId(7), ChatId(8)
EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)
STRETCHES = shipped_catalogue().stretches(ENGLISH)
LIBRARY = Library(shipped_catalogue())


def small(number: int) -> Library:
    """A library with only so many stretches, and none of them advanced."""
    whole = shipped_catalogue()
    few = tuple(stretch for stretch in STRETCHES if not stretch.advanced)[:number]
    shelf = whole.shelves[ENGLISH]
    items: tuple[Item, ...] = (*shelf.tips, *shelf.cards, *few)
    shelf = replace(shelf, stretches=few, by_id=MappingProxyType({item.id: item for item in items}))
    return Library(replace(whole, shelves=MappingProxyType({ENGLISH: shelf})))


async def plan(database: Database, library: Library, now: datetime = EVENING) -> int:
    return (await PlanDue(database, library, max_lateness=LATENESS).tick(now=now)).planned


async def queued(database: Database, chat_id: ChatId = ANN) -> list[tuple[str, ItemId, str]]:
    statement = select(outbox.c.key, outbox.c.item, outbox.c.status).where(outbox.c.chat_id == chat_id)
    async with database.engine.connect() as connection:
        return [(key, ItemId(item), status) for key, item, status in await connection.execute(statement)]


async def leave_out(database: Database, library: Library, *items: Item, chat_id: ChatId = ANN) -> None:
    for item in items:
        await Choose(database, library).leave_out(chat_id, item, now=MONDAY_NOON)


async def test_what_is_left_out_comes_neither_by_itself_nor_on_request(database: Database) -> None:
    await subscribe(database)
    library = small(3)
    unwanted, *wanted = library.catalogue.stretches(ENGLISH)
    await leave_out(database, library, unwanted)
    ask, now = Ask(database, library), MONDAY_NOON
    brought = {(await ask.another(ANN, Kind.STRETCH, now=now)).id for _ in range(6)}
    brought |= {(await ask.today(ANN, Kind.STRETCH, now=now + days * DAY)).id for days in range(6)}
    for days in range(4):
        await plan(database, library, EVENING + days * DAY)
    brought |= {item for key, item, _ in await queued(database) if key.startswith("stretch")}
    assert brought == {item.id for item in wanted}


async def test_todays_item_is_not_brought_again_once_it_is_left_out(database: Database) -> None:
    await subscribe(database)
    today = await Ask(database, LIBRARY).today(ANN, Kind.TIP, now=MONDAY_NOON)
    await leave_out(database, LIBRARY, today)
    assert await Ask(database, LIBRARY).today(ANN, Kind.TIP, now=MONDAY_NOON) != today


async def test_what_waits_to_be_sent_gives_way_to_another_under_the_same_key(database: Database) -> None:
    await subscribe(database)
    await subscribe(database, BEA)
    await plan(database, LIBRARY)
    ((key, waiting, _),) = await queued(database)
    before = await queued(database, BEA)
    item = LIBRARY.item(ENGLISH, waiting)
    assert item is not None
    await leave_out(database, LIBRARY, item)
    await leave_out(database, LIBRARY, item)
    ((same_key, other, status),) = await queued(database)
    assert (same_key, status) == (key, "queued")
    assert other != waiting
    assert other in LIBRARY.deck(ENGLISH, Kind.STRETCH)
    assert await queued(database, BEA) == before
    async with database.reading() as books:
        slot = (await books.slots.of(ANN))[Kind.STRETCH]
    assert (slot.shown, slot.shown_on) == (other, date(2026, 11, 23))


async def test_with_nothing_left_planning_goes_on_and_what_waits_is_taken_back(database: Database) -> None:
    await subscribe(database)
    await subscribe(database, BEA)
    library = small(2)
    await plan(database, library)
    await leave_out(database, library, *library.catalogue.stretches(ENGLISH))
    assert [status for _, _, status in await queued(database)] == ["cancelled"]
    assert await plan(database, library, EVENING + DAY) == 4, "stretch and tip of both"
    async with database.reading() as books:
        slot = (await books.slots.of(ANN))[Kind.STRETCH]
        assert await books.outbox.count() == {
            DeliveryStatus.CANCELLED: 1,
            DeliveryStatus.QUEUED: 1,
            DeliveryStatus.EXPIRED: 3,
        }
    assert (slot.served_on, slot.next_at) == (date(2026, 11, 24), EVENING + 2 * DAY)
    with pytest.raises(NothingLeft):
        await Ask(database, library).today(ANN, Kind.STRETCH, now=EVENING)
    with pytest.raises(NothingLeft):
        await Ask(database, library).another(ANN, Kind.STRETCH, now=EVENING)


async def test_a_batch_asks_once_what_everybody_left_out(postgres_database_url: str) -> None:
    """Seen on PostgreSQL, because on SQLite what is asked goes past SQLAlchemy."""
    database = Database(postgres_database_url)
    for chat_id in range(1, 30):
        await subscribe(database, chat_id)
    asked: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    assert await plan(database, LIBRARY) == 29
    assert sum("exclusions" in statement for statement in asked) == 1
    await database.close()


async def test_a_delivery_that_comes_back_from_telegram_is_not_tried_again_once_it_is_left_out(
    database: Database,
) -> None:
    await subscribe(database)
    await plan(database, LIBRARY)
    journal = Journal(database, owner="one", ceiling=1_000)
    (claim,) = await journal.turn([], replies=0, room=1, now=EVENING)
    item = LIBRARY.item(ENGLISH, claim.item)
    assert item is not None
    await leave_out(database, LIBRARY, item)
    await journal.turn([Answer(claim, Limited(timedelta(seconds=1)))], replies=0, room=0, now=EVENING)
    assert [status for _, _, status in await queued(database)] == ["cancelled"]


async def test_taking_back_one_or_all_of_a_kind(database: Database) -> None:
    await subscribe(database)
    choose, tips = Choose(database, LIBRARY), shipped_catalogue().tips(ENGLISH)
    await leave_out(database, LIBRARY, STRETCHES[0], STRETCHES[1], tips[0], tips[1])
    await choose.take_back(ANN, tips[0].id, now=MONDAY_NOON)
    await choose.take_all_back(ANN, Kind.STRETCH, now=MONDAY_NOON)
    assert (await choose.left_out(ANN)).items == (tips[1],)


async def test_retired_items_are_counted_and_not_named(database: Database) -> None:
    await subscribe(database)
    choose = Choose(database, LIBRARY)
    async with database.writing() as books:
        await books.favourites.add(ANN, ItemId("retired"), now=MONDAY_NOON)
    assert await choose.keep(ANN, STRETCHES[0], now=MONDAY_NOON)
    kept = await choose.favourites(ANN)
    assert (kept.items, kept.retired) == ((STRETCHES[0],), 1)


async def test_so_many_are_kept_and_no_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tipbot.usecases.choosing.MOST_KEPT", 3)
    await subscribe(database)
    choose = Choose(database, LIBRARY)
    taken = [await choose.keep(ANN, stretch, now=MONDAY_NOON) for stretch in STRETCHES[:5]]
    assert taken == [True, True, True, False, False]
    assert await choose.keep(ANN, STRETCHES[0], now=MONDAY_NOON), "it is there already"
    await choose.let_go(ANN, STRETCHES[0].id, now=MONDAY_NOON)
    assert await choose.keep(ANN, STRETCHES[4], now=MONDAY_NOON)
    assert MOST_KEPT == 200


@pytest.mark.parametrize(
    "act",
    [
        lambda choose: choose.keep(ANN, STRETCHES[0], now=MONDAY_NOON),
        lambda choose: choose.let_go(ANN, STRETCHES[0].id, now=MONDAY_NOON),
        lambda choose: choose.leave_out(ANN, STRETCHES[0], now=MONDAY_NOON),
        lambda choose: choose.take_back(ANN, STRETCHES[0].id, now=MONDAY_NOON),
        lambda choose: choose.take_all_back(ANN, Kind.TIP, now=MONDAY_NOON),
        lambda choose: choose.favourites(ANN),
        lambda choose: choose.left_out(ANN),
    ],
)
async def test_strangers_have_no_lists(database: Database, act: Callable[[Choose], Any]) -> None:
    with pytest.raises(NotSubscribed):
        await act(Choose(database, LIBRARY))


async def test_another_on_a_topic_stays_with_it_and_brings_all_of_it(database: Database) -> None:
    await subscribe(database)
    ask, wanted = Ask(database, LIBRARY), set(LIBRARY.on(ENGLISH, Kind.TIP, Topic.SLEEP))
    first = item = await ask.on(ANN, Kind.TIP, Topic.SLEEP, now=MONDAY_NOON)
    assert await ask.on(ANN, Kind.TIP, Topic.SLEEP, now=MONDAY_NOON) == first
    seen = [item.id]
    while (item := await ask.on(ANN, Kind.TIP, Topic.SLEEP, after=item.id, now=MONDAY_NOON)) != first:
        seen.append(item.id)
    assert set(seen) == wanted
    assert len(seen) == len(wanted)
    assert all(item is not None and item.topic is Topic.SLEEP for item in map(by_id, seen))


def by_id(item_id: ItemId) -> Item | None:
    return LIBRARY.item(ENGLISH, item_id)


async def test_a_topic_leaves_the_deck_alone_and_respects_what_was_left_out(database: Database) -> None:
    await subscribe(database)
    sitting = [one for one in map(by_id, LIBRARY.on(ENGLISH, Kind.STRETCH, Position.SITTING)) if one]
    assert all(isinstance(one, Stretch) and one.position is Position.SITTING for one in sitting)
    await leave_out(database, LIBRARY, *sitting[1:])
    async with database.reading() as books:
        before = await books.slots.of(ANN)
    ask = Ask(database, LIBRARY)
    assert await ask.on(ANN, Kind.STRETCH, Position.SITTING, now=MONDAY_NOON) == sitting[0]
    assert await ask.on(ANN, Kind.STRETCH, Position.SITTING, after=sitting[0].id, now=MONDAY_NOON) == sitting[0]
    async with database.reading() as books:
        assert await books.slots.of(ANN) == before
    await leave_out(database, LIBRARY, sitting[0])
    with pytest.raises(NothingLeft):
        await ask.on(ANN, Kind.STRETCH, Position.SITTING, now=MONDAY_NOON)


def test_every_item_belongs_to_the_kind_whose_deck_it_is_in() -> None:
    for kind in Kind:
        for item_id in LIBRARY.deck(ENGLISH, kind, asked_for=True):
            item = by_id(item_id)
            assert item is not None
            assert kind_of(item) is kind
