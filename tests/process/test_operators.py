"""Operators and the whole of TipBot: their menus, and a token that is refused."""

from datetime import timedelta

import aiohttp
import pytest

from tests.ports import free_port
from tests.process.running import tipbot_inside
from tests.usecases.mailing import people
from tests.usecases.post import until
from tipbot.app import ticking
from tipbot.bot import intake
from tipbot.clock import Clock
from tipbot.sandbox import Sandbox
from tipbot.sandbox.people import Person
from tipbot.storage.database import Database

pytestmark = pytest.mark.process

NOW = Clock().now
OLIVE, SAM = 7000, 7001


def has_operators_menu(person: Person) -> bool:
    return "operators" in {entry["command"] for entry in person.menu}


async def test_owners_find_their_menu_after_a_start_and_lose_it_with_the_setting(sqlite_url: str) -> None:
    sandbox = Sandbox(now=NOW)
    olive, sam = (sandbox.person(str(user), chat_id=user, started=True) for user in (OLIVE, SAM))
    async with sandbox.serving() as address:
        async with tipbot_inside(sandbox, address, sqlite_url, TIPBOT_OPERATORS=str(OLIVE)):
            await sandbox.until(lambda: has_operators_menu(olive), timeout=20)
        async with tipbot_inside(sandbox, address, sqlite_url, TIPBOT_OPERATORS=str(SAM)):
            await sandbox.until(lambda: has_operators_menu(sam) and not has_operators_menu(olive), timeout=20)


async def test_what_is_confirmed_goes_out_at_once_and_not_with_the_next_tick(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "BROADCAST_EVERY", timedelta(hours=1))
    sandbox, database = Sandbox(now=NOW), Database(sqlite_url)
    (chat,) = await people(database, 1, zone="UTC", now=NOW())
    await database.close()
    ann = sandbox.person("Ann", chat_id=chat, started=True)
    olive = sandbox.person("Olive", chat_id=OLIVE, started=True)
    settings = {"TIPBOT_OPERATORS": str(OLIVE), "TIPBOT_QUIET_HOURS": "off"}

    async def presses(label: str) -> None:
        await sandbox.until(lambda: any(label in row for one in olive.screen for row in one.labels), timeout=20)
        await olive.presses(label)

    async with sandbox.serving() as address, tipbot_inside(sandbox, address, sqlite_url, **settings):
        await olive.sends("/broadcast")
        await sandbox.until(lambda: "What shall go out?" in olive.last.text, timeout=20)
        await olive.sends("Sleep, and your back")
        for label in ("An article", "Send", "Send to 1 person"):
            await presses(label)
        await sandbox.until(lambda: any("Sleep" in one.text for one in ann.screen), timeout=20)


async def test_a_token_that_is_refused_shows_and_the_bot_goes_on_when_it_works_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(intake, "RETRY_SECONDS", 0.05)
    sandbox = Sandbox(now=NOW)
    ann = sandbox.person("Ann", started=True)
    here = f"127.0.0.1:{free_port()}"

    async def health() -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(f"http://{here}/healthz") as answer:
            return answer.status, await answer.text()

    async with sandbox.serving() as address, tipbot_inside(sandbox, address, sqlite_url, TIPBOT_HTTP=here):
        await ann.sends("/help")
        await sandbox.until(lambda: ann.last.from_bot, timeout=20)
        assert (await health())[0] == 200
        sandbox.telegram.token, right = "1:revoked", sandbox.telegram.token
        await ann.sends("/urgent")
        await until(lambda: "token_refused" in caplog.text)
        status, body = await health()
        assert (status, "the token is refused" in body) == (503, True)
        sandbox.telegram.token = right
        await ann.sends("/help")
        await sandbox.until(lambda: ann.last.from_bot, timeout=20)
        assert (await health())[0] == 200
