"""The clinic's blog in a running TipBot: operators hear of it, and a server that never answers holds up no stop."""

import asyncio

import pytest
from aiohttp import web

from tests.feed.site import Page, serving
from tests.process.running import tipbot_inside
from tipbot.clock import Clock
from tipbot.sandbox import Sandbox

pytestmark = pytest.mark.process

# Far less than the 20 seconds for which a feed is waited for.
LONGEST_STOP = 10
FEED = b"<rss version='2.0'><channel><item><title>Sitting</title><link>/sit</link></item></channel></rss>"


@pytest.mark.long(6)
async def test_the_blog_is_looked_at_and_a_silent_one_holds_up_no_stop(sqlite_url: str) -> None:
    sandbox = Sandbox(now=Clock().now)
    olive = sandbox.person("Olive", chat_id=7000, started=True)
    asked = asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.sleep(60)
        return web.Response()

    async with sandbox.serving() as address, serving() as site:
        site.answers["/feed"] = Page(FEED)
        settings = {"TIPBOT_OPERATORS": "7000", "TIPBOT_FEED_URL": site.url(), "TIPBOT_FEED_PRIVATE": "on"}
        async with asyncio.timeout(40), tipbot_inside(sandbox, address, sqlite_url, **settings):
            await sandbox.until(lambda: bool(olive.screen) and "Sitting" in olive.last.text, timeout=20)
            site.answers["/feed"] = silent
            await olive.sends("/feed")
            await sandbox.until(lambda: "All is well" in olive.last.text, timeout=20)
            await olive.presses("Check now")
            await asyncio.wait_for(asked.wait(), 20)
            stopped_at = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - stopped_at < LONGEST_STOP
