"""/language: what was chosen goes before what the person's Telegram speaks, wherever words are found."""

from dataclasses import replace
from datetime import timedelta

import pytest
from telegram.ext import ExtBot

from tests.bot.conftest import House
from tests.bot.disguise import DISGUISED, disguised
from tipbot.bot.messenger import TelegramMessenger
from tipbot.bot.pacing import ReplyPacing
from tipbot.bot.profile import private_menu, publish_profile
from tipbot.bot.transport import AiohttpRequest
from tipbot.domain.content import ENGLISH, ItemId, Language
from tipbot.domain.delivery import Claim, Matter
from tipbot.domain.subscribers import ChatId
from tipbot.sandbox.people import Person
from tipbot.storage.database import Database
from tipbot.usecases.joining import Join

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

QUESTION = "Which language shall I speak?"


async def does(house: House, person: Person, *acts: str) -> str:
    """Type, or press where the act is a [button]; return the newest message."""
    for act in acts:
        if act.startswith("["):
            await person.presses(act.strip("[]"))
        else:
            await person.sends(act)
        await house.answer()
    return person.last.text


async def joined(house: House, language: Language) -> Person:
    anna = house.sandbox.person("Anna", language_code=language)
    await does(house, anna, "/start", f"[{house.desk.texts[language].button_adult}]")
    return anna


async def test_the_languages_are_listed_by_their_own_names(bilingual: House) -> None:
    anna = await joined(bilingual, DISGUISED)
    back = bilingual.desk.texts[DISGUISED].button_back
    assert (await does(bilingual, anna, "/language")).endswith(disguised(QUESTION))
    assert anna.last.labels == [["English", f"✓ {disguised('English')}"], [back]]


async def test_the_chosen_language_is_spoken_at_once_and_everywhere(bilingual: House) -> None:
    anna = await joined(bilingual, DISGUISED)
    english = bilingual.desk.texts[ENGLISH]
    await does(bilingual, anna, "/settings", f"[{disguised('🌐 Language')}]", "[English]")
    assert anna.screen[-1].text.startswith("Done. I speak English with you from now on.\nNext tip: tomorrow 09:00")
    assert anna.last.labels == [["Change", "Settings"]]
    for said, shown in {
        "/tip": "Sit, then shift",
        "/stretch": "One-knee hug",
        "/help": "What I can do",
        "/privacy": "Your data, in short",
        "/urgent": "When to get help now",
        "I want to die": "You don't have to be alone with this.",
        "my foot is numb": "When to get help now",
        "hm": "I didn't catch that.",
        "/time": "Which time would you like to change?",
        "/time x": "I didn't catch a time.",
        "/timezone nowhere at all": "I don't know that place.",
        "/pause x": "I can pause for",
        "/book": "See somebody at",
        "7:30": "07:30: for the tip or for the stretch?",
        "/language": QUESTION,
    }.items():
        answer = await does(bilingual, anna, said)
        assert shown in answer, said
    await anna.presses_data("0:old", anna.last)
    await bilingual.answer()
    assert anna.toasts[-1].text == english.old_button


async def test_an_item_brought_by_its_id_comes_in_the_chosen_language(bilingual: House) -> None:
    anna = await joined(bilingual, ENGLISH)
    await does(bilingual, anna, "/language", f"[{disguised('English')}]")
    await anna.presses_data("1:item:card-1", anna.last)
    await bilingual.answer()
    assert anna.last.text.startswith(disguised("Discs & friends"))


async def test_a_language_that_is_gone_changes_nothing(bilingual: House) -> None:
    anna = await joined(bilingual, ENGLISH)
    await does(bilingual, anna, "/language")
    await anna.presses_data("1:speak:fr", anna.last)
    await bilingual.answer()
    assert anna.last.text.endswith(QUESTION)
    known = await bilingual.desk.join.look_up(ChatId(anna.chat_id))
    assert known is not None
    assert known.subscriber.language == ENGLISH


async def test_somebody_whose_language_was_taken_away_is_spoken_to_in_english(bilingual: House) -> None:
    anna = await joined(bilingual, DISGUISED)
    bilingual.desk = replace(bilingual.desk, texts={ENGLISH: bilingual.desk.texts[ENGLISH]})
    bilingual.restaff(bilingual.desk)
    assert (await does(bilingual, anna, "/settings")).startswith("Settings")
    assert (await does(bilingual, anna, "/language")).startswith("So far I speak only English.")


async def test_a_group_has_one_language_whoever_speaks(bilingual: House) -> None:
    anna = bilingual.sandbox.person("Anna", language_code="en")
    ben = bilingual.sandbox.person("Ben", language_code=DISGUISED)
    group = bilingual.sandbox.group("Backs", administrators=[anna], members=[ben])
    await bilingual.answer()
    await anna.presses("A daily tip", to=group)
    await bilingual.answer()
    await ben.sends("/help", to=group)
    await bilingual.answer()
    assert anna.sees(group)[-1].text.startswith("What I can do")
    await ben.sends("/language", to=group)
    await bilingual.answer()
    assert anna.sees(group)[-1].text == "Only administrators of this group can change that."
    await anna.sends("/language", to=group)
    await bilingual.answer()
    await anna.presses(disguised("English"), to=group)
    await bilingual.answer()
    assert anna.sees(group)[-1].text.startswith(disguised("Done."))


async def test_while_the_database_is_away_their_telegram_says_which_language(bilingual: House) -> None:
    anna = await joined(bilingual, DISGUISED)
    await does(bilingual, anna, "/language", "[English]")
    away = Database("postgresql://postgres@127.0.0.1:1/nobody")
    bilingual.restaff(replace(bilingual.desk, join=Join(away)))
    assert await does(bilingual, anna, "/urgent") != ""
    assert anna.last.text.startswith(disguised("When to get help now"))
    assert (await does(bilingual, anna, "I want to die")).startswith(disguised("You don't have to be alone"))
    await away.close()


async def test_words_of_every_language_are_understood_from_everybody(bilingual: House) -> None:
    anna = await joined(bilingual, ENGLISH)
    assert (await does(bilingual, anna, disguised("numb"))).startswith("When to get help now")
    assert (await does(bilingual, anna, f"/time {disguised('stretch')} 19:00")).startswith(
        "Done. Your stretch: 19:00"
    )
    assert (await does(bilingual, anna, f"/pause 3 {disguised('days')}")).startswith("Enjoy your break of 3 days.")
    assert (await does(bilingual, anna, disguised("stop"))).startswith("Stopped.")


async def _at_ease(_: timedelta) -> None:
    return None


async def test_what_is_pushed_comes_in_the_language_of_the_delivery(bilingual: House) -> None:
    anna = await joined(bilingual, ENGLISH)
    telegram = bilingual.sandbox.telegram
    base_url = str(bilingual.bot.base_url).removesuffix(telegram.token)
    pacing = ReplyPacing(sent=lambda _: None, slow_down=_at_ease)
    request, polling = AiohttpRequest(), AiohttpRequest()
    async with ExtBot(
        telegram.token, base_url=base_url, request=request, get_updates_request=polling, rate_limiter=pacing
    ) as bot:
        desk = bilingual.desk
        messenger = TelegramMessenger(bot, desk.library, desk.texts_in, links=desk.links, is_paid=False)
        now = bilingual.clock()
        chat_id = ChatId(anna.chat_id)
        claim = Claim(1, chat_id, Matter.STRETCH, ItemId("stretch-1"), DISGUISED, now, 1, now, now)
        await messenger.deliver(claim)
    assert anna.last.text.startswith(disguised("One-knee hug 1 · lying down · 1 minute"))


async def test_the_menu_offers_languages_only_where_there_is_a_choice(bilingual: House) -> None:
    texts = bilingual.desk.texts
    assert "language" not in [one.command for one in private_menu(texts[ENGLISH])]
    await publish_profile(bilingual.bot, texts)
    anna = bilingual.sandbox.person("Anna", language_code=DISGUISED)
    assert {"command": "language", "description": disguised("Choose a language")} in anna.menu


async def test_regions_of_a_language_do_not_overwrite_each_other(house: House) -> None:
    english = house.desk.texts[ENGLISH]
    tips = {
        "en-us": "American",
        "pt": "Portuguese",
        "pt-br": "Brazilian",
        "zh-hk": "Cantonese",
        "zh-tw": "Taiwanese",
    }
    texts = {Language(code): replace(english, command_tip=tip) for code, tip in tips.items()}
    await publish_profile(house.bot, {ENGLISH: english, **texts})
    seen = {
        code: house.sandbox.person("Anna", language_code=code).menu[0]["description"] for code in ("en", "pt", "zh")
    }
    assert seen == {"en": "Today's tip", "pt": "Portuguese", "zh": "Cantonese"}
