"""What is retired, or gone from the files, comes to nobody: not by planning, and not from the outbox."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import select

from tests.content import shipped_catalogue
from tests.usecases.people import LATENESS, MONDAY_NOON, subscribe
from tests.usecases.post import Post, courier_at_work, letters, put
from tipbot.domain.alarms import Alarm
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.delivery import DeliveryStatus, Retired
from tipbot.domain.operators import Operator, Role
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage.database import Database
from tipbot.storage.schema import outbox
from tipbot.usecases.choosing import Choose
from tipbot.usecases.errors import NoSuchItem, NotAllowed, TooFewLeft
from tipbot.usecases.library import Library
from tipbot.usecases.planning import PlanDue
from tipbot.usecases.replacing import AT_ONCE, Replace
from tipbot.usecases.retiring import FEWEST, REMEMBERED_FOR, Retire
from tipbot.usecases.staffing import SHELL, Staffing

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
VIEWER = 8


def few(stretches: int) -> Library:
    """A library with so many stretches for everybody."""
    shelf = shipped_catalogue().shelves[ENGLISH]
    ordinary = [stretch for stretch in shelf.stretches if not stretch.advanced]
    gone = {stretch.id for stretch in shelf.stretches} - {stretch.id for stretch in ordinary[:stretches]}
    return Library(shipped_catalogue().without(gone))


async def waiting(database: Database) -> list[tuple[ItemId, str, str | None]]:
    statement = select(outbox.c.item, outbox.c.status, outbox.c.reason).order_by(outbox.c.chat_id)
    async with database.engine.connect() as connection:
        return [(ItemId(item), status, reason) for item, status, reason in await connection.execute(statement)]


async def test_what_waits_gives_way_at_once_and_is_not_planned_again(database: Database) -> None:
    await subscribe(database, 7)
    here, there = few(6), few(6)
    planner = PlanDue(database, here, max_lateness=LATENESS)
    await planner.tick(now=EVENING)
    [(item, _, _)] = await waiting(database)
    kept_item = here.item(ENGLISH, item)
    assert kept_item is not None
    await Choose(database, here).keep(ChatId(7), kept_item, now=EVENING)

    await Retire(database, here).retire(item, operator=SHELL, now=EVENING)
    await Retire(database, here).retire(item, operator=SHELL, now=EVENING)
    [(other, status, _)] = await waiting(database)
    assert (other != item, status) == (True, "queued")
    assert there.item(ENGLISH, item) is not None
    await Retire(database, there).notice(now=EVENING)
    assert there.item(ENGLISH, item) is None, "another process follows"
    kept = await Choose(database, here).favourites(ChatId(7))
    assert (kept.items, kept.retired) == ((), 1), "it is still kept, as one that is not given any more"
    for days in range(1, 8):
        await planner.tick(now=EVENING + timedelta(days=days))
    assert item not in {one for one, _, _ in await waiting(database)}

    await Retire(database, there).bring_back(item, operator=SHELL, now=EVENING)
    await Retire(database, here).notice(now=EVENING)
    assert [one.id for one in (await Choose(database, here).favourites(ChatId(7))).items] == [item]


async def test_where_nothing_else_is_left_it_is_cancelled_in_batches(database: Database) -> None:
    chats = range(1, AT_ONCE + 3)
    await subscribe(database, 1)
    await put(database, letters(chats, due_at=EVENING))
    library = Library(shipped_catalogue())
    assert await Replace(database, library).replace({ItemId("one")}, now=EVENING) == len(chats)
    rows = await waiting(database)
    assert (rows[0][0] != "one", rows[0][1]) == (True, "queued"), "somebody with a deck gets another"
    assert {row[1:] for row in rows[1:]} == {("cancelled", "retired")}


async def test_what_slips_through_is_not_sent_and_rings_no_alarm(database: Database) -> None:
    await put(database, letters([1], due_at=MONDAY_NOON))
    now = MONDAY_NOON
    post = Post(lambda: now)
    rung: list[Alarm] = []
    post.answers(1, Retired())
    async with courier_at_work(database, post, lambda: now, alarm=rung.append):
        async with asyncio.timeout(20):
            while (await waiting(database))[0][1] != DeliveryStatus.CANCELLED:
                await asyncio.sleep(0.01)
    assert await waiting(database) == [(ItemId("one"), "cancelled", "retired")]
    assert rung == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_may_and_how_few_may_be_left(database: Database) -> None:
    await Staffing(database).appoint({7}, now=MONDAY_NOON)
    async with database.writing() as books:
        await books.staff.save(Operator(VIEWER, Role.VIEWER, MONDAY_NOON))
    library = few(FEWEST[Kind.STRETCH] + 1)
    retire = Retire(database, library)
    first, second, *_ = library.deck(ENGLISH, Kind.STRETCH)
    with pytest.raises(NotAllowed):
        await retire.retire(first, operator=VIEWER, now=MONDAY_NOON)
    with pytest.raises(NoSuchItem):
        await retire.retire(ItemId("nothing"), operator=7, now=MONDAY_NOON)
    await retire.retire(first, operator=7, now=MONDAY_NOON)
    with pytest.raises(TooFewLeft) as few_left:
        await retire.retire(second, operator=7, now=MONDAY_NOON)
    assert (few_left.value.kind, few_left.value.left) == (Kind.STRETCH, FEWEST[Kind.STRETCH] - 1)
    card = next(card.id for card in library.catalogue.cards(ENGLISH) if card.asked_for)
    await retire.retire(card, operator=7, now=MONDAY_NOON)
    with pytest.raises(NotAllowed):
        await retire.bring_back(first, operator=VIEWER, now=MONDAY_NOON)
    assert [one.retirement.item for one in await retire.listed()] == sorted([first, card])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_the_files_have_not_had_for_a_while_is_forgotten(database: Database) -> None:
    library = few(7)
    retire = Retire(database, library)
    gone, kept, *_ = library.deck(ENGLISH, Kind.STRETCH)
    for item in (gone, kept):
        await retire.retire(item, operator=SHELL, now=MONDAY_NOON)
    written = library.edition.written
    library.take_in(replace(written, shelves=MappingProxyType({ENGLISH: written.shelves[ENGLISH].without({gone})})))
    await retire.tidy(now=MONDAY_NOON + REMEMBERED_FOR)
    assert len(await retire.listed()) == 2
    await retire.tidy(now=MONDAY_NOON + REMEMBERED_FOR + timedelta(seconds=1))
    assert [one.retirement.item for one in await retire.listed()] == [kept]
