"""The way from an article to the draft that brings it."""

from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.door import person
from tipbot.bot.operating.previewing import open_draft
from tipbot.bot.rendering import Screen
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import BroadcastId
from tipbot.usecases.errors import NoSuchBroadcast


async def show_draft(visit: Visit, number: BroadcastId) -> None:
    """Show what people would get by a draft, with the card to send it."""
    try:
        draft = await visit.desk.drafting.find(number, operator=person(visit))
    except NoSuchBroadcast:
        await visit.send(Screen(visit.texts.article_gone))
        return
    await open_draft(visit, draft, visit.texts.compose_took_for_offer if draft.purpose is Purpose.OFFER else "")
