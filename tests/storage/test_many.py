"""Very many rows in one statement: the same rows as if written one by one, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from sqlalchemy import select

from tests.usecases.people import MONDAY_NOON, subscribe
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.deck import DeckPosition
from tipbot.domain.delivery import DeliveryStatus, Matter, NewDelivery
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.storage.database import Database
from tipbot.storage.schema import outbox, pace
from tipbot.storage.statements import among, chats_among

ANN, BEA = ChatId(7), ChatId(8)


def delivery(number: int, due_at: datetime = MONDAY_NOON) -> NewDelivery:
    day, item = due_at.date(), ItemId(f"item-{number}")
    return NewDelivery(
        f"tip:{number}:{day}", ChatId(number), Matter.TIP, item, ENGLISH, due_at, due_at + timedelta(hours=3)
    )


async def test_what_is_moved_on_reads_as_it_was_written_and_nobody_elses_changes(database: Database) -> None:
    subscribed = {chat: await subscribe(database, chat) for chat in (ANN, BEA)}
    tip = subscribed[ANN].slots[Kind.TIP]
    moved = replace(
        tip,
        next_at=datetime(2026, 11, 24, 9, 0, 0, 250, tzinfo=UTC),
        served_on=date(2026, 11, 23),
        position=DeckPosition(3, 2**63 - 1),
        shown=ItemId("it's"),
        shown_on=date(2026, 11, 23),
        since_offer=6,
    )
    silent = replace(subscribed[ANN].slots[Kind.STRETCH], next_at=None)
    async with database.writing() as books:
        # The wall time is not planning's to change.
        await books.slots.move_on([replace(moved, wall_time=time(4)), silent])
    async with database.reading() as books:
        assert await books.slots.of(ANN) == {Kind.TIP: moved, Kind.STRETCH: silent}
        assert await books.slots.of(BEA) == dict(subscribed[BEA].slots)


async def test_a_delivery_that_is_there_stays_as_it_is_and_the_others_are_added_in_order(
    database: Database,
) -> None:
    async with database.writing() as books:
        await books.outbox.add([delivery(2)], now=MONDAY_NOON)
        again = delivery(2)._replace(item=ItemId("other"), status=DeliveryStatus.EXPIRED)
        await books.outbox.add([delivery(1), again, delivery(3)], now=MONDAY_NOON)
        await books.outbox.add([], now=MONDAY_NOON)
    async with database.engine.connect() as connection:
        rows = (await connection.execute(select(outbox.c.item, outbox.c.status).order_by(outbox.c.id))).all()
    assert [tuple(row) for row in rows] == [(f"item-{number}", "queued") for number in (2, 1, 3)]


async def test_moments_are_kept_to_the_microsecond_whatever_zone_they_were_given_in(database: Database) -> None:
    moment = datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    async with database.writing() as books:
        await books.outbox.add([delivery(1, moment)], now=MONDAY_NOON)
    async with database.engine.connect() as connection:
        (stored,) = await connection.scalars(select(outbox.c.due_at))
    assert (stored, stored.tzinfo) == (moment, UTC)


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = MONDAY_NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a time zone"):
        async with database.writing() as books:
            await books.outbox.add([delivery(1, naive)], now=MONDAY_NOON)
    with pytest.raises(Exception, match="without a time zone"):
        async with database.engine.connect() as connection:
            await connection.execute(select(pace).where(pace.c.next_slot_at == naive))


@pytest.mark.parametrize(("asked", "found"), [([], []), ([2, 99], [2]), (range(-700, 3), [1, 2])])
async def test_many_chats_are_asked_about_at_once(database: Database, asked: list[int], found: list[int]) -> None:
    async with database.writing() as books:
        await books.outbox.add([delivery(number) for number in (1, 2, 3)], now=MONDAY_NOON)
    async with database.engine.connect() as connection:
        theirs = select(outbox.c.chat_id).where(among(connection.dialect.name, outbox.c.chat_id))
        theirs = theirs.order_by(outbox.c.chat_id)
        assert list(await connection.scalars(theirs, chats_among(connection, asked))) == found
