"""Booking links over real HTTP: people are sent on and counted, programs are not, and nothing leads elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import aiohttp
import pytest

from tests.bot import samples
from tests.content import shipped_texts
from tipbot.domain.content import Origin
from tipbot.storage.database import Database
from tipbot.storage.presses import LinkPress
from tipbot.usecases.booking import BookingLinks, CountPresses
from tipbot.usecases.library import Library
from tipbot.web.booking import booking_routes
from tipbot.web.server import listening_socket, serve, web_application

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BROWSER = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"}
CLINIC = "https://example.org/book?utm_source=telegram&utm_medium=bot&utm_campaign=tip"


@dataclass
class Site:
    """An application that is served, a browser, and the count."""

    address: str
    browser: aiohttp.ClientSession
    presses: CountPresses
    database: Database

    @asynccontextmanager
    async def asked(self, path: str, method: str = "GET", **headers: str) -> AsyncIterator[aiohttp.ClientResponse]:
        options = {"headers": BROWSER | headers, "allow_redirects": False}
        async with self.browser.request(method, f"{self.address}{path}", **options) as answer:  # type: ignore[arg-type]
            yield answer

    async def counted(self) -> dict[LinkPress, int]:
        await self.presses.write()
        async with self.database.reading() as books:
            return await books.link_presses.all()


@pytest.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    presses, stop = CountPresses(database), asyncio.Event()
    links = BookingLinks(Library(samples.catalogue()), public_url="https://tips.example.org/back")
    texts = shipped_texts()
    routes = booking_routes(links, presses=presses, texts=texts, now=lambda: NOON)

    async def nothing(_: bytes) -> None: ...

    async def well() -> dict[str, object]:
        return {"ok": True}

    listener = listening_socket("127.0.0.1", 0)
    application = web_application(path=None, accept=nothing, secret="", health=well, more=routes)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(application, listener, stop=stop))
        try:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
                yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", browser, presses, database)
        finally:
            stop.set()


async def test_a_press_leads_on_leaves_nothing_behind_and_is_counted(site: Site) -> None:
    for _ in range(2):
        async with site.asked("/back/go/clinic/tip") as answer:
            assert (answer.status, answer.headers["Location"]) == (303, CLINIC)
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Set-Cookie" not in answer.headers
    async with site.asked("/back/go/asad/check") as answer:
        leads_to = "https://example.org/book?who=asad&utm_source=telegram&utm_medium=bot&utm_campaign=check#times"
        assert answer.headers["Location"] == leads_to
    assert await site.counted() == {
        LinkPress(date(2026, 11, 23), Origin.TIP, "clinic"): 2,
        LinkPress(date(2026, 11, 23), Origin.CHECK, "asad"): 1,
    }


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"User-Agent": "TelegramBot (like TwitterBot)"}),
        ("GET", {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}),
        ("GET", {"User-Agent": "WhatsApp/2.23.20.0"}),
        ("GET", {"User-Agent": "facebookexternalhit/1.1"}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Purpose": "prefetch"}),
    ],
)
async def test_programs_that_look_ahead_are_led_on_but_not_counted(
    site: Site, method: str, headers: dict[str, str]
) -> None:
    async with site.asked("/back/go/clinic/tip", method, **headers) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, CLINIC)
    assert await site.counted() == {}


async def test_a_telephone_may_be_called_cubot(site: Site) -> None:
    agent = "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36"
    async with site.asked("/back/go/clinic/tip", **{"User-Agent": agent}) as answer:
        assert answer.status == 303
    assert sum((await site.counted()).values()) == 1


@pytest.mark.parametrize(
    "way",
    [
        *("", "clinic", "clinic/", "clinic/door", "clinic/Tip", "clinic/tip/", "clinic/tip/x", "/clinic/tip"),
        *("nobody/tip", "CLINIC/tip", "clinic%2Ftip%2F", "..%2F..%2Fetc/tip", "https:%2F%2Fevil.example/tip"),
        *("%2F%2Fevil.example/tip", "%00/tip"),
    ],
)
async def test_anything_else_gets_a_kind_page_and_leads_nowhere(site: Site, way: str) -> None:
    async with site.asked(f"/back/go/{way}") as answer:
        page = await answer.text()
        assert answer.status == 404
        assert answer.content_type == "text/html"
        assert "Location" not in answer.headers
    assert "Harbour &lt;Street&gt; Clinic" in page
    assert '<a href="https://example.org/">' in page
    assert "0113 496 0000" in page
    assert "evil" not in page
    assert await site.counted() == {}


@pytest.mark.parametrize(
    "path", ["/go/clinic/tip", "/back/go", "/back/go/", "/healthz/", "/back/go/clinic/tip%0d%0aSet-Cookie:%20x"]
)
async def test_no_path_is_put_right_by_sending_people_to_the_host_they_named(site: Site, path: str) -> None:
    async with site.asked(path, Host="evil.example") as answer:
        assert answer.status == 404
        assert "Location" not in answer.headers


@pytest.mark.parametrize("tag", ["en-GB,en;q=0.9", "xx", "", "<script>", "*"])
async def test_the_page_speaks_a_language_there_is(site: Site, tag: str) -> None:
    async with site.asked("/back/go/nobody/tip", **{"Accept-Language": tag}) as answer:
        assert '<html lang="en">' in await answer.text()


async def test_only_asking_leads_on(site: Site) -> None:
    async with site.asked("/back/go/clinic/tip", "POST") as answer:
        assert answer.status == 405
    assert await site.counted() == {}
