"""The way from an article to the draft that brings it."""

from telegram import InlineKeyboardButton

from tipbot.bot.article_news import send_with_picture
from tipbot.bot.buttons import keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.door import person
from tipbot.bot.presses_of_composing import OpenDraft
from tipbot.bot.rendering import Screen
from tipbot.domain.broadcasts import BroadcastId
from tipbot.usecases.errors import NoSuchBroadcast


async def open_draft(visit: Visit, press: OpenDraft) -> None:
    """Show what people would get."""
    await show_draft(visit, press.draft)


async def show_draft(visit: Visit, number: BroadcastId) -> None:
    """Show what people would get by a draft."""
    try:
        draft = await visit.desk.broadcasting.find(number, operator=person(visit))
    except NoSuchBroadcast:
        await visit.send(Screen(visit.texts.article_gone))
        return
    composition = draft.composition
    links = [[InlineKeyboardButton(link.label, url=link.url)] for link in composition.links]
    picture = next((part.media for part in composition.parts if part.media), None)
    await send_with_picture(visit.bot, visit.chat_id, Screen(composition.words, keyboard(*links)), picture)
    await visit.send(Screen(visit.texts.draft_waits))
