"""Channels: an operator decides what is posted, and nobody else is even asked."""

from datetime import time

import pytest

from tests.bot.conftest import OPERATOR, House
from tipbot.bot.buttons import encode
from tipbot.bot.presses_of_operators import ChannelId, PostInChannel
from tipbot.domain.subscribers import ChatId, Kind, Status
from tipbot.sandbox import Channel, Person


@pytest.fixture
def operator(house: House) -> Person:
    return house.sandbox.person("Olive", chat_id=OPERATOR, started=True)


@pytest.fixture
def channel(house: House, operator: Person) -> Channel:
    return house.sandbox.channel("Backs <b>& news", owner=operator)


async def slot_is_due(house: House, channel: Channel) -> bool:
    subscription = await house.desk.join.look_up(ChatId(channel.chat_id))
    assert subscription is not None
    assert subscription.slots[Kind.TIP].next_at is None, "tips are for people"
    return subscription.slots[Kind.STRETCH].next_at is not None


async def test_the_operator_chooses_a_time_and_can_stop(house: House, operator: Person, channel: Channel) -> None:
    await channel.adds_bot()
    await house.answer()
    assert "Backs <b>& news" in operator.last.text
    assert await house.desk.join.look_up(ChatId(channel.chat_id)) is None, "nothing is posted before a choice"
    await operator.presses("At 12:30")
    await house.answer()
    assert "12:30" in operator.last.text
    assert await slot_is_due(house, channel)
    await operator.presses("Stop posting")
    await house.answer()
    assert not await slot_is_due(house, channel)
    await operator.presses("At 09:00")
    await house.answer()
    assert await slot_is_due(house, channel)
    async with house.database.reading() as books:
        deeds = [(deed.operator, deed.action) for deed in await books.audit.latest(3)]
    assert deeds == [(OPERATOR, "channel-posts"), (OPERATOR, "channel-stopped"), (OPERATOR, "channel-posts")]


async def test_the_channel_of_a_stranger_is_left_alone(house: House, operator: Person) -> None:
    stranger = house.sandbox.person("Sam", started=True)
    theirs = house.sandbox.channel("Not ours", owner=stranger)
    await theirs.adds_bot()
    await house.answer()
    assert (stranger.screen, operator.screen) == ([], [])
    await stranger.sends("/help")
    await house.answer()
    await stranger.presses_data(encode(PostInChannel(ChannelId(theirs.chat_id), time(9, 0))), stranger.last)
    await house.answer()
    assert await house.desk.join.look_up(ChatId(theirs.chat_id)) is None


async def test_a_forged_button_does_not_tell_a_stranger_where_the_bot_posts(house: House, channel: Channel) -> None:
    await channel.adds_bot()
    stranger = house.sandbox.person("Sam", started=True)
    await stranger.sends("/help")
    await house.answer()
    said = []
    for one in (channel.chat_id, -1009999999999):
        await stranger.presses_data(encode(PostInChannel(ChannelId(one), time(9, 0))), stranger.last)
        await house.answer()
        said.append(stranger.last.text)
    assert said[0] == said[1]


async def test_without_the_right_to_post_nobody_is_asked_and_nothing_is_kept(
    house: House, operator: Person, channel: Channel
) -> None:
    await channel.adds_bot(may_post=False)
    await house.answer()
    assert operator.screen == []
    await channel.adds_bot()
    await house.answer()
    await channel.adds_bot(may_post=False)
    await house.answer()
    await operator.presses("At 09:00")
    await house.answer()
    assert "administrator" in operator.last.text
    assert await house.desk.join.look_up(ChatId(channel.chat_id)) is None


async def test_thrown_out_of_a_channel_the_bot_posts_nothing_more(
    house: House, operator: Person, channel: Channel
) -> None:
    await channel.adds_bot()
    await house.answer()
    await operator.presses("At 18:00")
    await house.answer()
    await channel.removes_bot()
    await house.answer()
    subscription = await house.desk.join.look_up(ChatId(channel.chat_id))
    assert subscription is not None
    assert subscription.subscriber.status is Status.BLOCKED
    assert not await slot_is_due(house, channel)
