"""Votes survive what happens to updates: brought twice, across a restart, or handled by two processes."""

from dataclasses import replace

import pytest
from telegram import Update

from tests.bot.conftest import House
from tipbot.bot.below import NOTHING_SPECIAL, item_keyboard
from tipbot.bot.buttons import encode
from tipbot.bot.item_presses import GiveVote, LeaveOut
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.feedback import Opinion
from tipbot.domain.subscribers import Kind
from tipbot.sandbox.people import Person
from tipbot.sandbox.screen import shown
from tipbot.usecases.rating import Rate

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
UP, DOWN = "👍 Helpful", "👎 Not really"


async def joined(house: House) -> Person:
    anna = house.sandbox.person("Anna")
    await anna.sends("/start")
    await house.answer()
    await anna.presses("I'm 18 or over: start")
    await house.answer()
    return anna


async def counted(house: House) -> dict[Opinion, int]:
    async with house.database.reading() as books:
        return {vote.opinion: number for (_, vote), number in (await books.feedback.votes()).items()}


def restart(house: House) -> None:
    """Forget what only the process knew."""
    house.desk = replace(house.desk, rate=Rate(house.database))
    house.restaff(house.desk)


async def waiting(house: House) -> list[Update]:
    return list(await house.bot.get_updates(offset=house._offset, timeout=0))


async def test_an_update_that_comes_again_after_a_restart_counts_once(house: House) -> None:
    anna = await joined(house)
    await anna.presses(UP)
    (update,) = await waiting(house)
    await house.application.process_update(update)
    restart(house)
    await house.application.process_update(update)
    assert await counted(house) == {Opinion.HELPFUL: 1}


async def test_a_double_tap_that_two_processes_handle_counts_once(house: House) -> None:
    anna = await joined(house)
    await anna.presses(UP)
    await anna.presses(UP)
    first, second = await waiting(house)
    await house.application.process_update(first)
    restart(house)
    await house.application.process_update(second)
    assert await counted(house) == {Opinion.HELPFUL: 1}


async def test_after_a_restart_the_button_knows_what_was_voted(house: House) -> None:
    anna = await joined(house)
    await anna.presses(UP)
    await house.answer()
    restart(house)
    await anna.presses(DOWN)
    await house.answer()
    assert await counted(house) == {Opinion.UNHELPFUL: 1}
    restart(house)
    await anna.presses(f"✓ {DOWN}")
    await house.answer()
    assert await counted(house) == {}


async def test_two_buttons_pressed_before_the_first_answer_end_as_the_last_one(house: House) -> None:
    anna = await joined(house)
    for label in (UP, "⭐ Keep", DOWN):
        await anna.presses(label)
    await house.answer()
    assert await counted(house) == {Opinion.UNHELPFUL: 1}
    labels = [button.label for row in anna.last.buttons for button in row]
    assert labels[:3] == [UP, f"✓ {DOWN}", "✓ Kept"]


async def test_readers_of_a_channel_vote_and_change_nothing_else(house: House) -> None:
    olive, sam = house.sandbox.person("Olive"), house.sandbox.person("Sam")
    channel = house.sandbox.channel("Back news", owner=olive)
    await channel.adds_bot()
    await house.answer()
    texts, item = house.desk.texts[ENGLISH], ItemId("stretch-1")
    below = item_keyboard(item, Kind.STRETCH, texts, NOTHING_SPECIAL)
    await house.bot.send_message(channel.chat_id, "A stretch", reply_markup=below)
    (post,) = [shown(message) for message in house.sandbox.telegram.messages.visible(channel.chat_id)]
    for reader in (olive, sam):
        await reader.presses_data(encode(GiveVote(item, Opinion.HELPFUL)), post)
        await reader.presses_data(encode(LeaveOut(item)), post)
    await house.answer()
    assert await counted(house) == {Opinion.HELPFUL: 2}
    toasts = [event.details["text"] for event in house.sandbox.telegram.events.since(0) if event.kind == "toast"]
    assert toasts == [texts.vote_counted, texts.channel_only_votes] * 2
    (unchanged,) = [shown(message) for message in house.sandbox.telegram.messages.visible(channel.chat_id)]
    assert unchanged == post


async def test_nothing_about_the_voter_is_written_down(house: House) -> None:
    anna = await joined(house)
    await anna.presses(UP)
    await house.answer()
    async with house.database.engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM feedback")).all()
    assert [tuple(row)[1:] for row in rows] == [("tip-1", "helpful", 1)]
    assert not any(str(anna.chat_id) in str(row) for row in rows)
