"""A press counts even where Telegram does not take the answer to it."""

import pytest

from tests.bot.conftest import House
from tipbot.domain.subscribers import ChatId, Status
from tipbot.sandbox.faults import Kind

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.TOO_MANY_REQUESTS, Kind.DROP_BEFORE])
async def test_stop_stops_although_the_press_cannot_be_answered(house: House, kind: Kind) -> None:
    anna = house.sandbox.person("Anna")
    await anna.sends("/start")
    await house.answer()
    await anna.presses("I'm 18 or over: start")
    await house.answer()
    await anna.sends("/settings")
    await house.answer()
    fault = house.sandbox.faults.add(kind, "answerCallbackQuery", times=5)
    await anna.presses("Stop all")
    await house.answer()
    subscription = await house.desk.join.look_up(ChatId(anna.chat_id))
    assert fault.met > 0
    assert subscription is not None
    assert subscription.subscriber.status is Status.STOPPED
    assert anna.last.text.startswith("Stopped.")
