"""Updates are handled in order within a chat, side by side across chats, and nobody blocks a lane for ever."""

import asyncio

import pytest
from telegram import Update

from tests.bot.arrivals import Somebody, lanes_of, press, update
from tests.usecases.post import until
from tipbot.bot import lanes as timing
from tipbot.bot.leafing import ShowUrgent
from tipbot.storage.errors import StorageUnavailable

ANN, BOB, CLEO = 7, 8, 9


async def test_one_chat_is_served_in_order_one_at_a_time() -> None:
    somebody = Somebody()
    release = somebody.hold(ANN)
    async with lanes_of(somebody) as lanes:
        done = [lanes.enter(update(number, ANN)) for number in (1, 2, 3)]
        await until(lambda: somebody.begun[ANN])
        # Whoever comes later is served meanwhile, and shows that the second of the first chat had its chance.
        await lanes.enter(update(4, BOB))
        assert somebody.begun[ANN] == [1]
        assert not any(one.done() for one in done)
        release.set()
        await asyncio.gather(*done)
    assert somebody.begun[ANN] == somebody.ended[ANN] == [1, 2, 3]


class Selective(Somebody):
    """Holds only some of a chat's updates."""

    def __init__(self, *held: int) -> None:
        super().__init__()
        self.only = held

    async def handle(self, update: Update) -> None:
        if update.update_id in self.only:
            await asyncio.Event().wait()
        await super().handle(update)


@pytest.mark.parametrize(
    "cry",
    [
        update(2, ANN, "/urgent"),
        update(2, ANN, "/Urgent@tipbot_bot now"),
        press(2, ANN, ShowUrgent()),
    ],
    ids=["command", "command in a group", "button"],
)
async def test_who_asks_for_urgent_signs_waits_for_nothing_that_came_before(
    cry: Update, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(timing, "HANDLER_SECONDS", 2)
    somebody = Selective(1)
    async with lanes_of(somebody) as lanes:
        stuck = lanes.enter(update(1, ANN))
        after = lanes.enter(update(3, ANN, "/urgently"))
        await lanes.enter(cry)
        assert somebody.ended[ANN] == [2]
        assert not stuck.done()
        assert not after.done()


async def test_many_chats_are_served_side_by_side() -> None:
    somebody = Somebody()
    chats = range(100, 120)
    for chat in chats:
        somebody.hold(chat)
    async with lanes_of(somebody) as lanes:
        for number, chat in enumerate(chats):
            lanes.enter(update(number, chat))
        await until(lambda: all(somebody.begun[chat] for chat in chats))
        assert not any(somebody.ended.values())
        somebody.held[chats[-1]].set()
        await until(lambda: somebody.ended[chats[-1]])
        assert [chat for chat in chats if somebody.ended[chat]] == [chats[-1]]


async def test_a_lane_that_ran_empty_can_be_entered_again() -> None:
    somebody = Somebody()
    async with lanes_of(somebody) as lanes:
        for number in range(3):
            await lanes.enter(update(number, ANN))
    assert somebody.ended[ANN] == [0, 1, 2]


async def test_a_handler_that_hangs_is_cut_off_and_the_next_update_gets_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timing, "HANDLER_SECONDS", 0.05)
    somebody = Somebody()
    somebody.hold(ANN)
    async with lanes_of(somebody) as lanes:
        first, second = lanes.enter(update(1, ANN)), lanes.enter(update(2, ANN))
        async with asyncio.timeout(5):
            await asyncio.gather(first, second)
        assert somebody.begun[ANN] == somebody.sorry == [1, 2]
    assert somebody.ended[ANN] == []


async def test_an_apology_that_hangs_is_cut_off_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "HANDLER_SECONDS", 0.05)

    class Speechless(Somebody):
        async def apologise(self, update: Update) -> None:
            await super().apologise(update)
            await asyncio.Event().wait()

    somebody = Speechless()
    somebody.hold(ANN)
    async with lanes_of(somebody) as lanes, asyncio.timeout(5):
        await lanes.enter(update(1, ANN))
    assert somebody.sorry == [1]


async def test_what_a_handler_raises_is_apologised_for_and_does_not_stop_the_lane() -> None:
    somebody = Somebody()
    somebody.raises[1] = ValueError("a fault of ours")
    async with lanes_of(somebody) as lanes:
        await asyncio.gather(lanes.enter(update(1, ANN)), lanes.enter(update(2, ANN)))
    assert somebody.sorry == [1]
    assert somebody.ended[ANN] == [2]


async def test_while_the_database_is_away_an_update_is_tried_again_without_an_apology(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timing, "DATABASE_RETRY_SECONDS", 0.01)
    somebody = Somebody()
    somebody.raises[1] = StorageUnavailable("away")
    async with lanes_of(somebody) as lanes:
        done = lanes.enter(update(1, ANN))
        await until(lambda: len(somebody.begun[ANN]) >= 3)
        somebody.raises.clear()
        await done
    assert somebody.ended[ANN] == [1]
    assert somebody.sorry == []


async def test_waiting_for_the_database_takes_no_place_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """/urgent needs no database: it must be answered however many others wait for one."""
    monkeypatch.setattr(timing, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(timing, "DATABASE_RETRY_SECONDS", 0.2)
    somebody = Somebody()
    somebody.raises = {number: StorageUnavailable("away") for number in (1, 2, 3)}
    async with lanes_of(somebody) as lanes:
        waiting = [lanes.enter(update(number, 100 + number)) for number in (1, 2, 3)]
        await until(lambda: all(somebody.begun[100 + number] for number in (1, 2, 3)))
        async with asyncio.timeout(5):
            await lanes.enter(update(4, ANN))
        assert not any(one.done() for one in waiting)
        somebody.raises.clear()


async def test_a_stop_lets_quick_handlers_finish_and_leaves_slow_ones_undone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timing, "GRACE_SECONDS", 0.2)
    somebody = Somebody()
    quick, _ = somebody.hold(ANN), somebody.hold(BOB)
    async with lanes_of(somebody) as lanes:
        good, slow, behind = (lanes.enter(update(n, chat)) for n, chat in ((1, ANN), (2, BOB), (3, BOB)))
        await until(lambda: somebody.begun[ANN] and somebody.begun[BOB])
        quick.set()
        await lanes.close()
        await asyncio.wait((good, slow, behind))
        assert not good.cancelled()
        assert slow.cancelled()
        assert behind.cancelled()
    assert (somebody.ended[ANN], somebody.ended[BOB]) == ([1], [])
