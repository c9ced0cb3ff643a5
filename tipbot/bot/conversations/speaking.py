"""Which language the bot speaks with a chat: what was chosen here goes before what their Telegram speaks."""

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, in_rows, keyboard
from tipbot.bot.conversations.phrases import next_phrase
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.desk import Desk
from tipbot.bot.presses import ChooseLanguage, ShowLanguages, ShowSettings
from tipbot.bot.rendering import Screen
from tipbot.domain.subscribers import Subscription
from tipbot.texts import Texts


async def language(visit: Visit) -> None:
    """Answer /language."""
    await visit.send(_languages_screen(visit, await visit.known()))


async def show_languages(visit: Visit, _: ShowLanguages) -> None:
    """Offer the languages there are."""
    await visit.show(_languages_screen(visit, await visit.known()))


async def choose_language(visit: Visit, press: ChooseLanguage) -> None:
    """Speak the chosen language from now on, this answer included; one that is gone meanwhile changes nothing."""
    if press.language not in visit.desk.texts:
        await visit.show(_languages_screen(visit, await visit.known()))
        return
    changed = await visit.desk.arrange.set_language(visit.chat_id, press.language, now=visit.now)
    texts = visit.texts_of(changed)
    words = texts.language_set.format(next=next_phrase(changed, texts, now=visit.now))
    change, settings = button(texts.button_change, ShowLanguages()), button(texts.button_settings, ShowSettings())
    await visit.show(Screen(words, keyboard([change, settings])))


def language_row(desk: Desk, texts: Texts) -> list[InlineKeyboardButton]:
    """Return the row of the settings that leads here, empty where there is nothing to choose."""
    return [button(texts.button_language, ShowLanguages())] if len(desk.texts) > 1 else []


def _languages_screen(visit: Visit, subscription: Subscription) -> Screen:
    texts, back = visit.texts_of(subscription), ShowSettings()
    if len(visit.desk.texts) == 1:
        return Screen(texts.language_only, keyboard([button(texts.button_settings, back)]))
    choices = [
        button(
            texts.button_chosen.format(label=words.language_name) if words is texts else words.language_name,
            ChooseLanguage(one),
        )
        for one, words in visit.desk.texts.items()
    ]
    return Screen(texts.language_page, keyboard(*in_rows(choices, 2), [button(texts.button_back, back)]))
