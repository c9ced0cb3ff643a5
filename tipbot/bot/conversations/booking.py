"""How to book at the clinic: for people who ask, never after worrying answers; and the end of offers."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message

from tipbot.bot.buttons import decode, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import ShowBooking
from tipbot.bot.presses_of_rights import StopOffers
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.content import Origin


async def book(visit: Visit) -> None:
    """Answer /book."""
    await show_booking(visit, ShowBooking(Origin.MENU))


async def show_booking(visit: Visit, press: ShowBooking) -> None:
    """Say where the clinic is and how to reach it, with its booking link and one for each therapist."""
    catalogue, links, texts = visit.desk.library.catalogue, visit.desk.links, visit.texts
    clinic = catalogue.clinic
    words = texts.booking.format(
        clinic=escaped(clinic.name),
        address=escaped(clinic.address),
        contact=escaped(clinic.contact),
        website=escaped(clinic.website),
    )
    rows = [[InlineKeyboardButton(texts.button_book.format(clinic=clinic.name), url=links.shown(press.origin))]]
    for therapist in clinic.booking_urls:
        label = texts.button_book_with.format(therapist=catalogue.therapists[therapist].name)
        rows.append([InlineKeyboardButton(label, url=links.shown(press.origin, therapist))])
    await visit.send(Screen(words, keyboard(*rows)))


async def stop_offers(visit: Visit, _: StopOffers) -> None:
    """End the clinic's offers at once, and take this one away; the tip above it stays."""
    await visit.desk.offers.stop(visit.chat_id, now=visit.now)
    await visit.answer(visit.texts.offers_stopped)
    message = visit.query.message if visit.query else None
    if isinstance(message, Message) and message.reply_markup is not None:
        await visit.change_keyboard(_without_offer(message.reply_markup))


def _without_offer(markup: InlineKeyboardMarkup) -> InlineKeyboardMarkup:
    """Return a tip's keyboard without the rows of the offer: the only link, and the button that was pressed."""
    return keyboard(*(list(row) for row in markup.inline_keyboard if not any(map(_is_of_offer, row))))


def _is_of_offer(one: InlineKeyboardButton) -> bool:
    return one.url is not None or isinstance(decode(str(one.callback_data)), StopOffers)
