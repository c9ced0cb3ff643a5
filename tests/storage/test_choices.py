"""Votes, favourites and left-out items as they are written down, on both databases."""

from datetime import date, timedelta

from tests.usecases.people import MONDAY_NOON, subscribe
from tipbot.domain.content import ItemId
from tipbot.domain.feedback import Opinion, Vote
from tipbot.domain.subscribers import ChatId
from tipbot.storage.database import Database
from tipbot.storage.feedback import Recount

ANN, BEA = ChatId(7), ChatId(8)
ONE, TWO = ItemId("one"), ItemId("two")
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
LIKED, DISLIKED = Vote(Opinion.HELPFUL, MONDAY), Vote(Opinion.UNHELPFUL, MONDAY)
HOUR = timedelta(hours=1)


async def counted(database: Database, *changes: Recount) -> dict[tuple[ItemId, Vote], int]:
    async with database.writing() as books:
        await books.feedback.recount(changes)
    async with database.reading() as books:
        return await books.feedback.votes()


async def test_votes_are_counted_by_item_day_and_opinion(database: Database) -> None:
    later = Vote(Opinion.HELPFUL, TUESDAY)
    for vote in (LIKED, LIKED, DISLIKED, later):
        await counted(database, Recount(ONE, vote))
    found = await counted(database, Recount(TWO, LIKED))
    assert found == {(ONE, LIKED): 2, (ONE, DISLIKED): 1, (ONE, later): 1, (TWO, LIKED): 1}
    async with database.reading() as books:
        assert await books.feedback.votes(since=TUESDAY) == {(ONE, later): 1}


async def test_a_vote_moves_in_one_transaction(database: Database) -> None:
    await counted(database, Recount(ONE, LIKED))
    moved = await counted(database, Recount(ONE, LIKED, is_less=True), Recount(ONE, DISLIKED))
    assert moved == {(ONE, DISLIKED): 1}


async def test_no_number_falls_below_nothing(database: Database) -> None:
    assert await counted(database, Recount(ONE, LIKED, is_less=True)) == {}
    await counted(database, Recount(ONE, LIKED))
    await counted(database, Recount(ONE, LIKED, is_less=True))
    await counted(database, Recount(ONE, LIKED, is_less=True))
    assert await counted(database, Recount(ONE, LIKED)) == {(ONE, LIKED): 1}


async def test_what_is_kept_is_listed_newest_first_and_once(database: Database) -> None:
    await subscribe(database, ANN)
    async with database.writing() as books:
        await books.favourites.add(ANN, ONE, now=MONDAY_NOON)
        await books.favourites.add(ANN, TWO, now=MONDAY_NOON + HOUR)
        await books.favourites.add(ANN, ONE, now=MONDAY_NOON + 2 * HOUR)
        assert await books.favourites.of(ANN) == [TWO, ONE]
        await books.favourites.remove(ANN, TWO)
        await books.favourites.remove(ANN, TWO)
        assert (await books.favourites.has(ANN, ONE), await books.favourites.has(ANN, TWO)) == (True, False)


async def test_what_is_left_out_is_asked_for_by_one_chat_or_by_many(database: Database) -> None:
    for chat_id in (ANN, BEA, 9):
        await subscribe(database, chat_id)
    async with database.writing() as books:
        await books.exclusions.add(ANN, ONE, now=MONDAY_NOON)
        await books.exclusions.add(ANN, ONE, now=MONDAY_NOON + HOUR)
        await books.exclusions.add(ANN, TWO, now=MONDAY_NOON + HOUR)
        await books.exclusions.add(BEA, TWO, now=MONDAY_NOON)
        assert await books.exclusions.of(ANN) == [TWO, ONE]
        assert await books.exclusions.of_many({ANN, BEA, ChatId(9)}) == {ANN: {ONE, TWO}, BEA: {TWO}}
        assert await books.exclusions.of_many(()) == {}
        await books.exclusions.remove(ANN, [ONE, ItemId("unknown")])
        assert await books.exclusions.of_many({ANN}) == {ANN: {TWO}}


async def test_a_group_takes_its_choices_along_to_its_new_id_and_a_deleted_chat_leaves_none(
    database: Database,
) -> None:
    await subscribe(database, -5)
    async with database.writing() as books:
        await books.exclusions.add(ChatId(-5), ONE, now=MONDAY_NOON)
        await books.favourites.add(ChatId(-5), TWO, now=MONDAY_NOON)
        await books.subscribers.move(ChatId(-5), ChatId(-100))
        assert await books.exclusions.of(ChatId(-100)) == [ONE]
        assert await books.favourites.of(ChatId(-100)) == [TWO]
