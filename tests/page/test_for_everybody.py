"""The page for those who have a small screen, no mouse or a screen reader, and for those who write a lot."""

from typing import Any

import pytest
from playwright.async_api import BrowserContext, expect

from tests.page.conftest import Stage, opened

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

MANY = 500
MOST_DRAWN = 130
KEYS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}, {"text": "No", "callback_data": "no"}]]}


async def test_five_hundred_messages_stay_light(stage: Stage, context: BrowserContext) -> None:
    for number in range(MANY):
        await (stage.ann.sends(f"question {number}") if number % 2 else stage.says(f"answer {number}"))
    window = await opened(context, stage.address)
    page = window.page
    entries = page.locator(".entry")
    await expect(page.get_by_text("question 499", exact=True)).to_be_in_viewport()
    assert await entries.count() < MOST_DRAWN
    assert await entries.first.evaluate("entry => getComputedStyle(entry).contentVisibility") == "auto"
    # What is there is left alone when something comes: one entry is added, and none taken away or drawn again.
    await page.evaluate("""() => {
        window.added = window.removed = 0;
        new MutationObserver((changes) => changes.forEach((change) => {
            window.added += change.addedNodes.length; window.removed += change.removedNodes.length;
        })).observe(document.querySelector(".messages"), { childList: true });
    }""")
    for number in range(20):
        await stage.says(f"more {number}")
    await expect(page.get_by_text("more 19", exact=True)).to_be_in_viewport()
    assert await page.evaluate("[window.added, window.removed]") == [20, 0]
    await page.locator(".scroller").evaluate("log => { log.scrollTop = 0; }")
    await expect(page.get_by_text("answer 400", exact=True)).to_be_attached()
    await expect(page.get_by_role("button", name="To the newest message")).to_be_visible()
    await page.get_by_role("button", name="To the newest message").click()
    await expect(page.get_by_text("more 19", exact=True)).to_be_in_viewport()
    assert window.complaints == []


async def test_a_phone_has_one_column(stage: Stage, context: BrowserContext) -> None:
    await stage.says("A word that is much longer than a phone is wide: " + "w" * 200, reply_markup=KEYS)
    window = await opened(context, stage.address)
    page = window.page
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto(f"{stage.address}/#")
    await page.reload()
    await expect(page.get_by_role("navigation", name="Chats")).to_be_visible()
    await expect(page.locator("#conversation")).to_be_hidden()
    await page.get_by_role("link", name="Ann").click()
    await expect(page.locator("#words")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Chats")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    width = await page.locator(".stack").evaluate("stack => stack.getBoundingClientRect().right")
    assert width <= 360
    await page.get_by_role("button", name="Inspector").or_(page.locator("#show-inspector")).first.click()
    await expect(page.get_by_role("heading", name="Calls of the bot")).to_be_visible()
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("link", name="Back to the chats").click()
    await expect(page.get_by_role("navigation", name="Chats")).to_be_visible()
    assert window.complaints == []


async def test_the_keyboard_alone_is_enough(stage: Stage, context: BrowserContext) -> None:
    commands = [{"command": name, "description": f"About {name}"} for name in ("tip", "time", "help")]
    await stage.bot("setMyCommands", commands=commands)
    window = await opened(context, stage.address)
    page = window.page
    keys = page.keyboard
    await keys.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the message field")).to_be_focused()
    await keys.press("Enter")
    await expect(page.locator("#words")).to_be_focused()
    await keys.type("/ti")
    await expect(page.get_by_role("option")).to_have_count(2)
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator(".mine .words")).to_have_text("/time")
    assert stage.ann.last.text == "/time"
    assert window.complaints == []


async def test_messages_and_their_buttons_by_keyboard(stage: Stage, context: BrowserContext) -> None:
    await stage.says("Older", reply_markup=KEYS)
    asked = await stage.says("Newest", reply_markup=KEYS)
    window = await opened(context, stage.address)
    page, keys = window.page, window.page.keyboard
    # Arrows go from message to message, Tab into the buttons of the current one only.
    await page.locator(".scroller").focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowDown"):
        await keys.press(key)
    await expect(page.locator(".entry:focus .words")).to_have_text("Newest")
    await keys.press("Tab")
    await expect(page.locator(".key:focus")).to_have_text("Yes")
    await keys.press("Enter")
    press = await stage.pressed()
    assert press["message"]["message_id"] == asked
    edited = {"inline_keyboard": [[{"text": "Next", "callback_data": "next"}]]}
    await stage.bot("editMessageText", chat_id=1001, message_id=asked, text="A question", reply_markup=edited)
    # The message changed under the finger; whoever is there stays there, and is told.
    await expect(page.locator(".key:focus")).to_have_text("Next")
    await expect(page.locator("#announcer")).to_contain_text("TipBot, changed: A question")
    # While a message counts up, its buttons stay the very same: a click that has begun must not be lost.
    await page.locator(".key:focus").evaluate("key => { window.key = key; }")
    for percent in range(3):
        given: dict[str, Any] = {"chat_id": 1001, "message_id": asked, "reply_markup": edited}
        await stage.bot("editMessageText", text=f"{percent} %", **given)
    await expect(page.get_by_text("2 %", exact=True).last).to_be_visible()
    assert await page.evaluate("window.key === document.activeElement && window.key.isConnected")
    assert "%" not in await page.locator("#announcer").inner_text()

    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("#actions button:focus")).to_have_text("Reply")
    await keys.press("Enter")
    await expect(page.locator(".banner")).to_contain_text("Reply to TipBot")
    await keys.press("Escape")
    await expect(page.locator(".banner")).to_be_hidden()
    await page.get_by_role("link", name="Ben").focus()
    await keys.press("Enter")
    await page.locator("#start").focus()
    await keys.press("Enter")
    await expect(page.locator("#words")).to_be_visible()
    assert stage.ben.last.text == "/start clinic-door"
    assert window.complaints == []


async def test_screen_readers_find_names_roles_and_contrast(stage: Stage, context: BrowserContext) -> None:
    await stage.bot("setMyCommands", commands=[{"command": "tip", "description": "A tip"}])
    await stage.says(
        "<b>Sit</b>, then <tg-spoiler>shift</tg-spoiler> /tip\n<blockquote>why</blockquote>", reply_markup=KEYS
    )
    await stage.ann.sends("/tip please")
    await stage.says("Keys below", reply_markup={"keyboard": [["One", "Two"]]})
    window = await opened(context, stage.address)
    page = window.page
    await page.get_by_role("button", name="Inspector").click()
    await page.get_by_role("switch", name="429").click()
    await page.get_by_role("button", name="Menu").click()
    await page.locator(".calls summary").first.click()
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        assert await window.axe() == [], theme
    await page.get_by_role("button", name="Light or dark").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "light")
    await page.get_by_role("button", name="Attach").click()
    await page.get_by_role("button", name="Location").click()
    await expect(page.get_by_role("dialog", name="Where are you?")).to_be_visible()
    assert await window.axe() == []
    assert window.complaints == []
