"""What people write never reaches the log, whatever goes wrong with it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from telegram import Update
from telegram.error import TelegramError

from tests.content import shipped_catalogue, shipped_texts
from tipbot.bot.conversations.ages import says_under_age
from tipbot.bot.conversations.alarms import sounds_worrying
from tipbot.bot.line import Line, Unreadable
from tipbot.bot.transport import AiohttpRequest
from tipbot.clock import Clock
from tipbot.domain.content import ENGLISH
from tipbot.sandbox import Sandbox
from tipbot.storage.database import Database
from tipbot.usecases.finding import Find
from tipbot.usecases.library import Library

WORDS = "my words to the bot"


async def test_an_update_nobody_can_read_is_skipped_and_its_words_are_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sandbox = Sandbox(now=Clock().now)
    ann = sandbox.person("Ann")
    async with sandbox.serving() as address:
        sandbox.telegram.updates.add("message", 7, {"text": WORDS, "chat": {"id": 7}})
        await ann.sends("/help")
        request = AiohttpRequest()
        line = Line(sandbox.token, base_url=f"{address}/bot", request=request, get_updates_request=AiohttpRequest())
        async with line:
            first, second = await line.take_updates(offset=0, seconds=0)
    assert isinstance(first, Unreadable)
    assert isinstance(second, Update)
    assert second.update_id == first.update_id + 1
    assert "update_unreadable" in caplog.text
    assert WORDS not in caplog.text


def test_an_answer_that_is_no_json_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TelegramError) as caught:
        AiohttpRequest.parse_json_payload(f'{{"text": "{WORDS}'.encode())
    assert WORDS not in caplog.text + str(caught.value)


async def test_what_was_to_be_stored_is_not_in_an_error_of_the_database(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with database.reading() as books:
            await books.subscribers._connection.execute(text("SELECT :words FROM nowhere"), {"words": WORDS})
    assert WORDS not in str(caught.value)


async def test_what_is_typed_and_searched_for_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="tipbot")
    texts, library = shipped_texts(), Library(shipped_catalogue())
    for words in (WORDS, "I'm 15 and zzyzx", "no zzyzx numbness", "zzyzx pillow", "zzyzx\ud800"):
        says_under_age(words, texts[ENGLISH])
        sounds_worrying(words, texts[ENGLISH])
        await Find(library, texts).best(ENGLISH, words, most=3)
    assert "zzyzx" not in caplog.text
    assert WORDS not in caplog.text
