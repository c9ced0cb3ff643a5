"""How to book at the clinic: for people who ask, never after worrying answers."""

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import ShowBooking
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.content import Origin


async def book(visit: Visit) -> None:
    """Answer /book."""
    await show_booking(visit, ShowBooking(Origin.MENU))


async def show_booking(visit: Visit, _: ShowBooking) -> None:
    """Send the clinic's booking link and one for each therapist."""
    clinic, therapists = visit.desk.library.catalogue.clinic, visit.desk.library.catalogue.therapists
    texts = visit.texts
    rows = [[InlineKeyboardButton(texts.button_book.format(clinic=clinic.name), url=clinic.booking_url)]]
    for therapist, url in clinic.booking_urls.items():
        label = texts.button_book_with.format(therapist=therapists[therapist].name)
        rows.append([InlineKeyboardButton(label, url=url)])
    await visit.send(Screen(texts.booking.format(clinic=escaped(clinic.name)), keyboard(*rows)))
