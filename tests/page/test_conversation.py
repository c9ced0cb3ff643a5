"""Conversations in a real browser: what Telegram shows and does, as people see it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, expect

from tests.page.conftest import Stage, opened
from tipbot.sandbox.parameters import Upload
from tipbot.sandbox.pictures import plain_picture

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

FORMATS = (
    "<b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <tg-spoiler>secret</tg-spoiler> <code>x = 1</code>\n"
    '<a href="https://clinic.example/book">link</a> /help\n<blockquote>a quote</blockquote>'
    f"<blockquote expandable>{'a long quote goes on. ' * 20}</blockquote>"
    '<tg-time unix="1795446000" format="wt">15:00</tg-time>'
)
KEYS = {
    "inline_keyboard": [
        [{"text": "Yes", "callback_data": "yes"}, {"text": "No", "callback_data": "no"}],
        [{"text": "Book", "url": "https://clinic.example/book"}],
    ]
}
BELOW = {"keyboard": [[{"text": "Share where I am", "request_location": True}], [{"text": "Not now"}]]}


def picture(grey: int, kind: str = "image/png") -> Upload:
    return Upload("picture.png", kind, plain_picture(320, 240, grey))


async def test_messages_look_as_in_telegram(stage: Stage, context: BrowserContext) -> None:
    window = await opened(context, stage.address)
    page = window.page
    await stage.says(FORMATS, reply_markup=KEYS)
    words = page.locator(".entry .words")
    for tag, inside in (("strong", "bold"), ("em", "italic"), ("u", "under"), ("s", "struck"), ("code", "x = 1")):
        await expect(words.locator(tag).first).to_have_text(inside)
    await expect(words.locator("a")).to_have_attribute("rel", "noopener noreferrer")
    await expect(words.locator("blockquote").first).to_have_text("a quote")
    # In London, where Ann is, by the clock of her zone.
    await expect(words.locator("time")).to_have_text("Monday, 15:00")
    await expect(page.get_by_role("button", name="Hidden words")).to_be_visible()
    await page.get_by_role("button", name="Hidden words").click()
    await expect(words.locator(".spoiler.shown")).to_have_text("secret")
    await page.get_by_role("button", name="Show all").click()
    await expect(page.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    await expect(page.get_by_role("link", name="Book")).to_have_attribute("href", "https://clinic.example/book")

    await page.get_by_role("button", name="Yes", exact=True).click()
    press = await stage.pressed()
    assert press["data"] == "yes"
    await expect(page.locator(".key.waiting")).to_have_count(1)
    await stage.bot("answerCallbackQuery", callback_query_id=press["id"], text="Noted")
    await expect(page.locator(".toast")).to_have_text("Noted")
    await expect(page.locator(".key.waiting")).to_have_count(0)
    await stage.bot("editMessageText", chat_id=1001, message_id=press["message"]["message_id"], text="All done")
    await expect(page.locator(".entry .words")).to_have_text("All done")
    await expect(page.locator(".entry .edited")).to_be_visible()
    await expect(page.locator(".entry .key")).to_have_count(0)
    await stage.bot("deleteMessage", chat_id=1001, message_id=press["message"]["message_id"])
    await expect(page.locator(".entry")).to_have_count(0)
    assert window.complaints == []


async def test_alerts_typing_unread_marks_and_keyboards(stage: Stage, context: BrowserContext) -> None:
    window = await opened(context, stage.address)
    page = window.page
    first = await stage.says("Press", reply_markup=KEYS)
    await stage.ann.presses("No")
    press = await stage.pressed()
    await stage.bot("answerCallbackQuery", callback_query_id=press["id"], text="Closed today", show_alert=True)
    await expect(page.get_by_role("dialog")).to_contain_text("Closed today")
    await page.get_by_role("button", name="OK").click()
    await stage.bot("sendChatAction", chat_id=1001, action="typing")
    await expect(page.locator(".chat-head .doing")).to_have_text("TipBot is typing")
    await stage.says("Where are you?", reply_markup=BELOW, reply_parameters={"message_id": first})
    await expect(page.locator(".chat-head .doing")).to_have_count(0)
    await expect(page.locator(".quoted")).to_contain_text("Press")
    await page.get_by_role("button", name="Share where I am").click()
    await page.get_by_role("button", name="Delhi").click()
    await expect(page.locator(".place")).to_be_visible()
    await expect(page.locator(".zone.mine")).to_contain_text("Delhi")

    await stage.acts("send", person=1002, chat=1002, text="/start")
    await stage.says("Hello, Ben", stage.ben)
    await stage.says("One more", stage.ben)
    await expect(page.locator("#chats .badge")).to_have_text("2 new messages")
    await page.get_by_role("link", name="Ben").click()
    await expect(page.locator("#chats .badge")).to_have_count(0)
    await page.get_by_role("button", name="What to do with this chat").click()
    await page.get_by_role("button", name="Block the bot").click()
    await page.get_by_role("button", name="Unblock the bot").click()
    await expect(page.locator("#words")).to_be_visible()
    assert stage.ben.chat.bot_standing == "member"
    assert window.complaints == []


async def test_pictures_and_files_come_and_go(stage: Stage, context: BrowserContext, tmp_path: Path) -> None:
    window = await opened(context, stage.address)
    page = window.page
    ann = stage.ann.chat_id
    await stage.bot("sendPhoto", chat_id=ann, caption="Three steps", files={"photo": picture(90)})
    album: list[dict[str, Any]] = [{"type": "photo", "media": f"attach://p{number}"} for number in range(3)]
    files = {f"p{number}": picture(100 + number * 40) for number in range(3)}
    await stage.bot("sendMediaGroup", chat_id=ann, media=album, files=files)
    await stage.bot(
        "sendAnimation", chat_id=ann, files={"animation": Upload("a.gif", "image/gif", b"GIF89a\1\0\1\0")}
    )
    await stage.bot("sendVoice", chat_id=ann, files={"voice": Upload("v.ogg", "audio/ogg", b"OggS")})
    await stage.bot("sendVideo", chat_id=ann, files={"video": Upload("v.mp4", "video/mp4", b"\0\0\0\x18ftyp")})
    await stage.bot("sendDocument", chat_id=ann, files={"document": Upload("plan.txt", "text/plain", b"walk")})
    await stage.bot("sendPhoto", chat_id=ann, has_spoiler=True, files={"photo": picture(50)})
    await expect(page.get_by_role("img", name="Photo from TipBot").first).to_have_js_property("naturalWidth", 320)
    await expect(page.locator(".album img")).to_have_count(3)
    await expect(page.get_by_role("button", name="Play the animation")).to_be_visible()
    await expect(page.locator("audio")).to_have_count(1)
    await expect(page.locator("video")).to_have_count(1)
    await expect(page.get_by_role("link", name="plan.txt")).to_have_attribute("download", "plan.txt")
    await page.get_by_role("button", name="Hidden picture").click()
    await expect(page.locator(".media-spoiler")).to_have_count(0)

    paths = [tmp_path / name for name in ("one.png", "two.png")]
    for path in paths:
        path.write_bytes(plain_picture(2000, 1000, 60))
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Attach").click()
        await page.get_by_role("button", name="Photo or album").click()
    await (await choosing.value).set_files(paths)
    await expect(page.locator(".mine .album img")).to_have_count(2)
    sent = [update.payload["photo"][-1] for update in stage.sandbox.telegram.updates.waiting()]
    # As Telegram's apps do: a photo is made smaller before it goes out.
    assert [(photo["width"], photo["height"]) for photo in sent] == [(1280, 640)] * 2


async def test_nothing_foreign_is_ever_run(stage: Stage, context: BrowserContext) -> None:
    evil = "<img src=x onerror=window.ran=1><script>window.ran=1</script>"
    stage.ann.chat.name = evil
    stage.group.chat.name = evil
    stage.sandbox.telegram.profile.set_text("description", "", evil)
    await stage.ann.sends(evil)
    js = {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:window.ran=1"}
    await stage.bot("sendMessage", chat_id=1001, text=f"link {evil}", entities=[js])
    keys = {"inline_keyboard": [[{"text": evil, "url": "tg://user?id=1"}, {"text": evil, "callback_data": "x"}]]}
    await stage.bot("sendMessage", chat_id=1001, text="keys", reply_markup=keys)
    await stage.bot("sendMessage", chat_id=1001, text="below", reply_markup={"keyboard": [[evil]]})
    svg = Upload(f"{evil}.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran=1'/>")
    await stage.bot("sendDocument", chat_id=1001, files={"document": svg})
    commands = [{"command": "evil", "description": evil}]
    await stage.bot("setMyCommands", commands=commands)
    window = await opened(context, stage.address, script="window.ran = 0")
    page = window.page
    await expect(page.get_by_text(evil).first).to_be_visible()
    await page.get_by_text("link", exact=False).first.click()
    await page.fill("#words", "/")
    await page.get_by_role("option").click()
    for entry in await page.locator("button.key").all():
        await entry.click()
    await stage.bot("sendChatAction", chat_id=1001, action="typing")
    press = await stage.pressed()
    await stage.bot("answerCallbackQuery", callback_query_id=press["id"], text=evil)
    await expect(page.locator(".toast", has_text=evil)).to_be_visible()
    await page.get_by_role("button", name="Inspector").click()
    await page.locator(".calls summary").first.click()
    await expect(page.locator(".json").first).to_be_visible()
    # An address that does nothing good is no address: the words stay.
    assert await page.locator("a[href^=javascript], a[href^=tg]").count() == 0
    assert await page.evaluate("window.ran") == 0
    assert await page.locator(".entry img, .chat img, .entry script").count() == 0
    assert window.complaints == []
