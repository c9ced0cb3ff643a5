"""Passing advice on into any chat, by typing the bot's name there (Telegram: inline mode).

What is offered may be read by anybody and pressed by anybody: it is complete and safe by itself, the same for all,
and its only button is a link.
"""

import re

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from tipbot.bot.conversations.alarms import sounds_like_crisis, sounds_worrying
from tipbot.bot.desk import Desk
from tipbot.bot.rendering import render_shared, render_urgent
from tipbot.domain.content import Card, Item, Stretch, Tip, title_of
from tipbot.logs import get_logger
from tipbot.texts import Texts

log = get_logger(__name__)

MOST_OFFERED = 10
# What is looked through for them: some advice leads to a command, which does nothing in other chats.
LOOKED_THROUGH = 30
# Seconds that Telegram may answer the same words by itself: a correction reaches people soon enough.
KEPT_SECONDS = 300
URGENT_ID = "urgent"
DESCRIPTION = 100

_COMMAND = re.compile(r"(?<!\w)/[a-z]+")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def answer(query: InlineQuery, bot: Bot, desk: Desk) -> None:
    """Offer advice for the words typed after the bot's name; worrying ones bring the urgent signs and no advice."""
    texts = desk.texts_in(query.from_user.language_code)
    own = InlineKeyboardMarkup([[InlineKeyboardButton(texts.button_get_your_own, url=bot.link)]])
    if any(_is_alarm(query.query, spoken) for spoken in desk.texts.values()):
        offers = [_urgent(query, desk)]
    else:
        offers = [_offer(item, desk, texts, own) for item in await _items(query, desk)]
    try:
        await query.answer(offers, cache_time=KEPT_SECONDS, is_personal=False)
    except BadRequest as refusal:
        # People type on while an answer is on its way, and Telegram takes no answer to what they typed before.
        log.info("inline_query_not_answered", reason=refusal.message)


def _is_alarm(words: str, texts: Texts) -> bool:
    return sounds_like_crisis(words, texts) or sounds_worrying(words, texts)


async def _items(query: InlineQuery, desk: Desk) -> list[Item]:
    """Return what fits the words, or without any words something on each topic."""
    language = desk.language_of(query.from_user.language_code)
    if query.query.strip():
        found = await desk.find.to_share(language, query.query, most=LOOKED_THROUGH)
    else:
        found = desk.find.of_the_day(language, desk.now().date(), most=LOOKED_THROUGH)
    return [item for item in found if not _COMMAND.search(_words(item))][:MOST_OFFERED]


def _offer(item: Item, desk: Desk, texts: Texts, own: InlineKeyboardMarkup) -> InlineQueryResultArticle:
    text = render_shared(item, texts, desk.library.catalogue)
    return InlineQueryResultArticle(
        id=item.id,
        title=title_of(item),
        input_message_content=_message(text),
        description=_words(item)[:DESCRIPTION],
        reply_markup=own,
    )


def _urgent(query: InlineQuery, desk: Desk) -> InlineQueryResultArticle:
    urgent = desk.library.catalogue.urgent(desk.language_of(query.from_user.language_code))
    texts = desk.texts_in(query.from_user.language_code)
    return InlineQueryResultArticle(
        id=URGENT_ID,
        title=urgent.title,
        input_message_content=_message(render_urgent(urgent).text),
        description=texts.shared_urgent,
    )


def _message(text: str) -> InputTextMessageContent:
    return InputTextMessageContent(text, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW)


def _words(item: Item) -> str:
    match item:
        case Tip():
            return item.body
        case Card():
            return f"{item.fact} {item.so_what}"
        case Stretch():
            return " ".join((item.why, item.setup, *item.steps, item.dose, item.easier, item.stop, *item.not_for))
