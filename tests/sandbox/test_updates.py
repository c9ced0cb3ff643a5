"""Updates: what people do, as the bot hears of it, by polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict

from tests.sandbox.conftest import Raw, Watch
from tipbot.sandbox import NoSuchButtonError, Person, Sandbox

CHOICE = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


async def test_a_command_arrives_as_one(bot: Bot, ann: Person) -> None:
    await ann.sends("/start clinic-door")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.text, update.message.from_user.language_code) == ("/start clinic-door", "en")
    assert list(update.message.parse_entities(["bot_command"]).values()) == ["/start"]


async def test_the_offset_confirms(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    for text in ("one", "two", "three"):
        await ann.sends(text)
    first = await bot.get_updates(limit=2)
    assert [update.message.text for update in first if update.message] == ["one", "two"]
    assert [update.update_id for update in await bot.get_updates(limit=2)] == [1, 2]
    assert [update.update_id for update in await bot.get_updates(offset=2)] == [2, 3]
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == [3]
    assert [update.update_id for update in await bot.get_updates()] == [3]
    assert await bot.get_updates(offset=4) == ()
    await sandbox.quiet(timeout=0)


async def test_a_poll_waits_for_the_next_update(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(bot.get_updates(timeout=30))
        await sandbox.until(lambda: sandbox.telegram.updates.polls == 1)
        await ann.sends("hello")
    assert [update.update_id for update in poll.result()] == [1]


async def test_a_poll_that_nothing_ends_comes_back_empty(raw: Raw) -> None:
    assert await raw.result("getUpdates", timeout=0) == []


async def test_the_first_of_two_polls_is_refused(raw: Raw, sandbox: Sandbox, ann: Person) -> None:
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(raw.refusal("getUpdates", timeout=30))
        await sandbox.until(lambda: sandbox.telegram.updates.polls == 1)
        second = tasks.create_task(raw.result("getUpdates", timeout=30))
        await sandbox.until(lambda: sandbox.calls.counts["getUpdates"] == 1)
        await ann.sends("hello")
    refused = "terminated by other getUpdates request; make sure that only one bot instance is running"
    assert first.result() == f"Conflict: {refused}"
    assert len(second.result()) == 1


async def test_the_kinds_of_updates_are_remembered(bot: Bot, ann: Person) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await ann.sends("unheard")
    await bot.get_updates()
    await ann.sends("unheard too")
    assert await bot.get_updates(allowed_updates=[]) == ()
    await ann.sends("heard")
    assert len(await bot.get_updates()) == 1


async def test_updates_are_kept_a_day_and_presses_150_seconds(bot: Bot, ann: Person, watch: Watch) -> None:
    await bot.send_message(ann.chat_id, "Well?", reply_markup=CHOICE)
    await ann.presses("Yes")
    await ann.sends("hello")
    watch.forward(seconds=151)
    assert [update.update_id for update in await bot.get_updates()] == [2]
    watch.forward(hours=24)
    assert await bot.get_updates() == ()


async def test_a_press_is_answered_once_and_in_time(bot: Bot, ann: Person, watch: Watch) -> None:
    sent = await bot.send_message(ann.chat_id, "Well?", reply_markup=CHOICE)
    await ann.presses("Yes")
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert query.message is not None
    assert (query.data, query.message.message_id) == ("yes", sent.message_id)
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(query.id, "x" * 201)
    await bot.answer_callback_query(query.id, "Noted", show_alert=True)
    assert [(toast.text, toast.alert) for toast in ann.toasts] == [("Noted", True)]
    expired = "Query is too old and response timeout expired or query id is invalid"
    with pytest.raises(BadRequest, match=expired):
        await bot.answer_callback_query(query.id)
    await ann.presses("Yes")
    late = (await bot.get_updates(offset=-1))[0].callback_query
    assert late is not None
    watch.forward(seconds=16)
    with pytest.raises(BadRequest, match=expired):
        await bot.answer_callback_query(late.id)


async def test_buttons_are_found_by_label(bot: Bot, ann: Person) -> None:
    first = await bot.send_message(ann.chat_id, "One?", reply_markup=CHOICE)
    second = await bot.send_message(ann.chat_id, "Two?", reply_markup=CHOICE)
    with pytest.raises(NoSuchButtonError, match=r"Ann sees no button 'Maybe'; there are: \['Yes', 'Yes'\]"):
        await ann.presses("Maybe")
    old = ann.screen[0]
    await ann.presses("Yes")
    await bot.edit_message_text("Over", ann.chat_id, first.message_id)
    await ann.presses_data("yes", old)
    await bot.delete_message(ann.chat_id, first.message_id)
    await ann.presses_data("yes", old)
    queries = [update.callback_query for update in await bot.get_updates()]
    numbers = [query.message.message_id for query in queries if query and query.message]
    assert numbers == [second.message_id, first.message_id, first.message_id]
    assert [query.message.is_accessible for query in queries if query and query.message] == [True, True, False]


async def test_blocking_is_told_and_deactivating_is_not(bot: Bot, ann: Person) -> None:
    await ann.blocks()
    with pytest.raises(RuntimeError, match="unblocks"):
        await ann.sends("x")
    await ann.unblocks()
    await ann.deactivates()
    changes = [update.my_chat_member for update in await bot.get_updates()]
    statuses = [(change.old_chat_member.status, change.new_chat_member.status) for change in changes if change]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def test_edits_pictures_stickers_files_and_places(bot: Bot, ann: Person) -> None:
    hello = await ann.sends("helo")
    await ann.edits(hello, "hello /help")
    await ann.sends_photo(caption="look", reply_to=hello)
    await ann.sends_sticker()
    await ann.sends_document("list.csv", b"a,b")
    await ann.shares_location(51.5, -0.12)
    updates = await bot.get_updates()
    edited, photo, sticker, document, place = [update.effective_message for update in updates[1:]]
    assert edited is not None
    assert photo is not None
    assert sticker is not None
    assert document is not None
    assert place is not None
    assert updates[1].edited_message is edited
    assert (edited.text, edited.entities[0].type) == ("hello /help", "bot_command")
    assert (photo.caption, photo.photo[0].width) == ("look", 8)
    assert photo.reply_to_message is not None
    assert sticker.sticker is not None
    assert document.document is not None
    assert place.location is not None
    assert place.location.latitude == 51.5
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b"


async def test_groups_are_heard_as_privacy_mode_allows(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    bob = sandbox.person("Bob")
    group = sandbox.group("Team", administrators=[ann], members=[bob])
    ours = await bot.send_message(group.chat_id, "Hello all")
    assert ours.chat.type == "group"
    await bob.sends("just talking", to=group)
    await bob.sends("/tip", to=group)
    await bob.sends("/tip@other_bot", to=group)
    await bob.sends("/tip@tipbot_sandbox_bot", to=group)
    await bob.sends("thanks", to=group, reply_to=bob.sees(group)[0])
    await bob.sends("hey @tipbot_sandbox_bot", to=group)
    await group.promotes_bot()
    await bob.sends("all of it", to=group)
    updates = await bot.get_updates()
    heard = [update.message.text for update in updates if update.message]
    assert heard == ["/tip", "/tip@tipbot_sandbox_bot", "thanks", "hey @tipbot_sandbox_bot", "all of it"]
    assert updates[0].my_chat_member is not None
    stranger = sandbox.person("Eve")
    with pytest.raises(RuntimeError, match="not in the group"):
        await stranger.sends("x", to=group)


async def test_comings_and_goings_are_told_on_request(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    bob = sandbox.person("Bob")
    group = sandbox.group("Team", administrators=[ann])
    await group.adds(bob.user)
    await bob.sends("/tip", to=group)
    assert [update.message is not None for update in await bot.get_updates()] == [False, True]
    await bot.get_updates(offset=-1, allowed_updates=["chat_member"])
    await group.removes(bob.user)
    change = (await bot.get_updates(offset=-1))[0].chat_member
    assert change is not None
    assert change.new_chat_member.status == "kicked"
    assert (await bot.get_chat_member(group.chat_id, bob.chat_id)).status == "kicked"


async def test_migration_is_told_from_both_sides(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    group = sandbox.group("Team", administrators=[ann])
    old, new = group.chat_id, await group.migrate()
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [(message.chat.id, message.migrate_to_chat_id) for message in messages] == [(old, new), (new, None)]
    assert messages[1].migrate_from_chat_id == old


async def test_quiet_says_what_it_waits_for(sandbox: Sandbox, ann: Person) -> None:
    await ann.sends("hello")
    with pytest.raises(TimeoutError, match=f"message in chat {ann.chat_id}"):
        await sandbox.quiet(timeout=0)


async def test_events_are_followed_as_they_happen(bot: Bot, sandbox: Sandbox, ann: Person) -> None:
    with sandbox.telegram.events.subscription() as events:
        sent = await bot.send_message(ann.chat_id, "one")
        await bot.edit_message_text("two", ann.chat_id, sent.message_id)
        await bot.delete_message(ann.chat_id, sent.message_id)
        kinds = [(await events.get()).kind for _ in range(3)]
    assert kinds == ["sent", "edited", "deleted"]
    number = sandbox.telegram.events.since(0)[0].number
    assert len(sandbox.telegram.events.since(number)) == 2


class Hook:
    """A webhook that notes what it gets and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[Update, str | None]] = []
        self.tries: list[int] = []
        self.failures = 0
        self.reply: dict[str, Any] | None = None

    async def receive(self, request: web.Request) -> web.Response:
        update = Update.de_json(await request.json())
        self.tries.append(update.update_id)
        if self.failures:
            self.failures -= 1
            return web.Response(status=500)
        self.got.append((update, request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.json_response(self.reply) if self.reply else web.Response()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        application = web.Application()
        application.router.add_post("/hook", self.receive)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        finally:
            await runner.cleanup()


async def test_a_webhook_gets_updates_with_the_secret(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    hook = Hook()
    hook.reply = {"method": "sendMessage", "chat_id": ann.chat_id, "text": "got it"}
    await ann.sends("before")
    async with hook.listening() as url:
        await bot.set_webhook(url, secret_token="s3cret")  # noqa: S106 - of this test only
        await ann.sends("after")
        await sandbox.quiet()
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        assert [secret for _, secret in hook.got] == ["s3cret", "s3cret"]
        assert [update.message.text for update, _ in hook.got if update.message] == ["before", "after"]
        assert [message.text for message in sandbox.sent_to(ann.chat_id)] == ["got it", "got it"]
        await bot.delete_webhook()
    await ann.sends("polled")
    assert len(await bot.get_updates()) == 1


async def test_a_webhook_that_fails_is_tried_again_in_order(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    hook = Hook()
    hook.failures = 2
    async with hook.listening() as url:
        await bot.set_webhook(url)
        for text in ("one", "two"):
            await ann.sends(text)
        await sandbox.quiet()
    assert hook.tries == [1, 1, 1, 2]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert info.pending_update_count == 0


async def test_setting_a_webhook_drops_what_waits_and_ends_the_poll(
    bot: Bot, raw: Raw, ann: Person, sandbox: Sandbox
) -> None:
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(raw.refusal("getUpdates", timeout=30))
        await sandbox.until(lambda: sandbox.telegram.updates.polls == 1)
        await bot.set_webhook("http://127.0.0.1:9/hook")
    assert poll.result() == "Conflict: terminated by setWebhook request"
    await ann.sends("lost")
    await sandbox.until(lambda: sandbox.telegram.webhook_error is not None)
    assert (await bot.get_webhook_info()).last_error_message == "Connection refused"
    await bot.delete_webhook(drop_pending_updates=True)
    await sandbox.quiet(timeout=0)
    refused = await raw.refusal("setWebhook", url="https://elsewhere.example/hook")
    assert "only to http:// on this machine" in refused
