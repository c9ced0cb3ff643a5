"""News and offers of the clinic: off until somebody says yes to exactly that, and off again with one tap."""

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import ShowSettings
from tipbot.bot.presses_of_rights import ShowOffers, SwitchOffers
from tipbot.bot.rendering import Screen, escaped
from tipbot.texts import Texts


async def show_offers(visit: Visit, _: ShowOffers) -> None:
    """Say exactly what a yes would mean, and ask."""
    texts = visit.texts_of(await visit.known())
    if visit.is_group:  # whatever a button says: nobody can say yes for the others
        await visit.show(Screen(texts.offers_group, keyboard([button(texts.button_settings, ShowSettings())])))
        return
    words = texts.offers_page.format(clinic=escaped(visit.desk.library.catalogue.clinic.name))
    yes, no = SwitchOffers(is_on=True), SwitchOffers(is_on=False)
    await visit.show(
        Screen(words, keyboard([button(texts.button_offers_yes, yes)], [button(texts.button_offers_no, no)]))
    )


async def switch_offers(visit: Visit, press: SwitchOffers) -> None:
    """Write the answer down and say what it means."""
    texts = visit.texts_of(await visit.known())
    is_on = press.is_on and await _agreed(visit)
    if not is_on:
        await visit.desk.offers.stop(visit.chat_id, now=visit.now)
    words = texts.offers_switched_on if is_on else texts.offers_switched_off
    await visit.show(Screen(words, keyboard([button(texts.button_settings, ShowSettings())])))


async def _agreed(visit: Visit) -> bool:
    return await visit.desk.offers.agree(visit.chat_id, visit.desk.library.consent_version, now=visit.now)


def phrase(visit: Visit, texts: Texts, *, wants_offers: bool) -> str:
    """Return how things stand, for the settings."""
    if visit.is_group:
        return texts.offers_never
    return texts.offers_on if wants_offers else texts.offers_off


def buttons(visit: Visit, texts: Texts, *, wants_offers: bool) -> list[InlineKeyboardButton]:
    """Return the way to say yes, or the one tap that ends it; in groups neither."""
    if visit.is_group:
        return []
    if wants_offers:
        return [button(texts.button_offers_off, SwitchOffers(is_on=False))]
    return [button(texts.button_offers, ShowOffers())]
