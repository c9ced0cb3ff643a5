"""Sending, changing and taking back, through python-telegram-bot over HTTP."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from tests.sandbox.conftest import Raw, Watch
from tipbot.sandbox import Button, NoSuchButtonError, Person, Sandbox
from tipbot.sandbox.files import LARGEST_FILE, Files
from tipbot.sandbox.parameters import Upload
from tipbot.sandbox.pictures import plain_picture
from tipbot.sandbox.refusals import RefusalError

YES_NO = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Yes", callback_data="yes"), InlineKeyboardButton("No", callback_data="no")],
        [InlineKeyboardButton("Book", url="https://clinic.example/book")],
    ],
)


async def test_the_bot_knows_itself(bot: Bot, sandbox: Sandbox) -> None:
    assert (await bot.get_me()).username == "tipbot_sandbox_bot"
    assert bot.id == int(sandbox.token.split(":")[0])


async def test_a_message_arrives_with_format_and_buttons(bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(
        ann.chat_id,
        "<b>Sit</b>, then shift",
        parse_mode=ParseMode.HTML,
        reply_markup=YES_NO,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text_html == "<b>Sit</b>, then shift"
    assert ann.last.message_id == sent.message_id
    assert (ann.last.text, ann.last.html) == ("Sit, then shift", "<b>Sit</b>, then shift")
    assert ann.last.from_bot
    assert not ann.last.edited
    assert ann.last.labels == [["Yes", "No"], ["Book"]]
    assert ann.last.button("Yes") == Button("Yes", data="yes")
    assert ann.last.button("Book") == Button("Book", url="https://clinic.example/book")
    with pytest.raises(NoSuchButtonError, match="there are"):
        ann.last.button("Maybe")


async def test_an_edit_without_buttons_takes_them_away(bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(ann.chat_id, "One", reply_markup=YES_NO)
    await bot.edit_message_text("Two", ann.chat_id, sent.message_id)
    assert (ann.last.text, ann.last.edited, ann.last.buttons) == ("Two", True, ())
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content and reply"):
        await bot.edit_message_text(" <b></b>Two\n", ann.chat_id, sent.message_id, parse_mode=ParseMode.HTML)
    await bot.edit_message_reply_markup(ann.chat_id, sent.message_id, reply_markup=YES_NO)
    assert ann.last.labels[0] == ["Yes", "No"]
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("Two", ann.chat_id, sent.message_id, reply_markup=YES_NO)


async def test_what_cannot_be_edited(bot: Bot, ann: Person) -> None:
    own = await ann.sends("hello")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", ann.chat_id, own.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", ann.chat_id, 9999)
    below = await bot.send_message(ann.chat_id, "Choose", reply_markup=ReplyKeyboardMarkup([["Later"]]))
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", ann.chat_id, below.message_id)
    picture = await bot.send_photo(ann.chat_id, plain_picture(20, 10))
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", ann.chat_id, picture.message_id)
    text = await bot.send_message(ann.chat_id, "x")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(ann.chat_id, text.message_id, caption="x")


async def test_messages_go_within_48_hours(bot: Bot, ann: Person, watch: Watch) -> None:
    old = await bot.send_message(ann.chat_id, "old")
    watch.forward(hours=47)
    young = await bot.send_message(ann.chat_id, "young")
    theirs = await ann.sends("mine")
    watch.forward(hours=2)
    assert await bot.delete_message(ann.chat_id, young.message_id)
    assert await bot.delete_message(ann.chat_id, theirs.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(ann.chat_id, young.message_id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(ann.chat_id, old.message_id)
    assert [message.text for message in ann.screen] == ["old"]


async def test_several_are_deleted_at_once(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    sent = [await bot.send_message(ann.chat_id, str(number)) for number in range(3)]
    await bot.delete_messages(ann.chat_id, [sent[0].message_id, 9999, sent[2].message_id])
    assert [message.text for message in ann.screen] == ["1"]
    assert [message.deleted for message in sandbox.sent_to(ann.chat_id)] == [True, False, True]


async def test_pictures_are_kept_and_sent_again_by_id(bot: Bot, ann: Person) -> None:
    picture = plain_picture(40, 30)
    sent = await bot.send_photo(ann.chat_id, picture, caption="<i>Hug</i>", parse_mode=ParseMode.HTML)
    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)
    assert (ann.last.media, ann.last.html) == ("photo", "<i>Hug</i>")
    again = await bot.send_photo(ann.chat_id, sent.photo[-1].file_id)
    assert again.photo == sent.photo
    file = await bot.get_file(sent.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == picture
    with pytest.raises(BadRequest, match="Can't use file of type photo as document"):
        await bot.send_document(ann.chat_id, sent.photo[-1].file_id)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(ann.chat_id, picture, caption="x" * 1025)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(ann.chat_id, b"not a picture")
    with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(ann.chat_id, plain_picture(210, 10))


async def test_other_files_and_albums(bot: Bot, ann: Person) -> None:
    animation = await bot.send_animation(ann.chat_id, b"GIF89a\x10\0\x10\0...", filename="hug.gif")
    assert animation.animation is not None
    assert animation.animation.width == 16
    await bot.send_video(ann.chat_id, b"moving", filename="hug.mp4")
    document = await bot.send_document(ann.chat_id, b"a,b", filename="report.csv", caption="Report")
    assert document.document is not None
    assert document.document.file_name == "report.csv"
    album = await bot.send_media_group(
        ann.chat_id,
        [InputMediaPhoto(plain_picture(10, 10), caption="first"), InputMediaPhoto(plain_picture(10, 12))],
    )
    assert album[0].media_group_id == album[1].media_group_id is not None
    media = [message.media for message in ann.screen]
    assert media == ["animation", "video", "document", "photo", "photo"]
    with pytest.raises(BadRequest, match="from 2 to 10 items"):
        await bot.send_media_group(ann.chat_id, [InputMediaPhoto(plain_picture(10, 10))])


async def test_what_telegram_takes_of_a_document(bot: Bot, ann: Person) -> None:
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(ann.chat_id, b"{}", filename="data.json", caption="x" * 1025)
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(ann.chat_id, b"", filename="data.json")
    with pytest.raises(RefusalError, match="Request Entity Too Large"):
        Files().store("document", Upload("data.json", "application/json", bytes(LARGEST_FILE + 1)))


async def test_media_and_captions_can_be_changed(bot: Bot, ann: Person) -> None:
    sent = await bot.send_photo(ann.chat_id, plain_picture(20, 10), caption="one", reply_markup=YES_NO)
    await bot.edit_message_caption(ann.chat_id, sent.message_id, caption="two", reply_markup=YES_NO)
    assert (ann.last.text, ann.last.labels[0]) == ("two", ["Yes", "No"])
    changed = await bot.edit_message_media(
        InputMediaPhoto(plain_picture(30, 10), caption="three"), ann.chat_id, sent.message_id
    )
    assert not isinstance(changed, bool)
    assert changed.photo[-1].width == 30
    assert (ann.last.text, ann.last.buttons) == ("three", ())


async def test_copies_and_forwards(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    bob = sandbox.person("Bob", started=True)
    sent = await bot.send_photo(ann.chat_id, plain_picture(20, 10), caption="<b>Look</b>", parse_mode="HTML")
    await bot.copy_message(bob.chat_id, ann.chat_id, sent.message_id, reply_markup=YES_NO)
    assert (bob.last.html, bob.last.labels[0]) == ("<b>Look</b>", ["Yes", "No"])
    await bot.copy_message(bob.chat_id, ann.chat_id, sent.message_id, caption="New")
    assert bob.last.text == "New"
    forwarded = await bot.forward_message(bob.chat_id, ann.chat_id, sent.message_id)
    assert forwarded.forward_origin is not None
    more = await bot.send_message(ann.chat_id, "more")
    copies = await bot.copy_messages(bob.chat_id, ann.chat_id, [sent.message_id, more.message_id])
    assert [copy.message_id for copy in copies] == [shown.message_id for shown in bob.screen[-2:]]
    with pytest.raises(BadRequest, match="strictly increasing"):
        await bot.copy_messages(bob.chat_id, ann.chat_id, [more.message_id, sent.message_id])
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(bob.chat_id, ann.chat_id, 9999)
    with pytest.raises(BadRequest, match="Message to forward not found"):
        await bot.forward_message(bob.chat_id, ann.chat_id, 9999)


async def test_replies(bot: Bot, ann: Person) -> None:
    question = await ann.sends("why?")
    answer = await bot.send_message(ann.chat_id, "because", reply_to_message_id=question.message_id)
    assert answer.reply_to_message is not None
    assert ann.last.reply_to == question.message_id
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(ann.chat_id, "x", reply_to_message_id=9999)
    await bot.send_message(ann.chat_id, "y", reply_to_message_id=9999, allow_sending_without_reply=True)
    assert ann.last.text == "y"
    assert ann.last.reply_to is None


async def test_the_keyboard_below_stays_until_it_is_removed(bot: Bot, ann: Person) -> None:
    await bot.send_message(ann.chat_id, "When?", reply_markup=ReplyKeyboardMarkup([["Now", "Later"]]))
    assert ann.keyboard == [["Now", "Later"]]
    await ann.presses("Later")
    assert (ann.last.text, ann.last.from_bot) == ("Later", False)
    await bot.send_message(ann.chat_id, "Good", reply_markup=ReplyKeyboardRemove())
    assert ann.keyboard == []


async def test_who_cannot_be_written_to(bot: Bot, sandbox: Sandbox, ann: Person) -> None:
    stranger = sandbox.person("Stranger")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.chat_id, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(31337, "x")
    await ann.blocks()
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_chat_action(ann.chat_id, ChatAction.TYPING)
    await ann.unblocks()
    assert await bot.send_chat_action(ann.chat_id, ChatAction.TYPING)
    await ann.deactivates()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(ann.chat_id, "x")


async def test_groups_move_and_throw_the_bot_out(bot: Bot, sandbox: Sandbox, ann: Person) -> None:
    bob = sandbox.person("Bob")
    group = sandbox.group("Team", administrators=[ann], members=[bob])
    await bot.send_message(group.chat_id, "hello")
    assert [message.text for message in bob.sees(group)] == ["hello"]
    assert [admin.user.id for admin in await bot.get_chat_administrators(group.chat_id)] == [ann.chat_id]
    assert (await bot.get_chat_member(group.chat_id, bob.chat_id)).status == "member"
    assert await bot.get_chat_member_count(group.chat_id) == 3
    assert (await bot.get_chat(group.chat_id)).title == "Team"
    old = group.chat_id
    new = await group.migrate()
    for _ in range(2):
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(old, "x")
        assert moved.value.new_chat_id == new == group.chat_id
    await bot.send_message(new, "again")
    await group.removes_bot()
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(new, "x")
    await group.adds_bot()
    await bot.leave_chat(new)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(new, "x")


async def test_the_bots_own_words(bot: Bot, ann: Person, sandbox: Sandbox) -> None:
    await bot.set_my_commands([BotCommand("tip", "A tip")])
    await bot.set_my_commands([BotCommand("tipp", "Ein Tipp")], language_code="de")
    assert ann.menu == [{"command": "tip", "description": "A tip"}]
    assert sandbox.person("Uli", language_code="de-AT").menu == [{"command": "tipp", "description": "Ein Tipp"}]
    own = BotCommandScopeChat(ann.chat_id)
    await bot.set_my_commands([BotCommand("stats", "Numbers")], scope=own)
    assert [command["command"] for command in ann.menu] == ["stats"]
    assert [command.command for command in await bot.get_my_commands(language_code="de")] == ["tipp"]
    await bot.delete_my_commands(scope=own)
    assert [command["command"] for command in ann.menu] == ["tip"]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Tip!", "x")])
    await bot.set_my_description("Long")
    await bot.set_my_short_description("Short", language_code="de")
    assert (await bot.get_my_description()).description == "Long"
    assert (await bot.get_my_short_description(language_code="de")).short_description == "Short"
    assert (await bot.get_my_short_description()).short_description == ""
    assert (await bot.get_my_name()).name == "TipBot"


async def test_a_wrong_token_and_a_wrong_method(raw: Raw, address: str, ann: Person) -> None:
    assert await raw.refusal("sendTelepathy", chat_id=ann.chat_id) == "Not Found: method not found"
    raw.token = "1:wrong"  # noqa: S105 - no token at all
    assert await raw.call("getMe") == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=f"{address}/bot"):
            pass


async def test_calls_may_come_as_query_form_or_json(raw: Raw, ann: Person, sandbox: Sandbox) -> None:
    given = {"chat_id": str(ann.chat_id), "text": "one"}
    async with raw.session.get(raw.url("sendMessage"), params=given) as response:
        assert response.status == 200
    async with raw.session.post(raw.url("SENDMESSAGE"), data=given | {"text": "two"}) as response:
        assert response.status == 200
    await raw.result("sendMessage", chat_id=ann.chat_id, text="three")
    assert [message.text for message in ann.screen] == ["one", "two", "three"]
    assert sandbox.calls.counts["sendMessage"] == 3
    last = sandbox.calls.of("sendMessage", ann.chat_id)[-1]
    assert last.parameters == {"chat_id": ann.chat_id, "text": "three"}
    assert last.answer["result"]["text"] == "three"
    assert await raw.refusal("sendMessage", text="x") == "Bad Request: chat_id is empty"


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "url": "https://a.example", "callback_data": "y"},
            "can't parse inline keyboard button: exactly one action is allowed, found url and callback_data",
        ),
        (
            {"text": "x", "url": "http://localhost/book"},
            "inline keyboard button URL 'http://localhost/book' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_bad_buttons(raw: Raw, ann: Person, button: dict[str, str], reason: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    given = {"chat_id": ann.chat_id, "text": "x", "reply_markup": markup}
    assert await raw.refusal("sendMessage", **given) == f"Bad Request: {reason}"


async def test_the_longest_button_data_is_fine(raw: Raw, ann: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 32}]]}
    await raw.result("sendMessage", chat_id=ann.chat_id, text="x", reply_markup=markup)
