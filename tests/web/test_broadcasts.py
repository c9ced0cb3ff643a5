"""Buttons below a broadcast over real HTTP: people are led to the address that stands there, and are counted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp
import pytest

from tests.bot import samples
from tests.content import shipped_texts
from tests.usecases.mailing import WORDS, Mailing, people
from tests.usecases.people import MONDAY_NOON
from tests.web.test_booking import BROWSER
from tipbot.domain.broadcasts import Broadcast
from tipbot.domain.composition import LinkButton
from tipbot.storage.database import Database
from tipbot.usecases.booking import BookingLinks, CountPresses
from tipbot.usecases.broadcast_links import BroadcastLinks, counted_links
from tipbot.usecases.library import Library
from tipbot.web.booking import booking_routes, lost_page
from tipbot.web.broadcasts import broadcast_routes
from tipbot.web.server import listening_socket, serve, web_application

PUBLIC = "https://tips.example.org/back"
LINKS = (LinkButton("Read", "https://example.org/sleep?a=1"), LinkButton("Chat", "https://t.me/clinic"))
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Site:
    """What is served, somebody who presses, and the clock."""

    address: str
    browser: aiohttp.ClientSession
    presses: CountPresses
    mailing: Mailing
    now: list[timedelta]

    async def leads_to(self, path: str, **headers: str) -> str | None:
        url = f"{self.address}{path}"
        async with self.browser.get(url, headers=BROWSER | headers, allow_redirects=False) as answer:
            assert (answer.status == 303) == ("Location" in answer.headers)
            return answer.headers.get("Location")

    async def counted(self, broadcast: Broadcast) -> int:
        await self.presses.write()
        async with self.mailing.database.reading() as books:
            return await books.link_presses.of_broadcast(broadcast.id)


@pytest.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    texts = shipped_texts()
    passed, stop, presses = [timedelta(0)], asyncio.Event(), CountPresses(database)
    links = BookingLinks(Library(samples.catalogue(), texts), public_url=PUBLIC)
    below = BroadcastLinks(database, now=lambda: MONDAY_NOON + passed[0])
    now = lambda: MONDAY_NOON  # noqa: E731
    routes = [
        *broadcast_routes(PUBLIC, below, presses=presses, lost=lost_page(links, texts), now=now),
        *booking_routes(links, presses=presses, texts=texts, now=now),
    ]

    async def nothing(_: bytes) -> None: ...

    async def well() -> dict[str, object]:
        return {"ok": True}

    listener = listening_socket("127.0.0.1", 0)
    application = web_application(path=None, accept=nothing, secret="", health=well, more=routes)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(application, listener, stop=stop))
        try:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
                address = f"http://127.0.0.1:{listener.getsockname()[1]}"
                yield Site(address, browser, presses, Mailing(database), passed)
        finally:
            stop.set()


async def sent(site: Site) -> Broadcast:
    await people(site.mailing.database, 1)
    return await site.mailing.confirmed(await site.mailing.drafted(replace(WORDS, links=LINKS)))


async def test_presses_lead_where_the_broadcast_says_and_people_are_counted(site: Site) -> None:
    broadcast = await sent(site)
    shown = counted_links(broadcast.id, broadcast.composition, PUBLIC).links
    assert [link.url for link in shown] == [f"{PUBLIC}/go/b/{broadcast.id}/0", "https://t.me/clinic"]
    assert counted_links(broadcast.id, broadcast.composition, None) == broadcast.composition
    for _ in range(3):
        assert await site.leads_to(f"/back/go/b/{broadcast.id}/0") == LINKS[0].url
    await site.leads_to(f"/back/go/b/{broadcast.id}/0", **{"User-Agent": "TelegramBot (like TwitterBot)"})
    assert await site.counted(broadcast) == 3
    assert await site.leads_to("/back/go/clinic/broadcast") is not None, "booking links go on as before"


async def test_the_previews_of_a_draft_lead_on_and_count_nobody(site: Site) -> None:
    draft = await site.mailing.drafted()
    assert await site.leads_to(f"/back/go/b/{draft.id}/0") == "https://example.org/"
    assert await site.counted(draft) == 0


@pytest.mark.parametrize("way", ["1/2", "2/0", "1/-1", "1/x", "1", "x/0", f"{2**63}/0", f"1/{2**70}", "1/0/0"])
async def test_anything_else_leads_nowhere(site: Site, way: str) -> None:
    await sent(site)
    assert await site.leads_to(f"/back/go/b/{way}") is None


async def test_a_button_works_while_the_database_is_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    broadcast = await sent(site)
    assert await site.leads_to(f"/back/go/b/{broadcast.id}/0") == LINKS[0].url
    site.now[0] = timedelta(hours=1)
    async with site.mailing.database.engine.connect():
        monkeypatch.setattr("tipbot.usecases.broadcast_links.PATIENCE", timedelta(0))
        assert await site.leads_to(f"/back/go/b/{broadcast.id}/0") == LINKS[0].url
