"""The file of /mydata: complete, readable, over the transport that TipBot really uses."""

import json
from dataclasses import replace

import pytest
from telegram.ext import ExtBot

from tests.bot.conftest import House
from tipbot.bot.transport import AiohttpRequest
from tipbot.domain.subscribers import ChatId

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_file_is_json_with_every_row_and_readable_moments(house: House) -> None:
    address = str(house.bot.base_url).partition("/bot")[0]
    bot: ExtBot[None] = ExtBot(
        house.sandbox.token,
        base_url=f"{address}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    real = replace(house, bot=bot)
    anna = house.sandbox.person("Anna")
    async with real.application:
        await anna.sends("/start clinic-door")
        await real.answer()
        await anna.presses("I'm 18 or over: start")
        await real.answer()
        await anna.sends("/mydata")
        await real.answer()
    document = anna.last.content["document"]
    assert document["file_name"] == "my-tipbot-data-2026-11-22.json"
    file = json.loads(house.sandbox.telegram.files.find("document", document["file_id"]).data)
    assert (file["chat"], file["made_at"]) == (anna.chat_id, "2026-11-22T14:05:00+00:00")
    assert file["record"]["subscribers"][0]["source"] == "clinic-door"
    assert {slot["wall_time"] for slot in file["record"]["slots"]} == {"09:00:00", "18:00:00"}
    assert {row["topic"] for row in file["record"]["consents"]} == {"adult", "messages"}
    rows = await house.desk.rights.everything(ChatId(anna.chat_id))
    assert {table: len(found) for table, found in file["record"].items()} == {
        table: len(found) for table, found in rows.items()
    }
