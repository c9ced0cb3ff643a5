"""The chat page over a sandbox without a bot, and one Chromium for all tests of a worker."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tipbot.sandbox import Group, Person, Sandbox
from tipbot.sandbox.dispatch import carry_out
from tipbot.sandbox.page import CITIES, Cast, Player, page_application
from tipbot.sandbox.page import Page as Served
from tipbot.sandbox.parameters import Parameters, Upload
from tipbot.web.server import listening_socket, serve

# The first is Chromium without the parts that only a screen needs, and takes a third less of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
NO_CHROMIUM = "Chromium is not installed: the page was not tried in a browser"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--process-per-site"),
)
# Long enough for a machine that is busy with other tests; what works is never waited for.
MOST_MILLISECONDS = 20_000
expect.set_options(timeout=MOST_MILLISECONDS)


@dataclass
class Watch:
    """A clock that goes on only when a test says so."""

    time: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 14, 5, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Stage:
    """A page that is served, the people at it, and a bot that does what the test says."""

    sandbox: Sandbox
    cast: Cast
    watch: Watch
    ann: Person
    ben: Person
    group: Group
    port: int
    http: aiohttp.ClientSession

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def bot(self, method: str, *, files: dict[str, Upload] | None = None, **values: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
        """Let the bot make a call, and return the result."""
        status, body = await carry_out(self.sandbox.telegram, method.lower(), Parameters(values, files or {}))
        assert status == 200, body
        return body["result"] if isinstance(body["result"], dict) else {}

    async def says(self, words: str, person: Person | None = None, **more: object) -> int:
        """Let the bot send a message with HTML, and return its id."""
        chat = self.ann if person is None else person
        given: dict[str, Any] = {"chat_id": chat.chat_id, "text": words, "parse_mode": "HTML", **more}
        sent = await self.bot("sendMessage", **given)
        return int(sent["message_id"])

    async def pressed(self) -> dict[str, Any]:
        """Return the only press the bot has been told of, once a click in the browser has come this far."""
        updates = self.sandbox.telegram.updates

        def presses() -> list[dict[str, Any]]:
            return [update.payload for update in updates.waiting() if update.kind == "callback_query"]

        await self.sandbox.until(lambda: bool(presses()), timeout=MOST_MILLISECONDS / 1000)
        (press,) = presses()
        return press

    async def acts(self, name: str, /, **given: object) -> tuple[int, dict[str, Any]]:
        """Ask for an act as the page does, and return status and answer."""
        async with self.http.post(f"{self.address}/api/acts/{name}", json=given) as answer:
            return answer.status, await answer.json()


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    watch = Watch()
    sandbox = Sandbox(now=watch)
    ann, ben = sandbox.person("Ann", started=True), sandbox.person("Ben")
    group = sandbox.group("Walkers", administrators=[ann], members=[ben], with_bot=False)
    cast = Cast(
        sandbox.telegram, [Player(ann, "Subscriber", CITIES[0]), Player(ben, "Subscriber", CITIES[1])], [group]
    )
    stop, listener = asyncio.Event(), listening_socket("127.0.0.1", 0)
    port = listener.getsockname()[1]
    application = page_application(Served(sandbox.telegram, cast, stop), port=port)
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(application, listener, stop=stop))
        yield Stage(sandbox, cast, watch, ann, ben, group, port, http)
        stop.set()
        sandbox.telegram.pulse.beat()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium; where there must be one and is not, the tests fail instead of being skipped."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


@dataclass
class Window:
    """A page in the browser, and whatever went wrong in it."""

    page: Page
    complaints: list[str]

    async def axe(self) -> list[str]:
        """Return what axe calls serious or critical, each with the elements."""
        found = (await Axe().run(self.page)).response["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in serious]


async def opened(context: BrowserContext, address: str, *, script: str = "") -> Window:
    """Open a page, after a script of the test, and collect errors and violations of its rules."""
    context.set_default_timeout(MOST_MILLISECONDS)
    page = await context.new_page()
    await page.add_init_script(script)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(address)
    await page.wait_for_selector("#chats a")
    return Window(page, complaints)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def profile(browser: Browser) -> AsyncIterator[BrowserContext]:
    """The browser profile of all tests, on a screen of a laptop; its process stays warm as long as this lasts."""
    profile = await browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce"
    )
    # A page of the same site as all pages of the tests: their process is this one's, and does not end with them.
    page = await profile.new_page()
    await page.route("**", lambda route: route.fulfill(body="<title>Open all the time</title>"))
    await page.goto("http://127.0.0.1:1/")
    yield profile
    await profile.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(profile: BrowserContext) -> AsyncIterator[BrowserContext]:
    """The profile, with the pages of one test; what they store, they store under an address of their own."""
    yield profile
    await close_pages(profile)
    await profile.clear_cookies()
    await profile.clear_permissions()


async def close_pages(profile: BrowserContext) -> None:
    """Close the pages of a test."""
    for page in profile.pages[1:]:
        await page.close()
