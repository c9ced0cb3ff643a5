"""Writes the README's pictures of the demo: the real bot and the real page, as a browser shows them.

Run it with `make screenshots`; it needs a Chromium, and looks best with the fonts Roboto and Noto Color Emoji.
"""

import asyncio
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, async_playwright, expect

from tipbot.demo.cast import ANN, BEN, OPERATOR, WALKERS
from tipbot.demo.page import Demo, open_demo
from tipbot.web.server import listening_socket

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
BEGINS = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
NEWS = """Open on Saturdays
From 5 December we are here on Saturday mornings too, from 9 to 1. Come and see us after your walk!"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
PATIENCE_MILLISECONDS = 60_000
HALFWAY = re.compile("reached [4-9][0-9][0-9]")
LAPTOP = {"width": 1280, "height": 800}


async def subscribes(demo: Demo, number: int, *words: str) -> None:
    """Let somebody subscribe, and then type these words."""
    person = demo.cast.player(number).person
    await person.sends("/start clinic-door")
    await demo.sandbox.quiet()
    await person.presses(person.last.labels[0][0])
    await demo.sandbox.quiet()
    for said in words:
        await person.sends(said)
        await demo.sandbox.quiet()


async def moves_on(demo: Demo, number: int) -> None:
    """Move the clock to somebody's next message."""
    await demo.stagehand.acts()["clock"]({"person": number, "chat": number, "to": "next"})
    await demo.sandbox.until(lambda: demo.stagehand.state()["moving_to"] is None, 60)


async def live(demo: Demo) -> None:
    """Let a day go by: two subscribers in two time zones, and a group."""
    await subscribes(demo, ANN, "/time tip 8:30")
    demo.cast.reads(ANN, demo.cast.player(ANN).person.last.message_id)
    await subscribes(demo, BEN, "/timezone new york")
    group = demo.cast.groups[WALKERS]
    await group.adds_bot()
    await demo.sandbox.quiet()
    await demo.cast.player(OPERATOR).person.sends("/start")
    await demo.sandbox.quiet()
    await moves_on(demo, ANN)
    await moves_on(demo, ANN)


async def opened(browser: Browser, address: str, *, scheme: str) -> Page:
    """Open the page on a laptop, light or dark."""
    page = await browser.new_page(
        viewport=LAPTOP, color_scheme=scheme, device_scale_factor=1.25, reduced_motion="reduce"
    )
    await page.goto(address)
    await page.wait_for_selector(".entry")
    return page


async def take(demo: Demo, browser: Browser, address: str) -> None:
    """Take both pictures."""
    await live(demo)
    page = await opened(browser, f"{address}/#{ANN}", scheme="light")
    await expect(page.locator(".step.done")).to_have_count(3)
    await page.get_by_text("08:30").last.wait_for()
    await page.screenshot(path=PICTURES / "demo.png")

    await says_to_everybody(demo)
    page = await opened(browser, f"{address}/#{OPERATOR}", scheme="dark")
    await page.click("#show-inspector")
    await expect(page.locator(".entry").last).to_contain_text(HALFWAY, timeout=PATIENCE_MILLISECONDS)
    # Answers of Telegram's that the bot has to cope with, for the inspector to show.
    await page.get_by_label("429 Too Many Requests: how often").select_option("10")
    await page.get_by_role("switch", name="429").click()
    await page.locator(".calls li:nth-child(-n+6) .bad", has_text="429").first.wait_for()
    await page.screenshot(path=PICTURES / "demo-inspector.png")


async def says_to_everybody(demo: Demo) -> None:
    """Let the operator send a message to a thousand people."""
    await demo.stagehand.acts()["gather"]({})
    charlotte = demo.cast.player(OPERATOR).person
    await charlotte.sends("/broadcast")
    await demo.sandbox.quiet()
    await charlotte.sends(NEWS)
    await demo.sandbox.quiet()
    for label in ("An article", "Send"):
        await charlotte.presses(label)
        await demo.sandbox.quiet()
    await charlotte.presses(charlotte.last.labels[0][0])


async def main() -> None:
    """Run a demo and a browser, and write the pictures."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    PICTURES.mkdir(parents=True, exist_ok=True)
    stop, listener = asyncio.Event(), listening_socket("127.0.0.1", 0)
    with TemporaryDirectory() as folder:
        async with open_demo(Path(folder), is_kept=False, begins=BEGINS) as demo, asyncio.TaskGroup() as tasks:
            tasks.create_task(demo.run(listener, stop))
            await demo.opened()
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                await take(demo, browser, f"http://127.0.0.1:{listener.getsockname()[1]}")
                await browser.close()
            stop.set()


if __name__ == "__main__":
    asyncio.run(main())
