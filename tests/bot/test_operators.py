"""Operators hear from the bot itself what needs a person; one who cannot be written to holds nobody up."""

import pytest
from telegram.ext import ExtBot

from tests.bot.conftest import OPERATOR, House
from tipbot.bot.operators import OperatorChats
from tipbot.bot.pacing import ReplyPacing
from tipbot.bot.transport import AiohttpRequest
from tipbot.domain.alarms import ItemRefused
from tipbot.domain.content import ItemId

NEVER_STARTED = OPERATOR - 1


async def _at_ease(_: object) -> None:
    return None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_operator_who_started_the_bot_is_told(house: House, caplog: pytest.LogCaptureFixture) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    otto = house.sandbox.person("Otto", chat_id=NEVER_STARTED)
    base_url = str(house.bot.base_url).removesuffix(house.sandbox.token)
    pacing = ReplyPacing(sent=lambda _: None, slow_down=_at_ease)
    bot = ExtBot(
        house.sandbox.token,
        base_url=base_url,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        rate_limiter=pacing,
    )
    async with bot:
        chats = OperatorChats(bot, {OPERATOR, NEVER_STARTED}, house.desk.texts)
        await chats.tell(ItemRefused(ItemId("sit-then-shift"), "Can't parse entities: <b> at byte 7"))
    assert "sit-then-shift" in olive.last.text
    assert "<b> at byte 7" in olive.last.text, "Telegram's words are shown as they are"
    assert otto.screen == []
    assert "operator_not_told" in caplog.text
    assert str(NEVER_STARTED) not in caplog.text
