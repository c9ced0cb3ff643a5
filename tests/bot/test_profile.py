"""The bot's own profile: told once, told again only when it changed."""

from dataclasses import replace

import pytest
from telegram.ext import CommandHandler

from tests.bot.conftest import House
from tipbot.bot.handlers import handler_table
from tipbot.bot.profile import group_menu, private_menu, publish_profile
from tipbot.domain.content import ENGLISH, Language
from tipbot.sandbox.calls import CallLog

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def told(calls: CallLog) -> list[str]:
    return [call.method for call in calls if call.method.startswith("setMy")]


async def test_people_and_groups_see_their_own_menus(house: House) -> None:
    await publish_profile(house.bot, house.desk.texts)
    person = house.sandbox.person("Anna")
    menu = house.sandbox.telegram.profile.menu(-5, person.chat_id, "en", administrator=False)
    assert [one["command"] for one in person.menu][:4] == ["tip", "stretch", "selftest", "favourites"]
    assert [one["command"] for one in menu] == ["tip", "stretch", "settings", "help", "urgent"]
    texts = house.desk.texts[ENGLISH]
    assert house.sandbox.telegram.profile.text("description", "") == texts.description
    assert house.sandbox.telegram.profile.text("short_description", "") == texts.short_description


async def test_checks_that_are_off_are_not_in_the_menu(house: House) -> None:
    await publish_profile(house.bot, house.desk.texts, has_checks=False)
    assert "selftest" not in [one["command"] for one in house.sandbox.person("Anna").menu]


async def test_what_is_known_is_not_told_again(house: House) -> None:
    await publish_profile(house.bot, house.desk.texts)
    assert len(told(house.sandbox.calls)) == 4
    await publish_profile(house.bot, house.desk.texts)
    assert len(told(house.sandbox.calls)) == 4
    changed = replace(house.desk.texts[ENGLISH], command_tip="A tip for today")
    await publish_profile(house.bot, {ENGLISH: changed})
    assert told(house.sandbox.calls)[4:] == ["setMyCommands", "setMyCommands"]


async def test_another_language_is_told_with_its_two_letters(house: House) -> None:
    french = replace(house.desk.texts[ENGLISH], command_tip="Le conseil du jour")
    await publish_profile(house.bot, {ENGLISH: house.desk.texts[ENGLISH], Language("fr-ca"): french})
    anna = house.sandbox.person("Anna", language_code="fr")
    assert anna.menu[0]["description"] == "Le conseil du jour"


async def test_the_menus_offer_only_what_is_answered(house: House) -> None:
    answered = {
        name for one in handler_table(house.desk) if isinstance(one, CommandHandler) for name in one.commands
    }
    texts = house.desk.texts[ENGLISH]
    assert {one.command for one in (*private_menu(texts), *group_menu(texts))} <= answered
