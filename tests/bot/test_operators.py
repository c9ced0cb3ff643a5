"""Operators hear from the bot itself what needs a person, and find what they may do in their menu."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from telegram.ext import CommandHandler, ExtBot

from tests.bot.conftest import OPERATOR, House
from tests.bot.disguise import DISGUISED, left_in_english
from tipbot.bot.buttons import encode
from tipbot.bot.credentials import TokenWatch
from tipbot.bot.handlers import OPERATOR_COMMANDS, handler_table
from tipbot.bot.menus import OperatorMenus
from tipbot.bot.operating.auditing import what_was_done
from tipbot.bot.operators import OperatorChats, words_of
from tipbot.bot.pacing import Bulk, ReplyPacing
from tipbot.bot.presses_of_staff import (
    AskRemoval,
    ChangeRole,
    InvitationCode,
    Invite,
    RemoveOperator,
    ShowOperator,
    UserNumber,
)
from tipbot.bot.transport import AiohttpRequest
from tipbot.domain.alarms import (
    Alarm,
    BroadcastStopped,
    ContentBroken,
    DeliveriesLate,
    FeedFailing,
    ItemRefused,
    TokenWasRefused,
)
from tipbot.domain.broadcasts import BroadcastId, PausedFor
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.feed import FeedFault, FeedTrouble
from tipbot.domain.operators import Operator, Right, Role
from tipbot.sandbox import Person
from tipbot.storage.database import Database

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OTTO, VERA = 7001, 7002
REFUSED = ItemRefused(ItemId("sit-then-shift"), "Can't parse entities: <b> at byte 7")


async def _at_ease(_: object) -> None:
    return None


async def employ(house: House, user: int, role: Role) -> None:
    async with house.database.writing() as books:
        await books.staff.save(Operator(user, role, house.clock()))


@asynccontextmanager
async def paced_bot(house: House) -> AsyncIterator[ExtBot[Bulk]]:
    """A bot that speaks as the real one does."""
    bot = ExtBot(
        house.sandbox.token,
        base_url=str(house.bot.base_url).removesuffix(house.sandbox.token),
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        rate_limiter=ReplyPacing(sent=lambda _: None, slow_down=_at_ease),
    )
    async with bot:
        yield bot


def chats(bot: ExtBot[Bulk], house: House) -> OperatorChats:
    return OperatorChats(bot, {OPERATOR}, house.desk.staffing, house.desk.texts, zone="Europe/London")


async def test_all_who_may_do_something_are_told(house: House, caplog: pytest.LogCaptureFixture) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    otto = house.sandbox.person("Otto", chat_id=OTTO)
    vera = house.sandbox.person("Vera", chat_id=VERA, started=True)
    await employ(house, OTTO, Role.OPERATOR)
    await employ(house, VERA, Role.VIEWER)
    async with paced_bot(house) as bot:
        assert await chats(bot, house).tell(REFUSED)
        await olive.blocks()
        assert not await chats(bot, house).tell(REFUSED), "nobody could be reached"
    assert "sit-then-shift" in olive.last.text
    assert "<b> at byte 7" in olive.last.text, "Telegram's words are shown as they are"
    assert (otto.screen, vera.screen) == ([], [])
    assert "operator_not_told" in caplog.text
    assert str(OTTO) not in caplog.text


async def test_without_a_database_the_owners_of_the_settings_are_told(house: House) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    away = Database("postgresql://nobody@127.0.0.1:9/nothing")
    async with paced_bot(house) as bot:
        told = chats(bot, house)
        told._staffing = type(house.desk.staffing)(away)
        assert await told.tell(REFUSED)
    await away.close()
    assert "sit-then-shift" in olive.last.text


async def test_an_operator_is_told_in_the_language_they_speak(bilingual: House) -> None:
    olive = bilingual.sandbox.person("Olive", chat_id=OPERATOR, language_code=DISGUISED)
    await olive.sends("/operators")
    await bilingual.answer()
    async with paced_bot(bilingual) as bot:
        await chats(bot, bilingual).tell(ItemRefused(ItemId("1"), "2"))
    assert left_in_english(olive.last.text, bilingual.desk.library.catalogue) == []


def test_every_alarm_has_words(house: House) -> None:
    texts, moment = house.desk.texts[ENGLISH], datetime(2026, 7, 6, 8, 30, tzinfo=UTC)
    alarms: dict[Alarm, str] = {
        REFUSED: "&lt;b&gt; at byte 7",
        BroadcastStopped(BroadcastId(4), PausedFor.BLOCKS, moment): "Broadcast 4",
        DeliveriesLate(moment): "Monday 6/7, 09:30",
        FeedFailing(FeedTrouble(FeedFault.STATUS, "clinic.example", "404"), moment): "404",
        ContentBroken("attic", 3, "tips.toml: <x>", moment): "tips.toml: &lt;x&gt;",
        TokenWasRefused(moment, moment + timedelta(hours=2)): "from Monday 6/7, 09:30 until Monday 6/7, 11:30",
    }
    for alarm, words in alarms.items():
        assert words in words_of(alarm, texts, "Europe/London")
        assert alarm.reason
        assert alarm.cause


def commands(person: Person) -> set[str]:
    return {entry["command"] for entry in person.menu}


async def test_each_role_finds_its_commands_in_the_menu(house: House) -> None:
    menus = OperatorMenus(house.desk.texts, (("operators", Right.SEE), ("audit", Right.REVIEW)))
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    await menus.show(house.bot, OPERATOR, Role.VIEWER)
    assert commands(olive) >= {"operators", "tip", "help"}
    assert "audit" not in commands(olive)
    await menus.show(house.bot, OPERATOR, Role.OPERATOR)
    assert [entry["command"] for entry in olive.menu][:3] == ["operators", "audit", "tip"]
    assert commands(house.sandbox.person("Sam", started=True)) == set()
    await menus.show(house.bot, OPERATOR, None)
    assert commands(olive) == set()


async def test_a_menu_that_telegram_does_not_take_is_only_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    house.sandbox.person("Otto", chat_id=OTTO)
    await house.desk.menus.show(house.bot, OTTO, Role.OPERATOR)
    assert "operator_menu_not_shown" in caplog.text


async def test_whoever_comes_changes_role_or_leaves_has_the_menu_that_fits(house: House) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    otto = house.sandbox.person("Otto", chat_id=OTTO)
    for label in ("/operators", "Invite somebody", "Viewer"):
        await (olive.sends(label) if label.startswith("/") else olive.presses(label))
        await house.answer()
    assert commands(olive) > {"operators", "audit"}
    link = next(word for word in olive.last.text.split() if word.startswith("https://t.me/"))
    await otto.sends(f"/start {link.partition('start=')[2]}")
    await house.answer()
    assert "operators" in commands(otto)
    assert "audit" not in commands(otto)
    await olive.sends("/operators")
    await house.answer()
    for label, sees_audit in (("Otto", False), ("Make operator", True), ("Remove", True), ("Remove", False)):
        await olive.presses(label)
        await house.answer()
        assert ("audit" in commands(otto)) is sees_audit
    assert "operators" not in commands(otto)


def test_every_command_of_operators_is_answered_and_has_a_line_in_the_menu(house: House) -> None:
    answered = {
        name for one in handler_table(house.desk) if isinstance(one, CommandHandler) for name in one.commands
    }
    menu = house.desk.menus.menu(house.desk.texts[ENGLISH], Role.OWNER)
    assert {name for name, _ in OPERATOR_COMMANDS} <= {entry.command for entry in menu} <= answered


@pytest.mark.parametrize(
    "press",
    [
        *(AskRemoval(UserNumber(OPERATOR)), RemoveOperator(UserNumber(OPERATOR))),
        *(ChangeRole(UserNumber(OPERATOR), Role.VIEWER), ShowOperator(UserNumber(OPERATOR))),
    ],
)
async def test_an_owner_of_the_settings_stays_one_and_the_reason_is_said(house: House, press: AskRemoval) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    await olive.sends("/operators")
    await house.answer()
    await olive.presses_data(encode(press), olive.last)
    await house.answer()
    assert "TIPBOT_OPERATORS" in olive.last.text
    known = await house.desk.staffing.find(OPERATOR)
    assert known is not None
    assert known.role is Role.OWNER


async def test_nobody_becomes_an_owner_by_a_forged_button(house: House) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    await employ(house, OTTO, Role.VIEWER)
    await olive.sends("/operators")
    await house.answer()
    code = InvitationCode("op-" + "A" * 22)
    for press in (ChangeRole(UserNumber(OTTO), Role.OWNER), Invite(Role.OWNER, code)):
        await olive.presses_data(encode(press), olive.last)
        await house.answer()
    roster = await house.desk.staffing.roster(operator=OPERATOR, now=house.clock())
    assert [one.role for one in roster.operators] == [Role.OWNER, Role.VIEWER]
    assert roster.invitations == ()


async def test_an_invitation_pressed_twice_is_one(house: House) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    await olive.sends("/operators")
    await house.answer()
    await olive.presses("Invite somebody")
    await house.answer()
    await olive.presses("Operator")
    data = olive.screen[-1].button("Operator").data
    assert data is not None
    await olive.presses_data(data, olive.last)
    await house.answer()
    roster = await house.desk.staffing.roster(operator=OPERATOR, now=house.clock())
    assert len(roster.invitations) == 1
    assert olive.screen[-1].text == olive.screen[-2].text


async def test_a_removed_operator_is_a_stranger_at_the_next_step(house: House) -> None:
    otto = house.sandbox.person("Otto", chat_id=OTTO, started=True)
    await employ(house, OTTO, Role.OPERATOR)
    await otto.sends("/audit")
    await house.answer()
    await house.desk.staffing.remove(OTTO, operator=OPERATOR, now=house.clock())
    shown = otto.last.text
    await otto.presses("All as a file")
    await house.answer()
    assert otto.last.text == shown
    assert otto.toasts[-1].text == house.desk.texts[ENGLISH].old_button


async def test_a_viewer_who_tries_to_send_hears_why_not(house: House) -> None:
    vera = house.sandbox.person("Vera", chat_id=VERA, started=True)
    channel = house.sandbox.channel("Backs", owner=vera)
    await employ(house, VERA, Role.OPERATOR)
    await channel.adds_bot()
    await house.answer()
    await employ(house, VERA, Role.VIEWER)
    await vera.presses("At 09:00")
    await house.answer()
    assert vera.last.text.startswith("This takes another role")


def test_an_action_without_words_is_shown_as_it_is(house: House) -> None:
    texts = replace(house.desk.texts[ENGLISH], deed_broadcast_pause="paused <b>{subject}</b>")
    assert what_was_done("broadcast-pause", "4", texts) == "paused <b>4</b>"
    assert what_was_done("turned-<up>", "4", texts) == "turned-&lt;up&gt; 4"


async def test_the_file_of_deeds_is_a_table(house: House) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    await house.desk.staffing.change_role(OTTO, Role.VIEWER, operator=OPERATOR, now=house.clock())
    await employ(house, OTTO, Role.OPERATOR)
    await house.desk.staffing.change_role(OTTO, Role.VIEWER, operator=OPERATOR, now=house.clock())
    await olive.sends("/audit")
    await house.answer()
    await olive.presses("All as a file")
    await house.answer()
    table = await house.desk.deeds.as_csv(operator=OPERATOR)
    assert table.splitlines() == [
        "at,operator,action,subject",
        "2026-11-22T14:05:00+00:00,shell,owner-appointed,7000",
        "2026-11-22T14:05:00+00:00,7000,role-viewer,7001",
    ]


async def test_a_refused_token_is_logged_once_and_told_when_it_works_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    rung: list[Alarm] = []
    watch = TokenWatch(now=house.clock, alarm=rung.append)
    since = house.clock.now
    for status in (200, 401, 401, 500, 400):
        watch.heard(status)
    assert watch.refused_since == since
    assert caplog.text.count("token_refused") == 1
    house.clock.now += timedelta(minutes=10)
    watch.heard(401)
    assert caplog.text.count("token_refused") == 2
    watch.heard(200)
    assert watch.refused_since is None
    watch.heard(200)
    assert rung == [TokenWasRefused(since, house.clock.now)]
    watch.heard(401)
    watch.heard(200)
    assert len(rung) == 1, "what was over at once needs nobody"


async def test_the_watch_hears_what_telegram_answers(house: House) -> None:
    heard: list[int] = []
    async with AiohttpRequest(heard=heard.append) as request:
        base = str(house.bot.base_url).removesuffix(house.sandbox.token)
        await request.do_request(f"{base}{house.sandbox.token}/getMe", "POST")
        await request.do_request(f"{base}1:another/getMe", "POST")
    assert heard == [200, 401]
