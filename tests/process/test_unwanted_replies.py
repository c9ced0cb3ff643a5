"""Somebody writes and is gone before the answer: an ordinary thing, which is noted and no fault."""

import pytest

from tests.process.running import tipbot_inside
from tests.usecases.people import subscribe
from tests.usecases.post import until
from tipbot.clock import Clock
from tipbot.domain.subscribers import ChatId, Status
from tipbot.sandbox import Sandbox
from tipbot.storage.database import Database

pytestmark = pytest.mark.process

NOW = Clock().now
ANN, BOB = ChatId(7), ChatId(8)


async def test_whoever_blocks_the_bot_before_its_answer_is_noted_and_that_is_no_fault(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox, database = Sandbox(now=NOW), Database(sqlite_url)
    caplog.set_level("INFO")
    ann, bob = (sandbox.person(str(chat), chat_id=chat, started=True) for chat in (ANN, BOB))
    for chat in (ANN, BOB):
        await subscribe(database, chat, now=NOW())
    await ann.sends("/help")
    await bob.sends("/help")
    # Telegram has brought what they wrote, and not yet what they did then.
    ann.chat.standing[sandbox.telegram.bot.id] = "kicked"
    await bob.deactivates()
    async with sandbox.serving() as address, tipbot_inside(sandbox, address, sqlite_url):
        await until(lambda: caplog.text.count("reply_not_wanted") == 2)
    async with database.reading() as books:
        found = [await books.subscribers.find(chat) for chat in (ANN, BOB)]
    await database.close()
    assert [one.status for one in found if one is not None] == [Status.BLOCKED, Status.GONE]
    assert "update_failed" not in caplog.text
    assert "Traceback" not in caplog.text
