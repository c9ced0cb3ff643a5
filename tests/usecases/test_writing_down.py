"""Recipients that are written down in many steps are all found again, zone by zone and broadcast by broadcast."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.usecases.mailing import BOSS, Mailing, at, people
from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus, Wave
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId
from tipbot.storage import recipients
from tipbot.storage.database import Database
from tipbot.storage.migrations import downgrade, upgrade
from tipbot.usecases.reaching import Reach
from tipbot.usecases.sending import LOOKS_AT_ONCE

ZONES = ("Europe/London", "Europe/Dublin", "Europe/Lisbon")


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for engine in recipients.STEPS:
        monkeypatch.setitem(recipients.STEPS, engine, 4)


@pytest.fixture
def mailing(database: Database) -> Mailing:
    return Mailing(database)


async def spread(database: Database, each: int) -> list[int]:
    """Subscribe so many people in each zone, whose chats stand among those of the others."""
    chats = []
    for chat in range(1, each * len(ZONES) + 1):
        chats += await people(database, 1, zone=ZONES[chat % len(ZONES)], first=chat)
    return chats


async def test_those_who_stand_far_apart_are_handed_over_in_one_tick(mailing: Mailing) -> None:
    chats = await spread(mailing.database, LOOKS_AT_ONCE)
    awake = await people(mailing.database, 1, zone="Asia/Tokyo", first=1_000)
    night, late, morning = (at(-3600 * hours) for hours in (9, 7, 4))
    number = (await mailing.confirmed(await mailing.drafted(now=night), now=night)).id
    assert await mailing.tick(night) == len(awake), "written down are all"
    await mailing.post(night)
    assert await mailing.tick(late) == 0
    assert await mailing.tick(morning) == len(chats)
    async with mailing.database.reading() as books:
        waves = await books.recipients.waves_of(number)
    assert all(wave.is_over for wave in waves)
    end = await mailing.run(number, morning)
    assert Counter(chat for chat, _ in mailing.got) == Counter(chats + awake)
    report = await mailing.reports.report(number, operator=BOSS, now=end)
    assert (report.reached, report.passed_over, report.erased, report.never) == (len(chats + awake), 0, 0, 0)


async def write_down(mailing: Mailing, number: BroadcastId) -> None:
    """Take one step of writing down, as another process would beside this one."""
    broadcast = replace(await mailing.find(number), status=BroadcastStatus.SENDING, started_at=at(0))
    async with mailing.database.writing() as books:
        added = await books.recipients.expand(broadcast, most=4)
        await books.recipients.add_waves(number, [Wave(zone, at(0), some) for zone, some in added.zones.items()])
        await books.broadcasts.save(replace(broadcast, expanded_to=added.up_to))


async def test_of_two_that_are_written_down_in_turns_each_keeps_its_own(mailing: Mailing) -> None:
    chats = await spread(mailing.database, 6)
    one, other = [await mailing.confirmed(await mailing.drafted()) for _ in range(2)]
    for number in (one.id, other.id, one.id, other.id):
        await write_down(mailing, number)
    await mailing.run(one.id, at(0))
    await mailing.run(other.id, at(60))
    assert Counter(chat for chat, _ in mailing.got) == Counter(chats * 2)
    async with mailing.database.writing() as books:
        while await books.recipients.forget(one.id, most=5) == 5:
            pass
        lines = await books.broadcast_deliveries.lines(other.id, after=0, most=100)
        assert [int(line.chat_id) for _, line in lines] == chats
        kept = [await books.recipients.kept(number) for number in (one.id, other.id)]
        assert kept == [0, len(chats)]
        assert not await books.recipients.are_kept(one.id)


async def test_a_group_that_moves_gets_it_though_its_new_number_comes_before_all(mailing: Mailing) -> None:
    chats = await people(mailing.database, 200)
    number = (await mailing.confirmed(await mailing.drafted())).id
    assert await mailing.tick(at(0)) < len(chats)
    moved = ChatId(-1_000_000_000_200)
    await Reach(mailing.database).moved(ChatId(200), moved, now=at(0))
    await mailing.run(number, at(0))
    assert Counter(chat for chat, _ in mailing.got) == Counter([*chats[:-1], moved])


async def test_a_database_that_is_upgraded_in_the_middle_of_a_broadcast_goes_on_with_it(mailing: Mailing) -> None:
    chats = await spread(mailing.database, 70)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), most=40)
    await downgrade(mailing.database, "0005")
    await upgrade(mailing.database)
    await mailing.run(number, at(1))
    assert Counter(chat for chat, _ in mailing.got) == Counter(chats)
    assert (await mailing.find(number)).status is BroadcastStatus.DONE
    assert await mailing.counts(number) == {DeliveryStatus.SENT: len(chats)}
