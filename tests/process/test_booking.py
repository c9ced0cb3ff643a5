"""A running TipBot sends people on to the clinic and counts them, also when the database is away."""

import asyncio
import signal
from pathlib import Path

import aiohttp
import pytest

from tests.ports import free_port
from tests.postgres import PostgresServer
from tests.process.running import tipbot_with
from tipbot.clock import Clock
from tipbot.sandbox import Sandbox
from tipbot.storage.database import Database

pytestmark = pytest.mark.process

NOW = Clock().now
LEADS_TO = "https://example.org/book?utm_source=telegram&utm_medium=bot&utm_campaign=menu"


def public(port: int) -> dict[str, str]:
    return {"TIPBOT_HTTP": f"127.0.0.1:{port}", "TIPBOT_PUBLIC_URL": f"http://127.0.0.1:{port}/back"}


async def follow(url: str, times: int) -> None:
    async with aiohttp.ClientSession() as browser:
        for _ in range(times):
            async with browser.get(url, allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, LEADS_TO)


async def counted(database_url: str) -> dict[tuple[str, str], int]:
    database = Database(database_url)
    async with database.reading() as books:
        found = {(one.target, one.origin.value): number for one, number in (await books.link_presses.all()).items()}
    await database.close()
    return found


async def written(database_url: str, presses: int) -> None:
    """Wait until so many presses are written down."""
    async with asyncio.timeout(20):
        while await counted(database_url) != {("clinic", "menu"): presses}:
            await asyncio.sleep(0.05)


async def test_the_button_of_book_leads_to_the_clinic_and_every_press_is_counted(
    database_url: str, tmp_path: Path
) -> None:
    sandbox = Sandbox(now=NOW)
    ann = sandbox.person("Ann")
    more = public(free_port())
    async with (
        sandbox.serving() as address,
        tipbot_with(sandbox, address, database_url, tmp_path, **more) as process,
    ):
        await ann.sends("/book")
        await sandbox.until(lambda: ann.last.from_bot, timeout=20)
        url = ann.last.buttons[0][0].url
        assert url == f"{more['TIPBOT_PUBLIC_URL']}/go/clinic/menu"
        await follow(url, 3)
        await written(database_url, 3)
        # What nobody has written down yet is written at an orderly stop.
        await follow(url, 2)
        process.signal(signal.SIGTERM)
        assert await process.ends() == 0
        assert "127.0.0.1" not in process.log.replace(address, "")
    assert await counted(database_url) == {("clinic", "menu"): 5}


async def test_people_are_sent_on_while_the_database_is_away(
    own_postgres: tuple[PostgresServer, str], tmp_path: Path
) -> None:
    server, url = own_postgres
    sandbox = Sandbox(now=NOW)
    more = public(free_port())
    async with sandbox.serving() as address, tipbot_with(sandbox, address, url, tmp_path, **more) as process:
        await asyncio.to_thread(server.stop)
        try:
            async with asyncio.timeout(5):
                await follow(f"{more['TIPBOT_PUBLIC_URL']}/go/clinic/menu", 2)
            await process.says("link_presses_wait_for_database")
            assert "Traceback" not in process.log
        finally:
            await asyncio.to_thread(server.start)
        await written(url, 2)
