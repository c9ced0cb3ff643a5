"""Article or offer: the operator is asked, and where a message looks like an offer that answer comes first."""

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.card import card_screen, head_of, purpose_screen, signs_of
from tipbot.bot.operating.door import person
from tipbot.bot.operating.previewing import excess_of, open_draft
from tipbot.bot.presses_of_composing import AskPurpose, ChoosePurpose
from tipbot.bot.rendering import Screen
from tipbot.domain.audience import Purpose
from tipbot.usecases.marketing import Sign


async def ask_purpose(visit: Visit, press: AskPurpose) -> None:
    """Ask what it is."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.show(purpose_screen(visit, draft))


async def choose_purpose(visit: Visit, press: ChoosePurpose) -> None:
    """Take it for an article or an offer; an article with a booking link in it takes one more, deliberate press."""
    texts, drafting = visit.texts, visit.desk.drafting
    draft = await drafting.find(press.draft, operator=person(visit))
    is_booking = signs_of(visit).of(draft.composition) is Sign.BOOKING
    if press.purpose is Purpose.ARTICLE and is_booking and not press.is_sure:
        offer = button(texts.button_is_offer, ChoosePurpose(draft.id, Purpose.OFFER, is_sure=False))
        article = button(texts.button_sure_article, ChoosePurpose(draft.id, Purpose.ARTICLE, is_sure=True))
        await visit.show(Screen(texts.compose_sure_article, keyboard([offer], [article])))
        return
    excess = excess_of(visit, draft.composition, press.purpose)
    if excess:
        words = texts.compose_too_long_as_offer.format(excess=excess)
        await visit.show(await card_screen(visit, draft, words))
        return
    changed = await drafting.set_purpose(draft.id, press.purpose, operator=person(visit), now=visit.now)
    if changed.purpose is draft.purpose or changed.composition.album:
        await visit.show(await card_screen(visit, changed, head_of(visit, changed)))
        return
    # What people get has changed with it: the line that names the clinic, and the button that ends offers.
    await open_draft(visit, changed)
