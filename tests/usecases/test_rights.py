"""To see everything and to have it erased: no row is missed, in any table, whatever happens at that moment."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from tests.content import shipped_catalogue
from tests.usecases.people import CONSENT_VERSION, LATENESS, MONDAY_NOON, subscribe
from tests.usecases.post import letters, put
from tipbot.domain.delivery import Limited, Moved, NotSent, Receipt, Refused, Sent, Uncertain, Unwanted, Vanished
from tipbot.domain.offers import MARKETING
from tipbot.domain.subscribers import ChatId, Kind, Status
from tipbot.storage.database import Database
from tipbot.storage.schema import audit, exclusions, favourites, metadata, outbox, totals
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.asking import Ask
from tipbot.usecases.consenting import Reconsent
from tipbot.usecases.errors import NotSubscribed
from tipbot.usecases.journal import Answer, Journal
from tipbot.usecases.library import Library
from tipbot.usecases.offers import Offers
from tipbot.usecases.planning import PlanDue
from tipbot.usecases.reaching import Reach
from tipbot.usecases.rights import Rights

ANN, BOB = ChatId(700_700_701), ChatId(800_800_801)
Named = tuple[str, tuple[object, ...]]


async def naming(database: Database, chat: ChatId) -> set[Named]:
    """Every row of every table in which the number stands, alone or inside something."""
    async with database.engine.connect() as connection:
        return {
            (table.name, tuple(row))
            for table in metadata.sorted_tables
            for row in await connection.execute(select(table))
            if any(str(chat) in str(value) for value in row)
        }


async def fill(database: Database, chat: ChatId, journal: Journal, *, now: datetime) -> None:
    """Leave a trace of somebody wherever there can be one: a delivery sent, one in the air, one that waits."""
    await subscribe(database, chat)
    library = Library(shipped_catalogue())
    await Ask(database, library).today(chat, Kind.TIP, now=MONDAY_NOON)
    await Offers(database).agree(chat, CONSENT_VERSION, now=MONDAY_NOON)
    async with database.engine.begin() as connection:
        for table in (favourites, exclusions):
            await connection.execute(insert(table).values(chat_id=chat, item="one", added_at=MONDAY_NOON))
        await connection.execute(insert(audit).values(at=MONDAY_NOON, operator=chat, action="look", subject="x"))
    await put(database, letters([chat], due_at=MONDAY_NOON))
    (claim,) = await journal.turn([], replies=0, room=5, now=now)
    await journal.turn([Answer(claim, Sent(5))], replies=0, room=0, now=now)
    await put(database, letters([chat], due_at=MONDAY_NOON, kind=Kind.STRETCH))
    assert len(await journal.turn([], replies=0, room=5, now=now + timedelta(seconds=1))) == 1
    await put(database, letters([chat], due_at=MONDAY_NOON + timedelta(days=1)))


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database, owner="one", ceiling=1000)


@pytest.fixture
async def filled(database: Database, journal: Journal) -> Database:
    """A record with Ann and Bob in every table that can name anybody."""
    for minutes, chat in enumerate((ANN, BOB)):
        await fill(database, chat, journal, now=MONDAY_NOON + timedelta(minutes=minutes))
    return database


async def test_the_file_holds_every_row_that_names_the_chat(filled: Database) -> None:
    tables = await Rights(filled).everything(ANN)
    shown = {(table, tuple(row.values())) for table, rows in tables.items() for row in rows}
    assert shown == await naming(filled, ANN)
    assert {table for table, _ in shown} == {
        *("subscribers", "slots", "consents", "favourites", "exclusions", "outbox", "audit")
    }
    assert not shown & await naming(filled, BOB)


async def test_erasing_leaves_nothing_but_what_an_operator_did(filled: Database) -> None:
    others = await naming(filled, BOB)
    assert await Rights(filled).forget(ANN, now=MONDAY_NOON) is True
    assert {table for table, _ in await naming(filled, ANN)} == {"audit"}
    assert await naming(filled, BOB) == others
    assert set(await Rights(filled).everything(ANN)) == {"audit"}


async def test_what_was_settled_lives_on_as_a_number(filled: Database) -> None:
    await Rights(filled).forget(ANN, now=MONDAY_NOON)
    async with filled.engine.connect() as connection:
        rows = (await connection.execute(select(totals))).all()
    assert [(row.day, row.kind, row.status, row.deliveries) for row in rows] == [
        (MONDAY_NOON.date(), "tip", "sent", 1)
    ]


async def test_erasing_again_or_at_the_same_time_changes_nothing_more(filled: Database) -> None:
    done = await asyncio.gather(*(Rights(filled).forget(ANN, now=MONDAY_NOON) for _ in range(4)))
    assert sorted(done) == [False, False, False, True]
    assert await Rights(filled).forget(ANN, now=MONDAY_NOON) is False
    async with filled.reading() as books:
        assert await books.totals.count() == 1


RECEIPTS: list[Receipt] = [
    Sent(9),
    Unwanted("Forbidden: bot was blocked by the user"),
    Vanished("Bad Request: chat not found"),
    Moved(ChatId(-900_900)),
    Refused("Bad Request: can't parse entities"),
    Limited(timedelta(seconds=3)),
    NotSent("no connection"),
    Uncertain("no answer in time"),
]


@pytest.mark.parametrize("receipt", RECEIPTS, ids=lambda receipt: type(receipt).__name__)
async def test_what_is_in_the_air_brings_nothing_back(
    database: Database, journal: Journal, receipt: Receipt
) -> None:
    await subscribe(database, ANN)
    await put(database, letters([ANN], due_at=MONDAY_NOON))
    (claim,) = await journal.turn([], replies=0, room=5, now=MONDAY_NOON)
    await Rights(database).forget(ANN, now=MONDAY_NOON)
    later = MONDAY_NOON + timedelta(seconds=5)
    await journal.turn([Answer(claim, receipt)], replies=0, room=5, now=later)
    assert await naming(database, ANN) == set()
    assert await naming(database, ChatId(-900_900)) == set()


async def test_whatever_comes_late_finds_a_stranger(filled: Database) -> None:
    await Rights(filled).forget(ANN, now=MONDAY_NOON)
    library = Library(shipped_catalogue())
    await Reach(filled).lost(ANN, Status.BLOCKED, now=MONDAY_NOON)
    await Offers(filled).stop(ANN, now=MONDAY_NOON)
    await Reconsent(filled, library).asked(ANN)
    assert await Reconsent(filled, library).visited(ANN, now=MONDAY_NOON) is False
    for late in (
        Arrange(filled).resume(ANN, now=MONDAY_NOON),
        Ask(filled, library).another(ANN, Kind.TIP, now=MONDAY_NOON),
        Offers(filled).agree(ANN, CONSENT_VERSION, now=MONDAY_NOON),
        Reconsent(filled, library).agree(ANN, library.consent_version, now=MONDAY_NOON),
    ):
        with pytest.raises(NotSubscribed):
            await late
    assert {table for table, _ in await naming(filled, ANN)} == {"audit"}


async def test_planning_at_the_same_moment_leaves_nothing_behind(database: Database) -> None:
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    due = MONDAY_NOON + timedelta(days=1)
    for round_ in range(8):
        await subscribe(database, ANN)
        first, second = planner.tick(now=due), Rights(database).forget(ANN, now=MONDAY_NOON)
        await (asyncio.gather(first, second) if round_ % 2 else asyncio.gather(second, first))
        assert await naming(database, ANN) == set()


async def test_no_line_of_the_log_names_the_chat(filled: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await Rights(filled).everything(ANN)
    await Rights(filled).forget(ANN, now=MONDAY_NOON)
    assert str(ANN) not in caplog.text


async def test_offers_are_off_until_somebody_says_yes_and_end_at_once(database: Database) -> None:
    offers = Offers(database)
    await subscribe(database, ANN)
    assert await offers.wants_offers(ANN) is False
    assert await offers.agree(ANN, CONSENT_VERSION, now=MONDAY_NOON) is True
    assert await offers.wants_offers(ANN) is True
    await put(database, letters([ANN, BOB], due_at=MONDAY_NOON))
    async with database.engine.begin() as connection:
        await connection.execute(outbox.update().values(has_offer=True))
    later = MONDAY_NOON + timedelta(minutes=5)
    await offers.stop(ANN, now=later)
    assert await offers.wants_offers(ANN) is False
    async with database.reading() as books:
        answer = (await books.consents.of(ANN))[MARKETING]
    assert (answer.granted, answer.at) == (False, later)
    async with database.engine.connect() as connection:
        waiting = (await connection.execute(select(outbox.c.chat_id, outbox.c.has_offer))).all()
    assert {row.chat_id: row.has_offer for row in waiting} == {ANN: False, BOB: True}


@pytest.mark.parametrize("left_by", ["stop", "block"])
async def test_who_leaves_has_said_no_to_offers_too(database: Database, left_by: str) -> None:
    offers = Offers(database)
    await subscribe(database, ANN)
    await offers.agree(ANN, CONSENT_VERSION, now=MONDAY_NOON)
    if left_by == "stop":
        await Arrange(database).stop(ANN, now=MONDAY_NOON)
    else:
        await Reach(database).lost(ANN, Status.BLOCKED, now=MONDAY_NOON)
    await Arrange(database).resume(ANN, now=MONDAY_NOON)
    assert await offers.wants_offers(ANN) is False


async def test_nobody_says_yes_to_offers_for_a_group(database: Database) -> None:
    offers = Offers(database)
    await subscribe(database, -5)
    assert await offers.agree(ChatId(-5), CONSENT_VERSION, now=MONDAY_NOON) is False
    assert await offers.wants_offers(ChatId(-5)) is False
