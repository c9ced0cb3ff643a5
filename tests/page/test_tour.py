"""The whole demo as somebody meets it who has never seen it: the real bot, its record, and a browser."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from tests.content import shipped_texts
from tests.page.conftest import close_pages, opened
from tipbot.demo.page import Demo, open_demo
from tipbot.domain.content import ENGLISH
from tipbot.web.server import listening_socket

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

TEXTS = shipped_texts()[ENGLISH]


@dataclass
class Running:
    """A demo that runs, and where its page is."""

    demo: Demo
    address: str


@pytest_asyncio.fixture(loop_scope="session")
async def running(context: BrowserContext, tmp_path: Path) -> AsyncIterator[Running]:
    stop, listener = asyncio.Event(), listening_socket("127.0.0.1", 0)
    async with open_demo(tmp_path, is_kept=False) as demo, asyncio.TaskGroup() as tasks:
        tasks.create_task(demo.run(listener, stop))
        await demo.opened()
        yield Running(demo, f"http://127.0.0.1:{listener.getsockname()[1]}")
        await close_pages(context)
        stop.set()


@pytest.mark.long(15)
async def test_the_tour_from_start_to_end(running: Running, context: BrowserContext) -> None:
    window = await opened(context, running.address)
    page = window.page
    done = page.locator(".step.done h3")
    await expect(page.locator("#show-tour")).to_contain_text("0 of 6")

    await page.get_by_role("button", name="Start", exact=True).click()
    await page.get_by_role("button", name=TEXTS.button_adult).click()
    await expect(page.get_by_text("Idea from").or_(page.get_by_text("Source:")).first).to_be_visible()
    await expect(done).to_have_text(["Subscribe (done)"])
    await page.fill("#words", "/time tip 8:30")
    await page.press("#words", "Enter")
    await expect(done).to_have_text(["Subscribe (done)", "Change the time (done)"])

    await page.fill("#words", "not sent yet")
    heard = await page.locator(".entry .words").all_text_contents()
    await page.reload()
    await expect(page.locator(".entry .words")).to_have_text(heard)
    await expect(page.locator("#words")).to_have_value("not sent yet")
    await expect(done).to_have_count(2)

    await page.click("#next")
    await expect(page.locator(".zone.mine time")).to_have_text("Mon 18:00")
    await page.click("#next")
    await expect(page.locator(".entry").last).to_contain_text("08:30")
    await expect(page.locator(".zone.mine time")).to_have_text("Tue 08:30")
    await expect(done).to_have_count(3)
    assert await window.axe() == []

    # On a phone the tour lies over the chat, and its link leads there.
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.get_by_role("link", name="Open Ann's chat").click()
    await expect(page.locator("#side")).to_be_hidden()
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.click("#show-tour")

    await page.fill("#words", "/selftest")
    await page.press("#words", "Enter")
    # Agree, take the first check, and say yes to the first worrying sign: the shortest way to an ending.
    await expect(page.locator(".entry").last).to_contain_text("Before your first check")
    for number, words in ((0, "Which one would you like?"), (0, "1 of"), (1, TEXTS.button_nhs_111)):
        await page.locator(".entry").last.locator(".key").nth(number).click()
        await expect(page.locator(".entry").last).to_contain_text(words)
    await expect(done).to_have_count(4)
    await sends_a_broadcast(page)
    await expect(page.locator("#show-tour")).to_contain_text("6 of 6")
    await page.get_by_role("link", name="Ann").first.click()
    await expect(page.locator(".entry").last).to_contain_text("We have moved")
    assert window.complaints == []


async def sends_a_broadcast(page: Page) -> None:
    """Be the operator as the tour says, until the report is there."""
    await page.get_by_role("link", name="Open Charlotte's chat").click()
    last = page.locator(".entry").last
    await page.get_by_role("button", name="Start", exact=True).click()
    for words, answer in (("/broadcast", TEXTS.button_cancel), ("We have moved", TEXTS.button_is_article)):
        await page.fill("#words", words)
        await page.press("#words", "Enter")
        await expect(last.locator(".key").first).to_have_text(answer)
    for comes in ("Send", "Send to 1 person", TEXTS.button_report):
        await last.locator(".key").first.click()
        await expect(last.locator(".key").first).to_have_text(comes)
    await last.locator(".key").first.click()
    await expect(last).to_contain_text("1 reached")
