"""Conversations with operators about the numbers: one message, whose picture changes with its buttons."""

from telegram import InlineKeyboardMarkup, InputMediaPhoto
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.door import Area, Pressed, Spoken, person
from tipbot.bot.operating.numbers import NumberWords
from tipbot.bot.presses import Days
from tipbot.bot.presses_of_statistics import ShowStatistics, WantSummary
from tipbot.bot.rendering import Screen
from tipbot.charts import NotDrawn
from tipbot.domain.operators import Right
from tipbot.logs import get_logger
from tipbot.texts import Texts
from tipbot.usecases.statistics import View

log = get_logger(__name__)

CHOICES = (Days(7), Days(30), Days(90))
# Shown by nothing that may be chosen, such as a week that is over.
NO_CHOICE = Days(0)


async def stats(visit: Visit) -> None:
    """Answer /stats with the numbers of a week."""
    view = await _view(visit, CHOICES[0])
    # Drawing takes a moment; until then people see that something is coming.
    await visit.bot.send_chat_action(visit.chat_id, ChatAction.UPLOAD_PHOTO)
    await _send(visit, view, CHOICES[0])


async def show(visit: Visit, press: ShowStatistics) -> None:
    """Show the numbers of other days in this message."""
    days = press.days if press.days in CHOICES else CHOICES[0]
    view = await _view(visit, days)
    message = visit.query.message if visit.query is not None else None
    picture = await _drawn(visit, view)
    if message is None or picture is None:
        await _send_drawn(visit, view, days, picture)
        return
    words = NumberWords(visit.texts, visit.language, visit.desk.library.catalogue)
    media = InputMediaPhoto(picture, words.caption(view.statistics), parse_mode=ParseMode.HTML)
    below = statistics_keyboard(visit.texts, days, wants_summary=view.wants_summary)
    try:
        await visit.bot.edit_message_media(media, visit.chat_id, message.message_id, reply_markup=below)
    except BadRequest as refusal:  # deleted meanwhile, or too old
        log.info("statistics_sent_anew", reason=refusal.message)
        await _send_drawn(visit, view, days, picture)


async def want_summary(visit: Visit, press: WantSummary) -> None:
    """Switch the weekly summary on or off, and say so."""
    await visit.desk.statistics.want_summary(person(visit), is_on=press.is_on, now=visit.now)
    await visit.answer(visit.texts.summary_is_on if press.is_on else visit.texts.summary_is_off)
    await visit.change_keyboard(statistics_keyboard(visit.texts, press.days, wants_summary=press.is_on))


async def _view(visit: Visit, days: Days) -> View:
    return await visit.desk.statistics.of_days(days, operator=person(visit), now=visit.now)


async def _drawn(visit: Visit, view: View) -> bytes | None:
    """Return the picture, or None where it cannot be had: the words say the same."""
    words = NumberWords(visit.texts, visit.language, visit.desk.library.catalogue)
    try:
        return await visit.desk.draw(words.picture(view.statistics))
    except NotDrawn:
        log.warning("picture_not_drawn")
        return None


async def _send(visit: Visit, view: View, days: Days) -> None:
    await _send_drawn(visit, view, days, await _drawn(visit, view))


async def _send_drawn(visit: Visit, view: View, days: Days, picture: bytes | None) -> None:
    texts = visit.texts
    words = NumberWords(texts, visit.language, visit.desk.library.catalogue).caption(view.statistics)
    below = statistics_keyboard(texts, days, wants_summary=view.wants_summary)
    if picture is None:
        await visit.send(Screen(f"{words}\n\n{texts.stats_not_drawn}", below))
    else:
        await visit.bot.send_photo(
            visit.chat_id, picture, caption=words, parse_mode=ParseMode.HTML, reply_markup=below
        )


def statistics_keyboard(texts: Texts, shown: Days, *, wants_summary: bool) -> InlineKeyboardMarkup:
    """Return the buttons below the numbers of so many days."""
    labels = {days: texts.button_stats_days.format(days=days) for days in CHOICES}
    if shown in labels:
        labels[shown] = texts.button_chosen.format(label=labels[shown])
    summary = texts.button_summary_off if wants_summary else texts.button_summary_on
    return keyboard(
        [button(label, ShowStatistics(days)) for days, label in labels.items()],
        [button(summary, WantSummary(is_on=not wants_summary, days=shown))],
    )


AREA = Area(
    commands={"stats": Spoken(Right.SEE, stats)},
    presses={
        ShowStatistics: Pressed(Right.SEE, show),
        WantSummary: Pressed(Right.SEE, want_summary, answers_itself=True),
    },
)
