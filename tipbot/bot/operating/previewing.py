"""Shows an operator a draft exactly as people get it, and sends it as a test, as it goes to people."""

from dataclasses import replace

from telegram import Message
from telegram.error import BadRequest, TelegramError

from tipbot.bot.compositions import Dressed, LeftBehind, dress, file_id_of, send, without_media
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.card import card_screen, renew
from tipbot.bot.operating.door import person
from tipbot.bot.presses_of_composing import OpenDraft, TestDraft
from tipbot.bot.rendering import escaped
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Broadcast
from tipbot.domain.composition import Composition
from tipbot.logs import get_logger
from tipbot.usecases.broadcast_links import counted_links

log = get_logger(__name__)


def dressed_as(visit: Visit, draft: Broadcast) -> Dressed:
    """Return a draft as this operator would get it, to the very links."""
    links = visit.desk.links
    composition = counted_links(draft.about or draft.id, draft.composition, links.public_url)
    is_offer = draft.purpose is Purpose.OFFER
    return dress(composition, is_offer=is_offer, clinic=links.clinic.name, texts=visit.texts)


def excess_of(visit: Visit, composition: Composition, purpose: Purpose) -> int:
    """Return by how many characters a composition is too long, in whichever language it is longest."""
    clinic = visit.desk.links.clinic.name
    is_offer = purpose is Purpose.OFFER
    return max(
        dress(composition, is_offer=is_offer, clinic=clinic, texts=texts).excess
        for texts in visit.desk.texts.values()
    )


async def preview(visit: Visit, draft: Broadcast) -> tuple[Broadcast, str]:
    """Send the preview; return the draft as it is then, and what went wrong, in words, or nothing.

    A picture that is still somewhere on the web is fetched by Telegram for this, once for all who get it later.
    """
    try:
        sent = await send(visit.bot, visit.chat_id, dressed_as(visit, draft))
    except BadRequest as refusal:
        if not any(part.is_address for part in draft.composition.parts):
            await visit.desk.drafting.note_preview(draft.id, revision=draft.revision, is_refused=True)
            refused = replace(draft, refused=draft.revision)
            return refused, visit.texts.compose_refused.format(reason=escaped(refusal.message))
        log.info("picture_not_fetched", broadcast=draft.id, reason=refusal.message)
        return await _without_picture(visit, draft)
    except LeftBehind:
        return draft, visit.texts.apology
    if draft.refused == draft.revision:
        await visit.desk.drafting.note_preview(draft.id, revision=draft.revision, is_refused=False)
        draft = replace(draft, refused=None)
    return await _with_files(visit, draft, sent), ""


async def _without_picture(visit: Visit, draft: Broadcast) -> tuple[Broadcast, str]:
    bare = await visit.desk.drafting.lose_media(
        draft.id,
        without_media(draft.composition),
        revision=draft.revision,
        operator=person(visit),
        now=visit.now,
    )
    shown, trouble = await preview(visit, bare)
    return shown, trouble or visit.texts.compose_picture_lost


async def _with_files(visit: Visit, draft: Broadcast, sent: list[Message]) -> Broadcast:
    """Return the draft with Telegram's own names of what it fetched."""
    composition = draft.composition
    if not any(part.is_address for part in composition.parts):
        return draft
    parts = tuple(
        replace(part, media=file_id_of(message)) if part.is_address else part
        for part, message in zip(composition.parts, sent, strict=False)
    )
    kept = replace(composition, parts=parts)
    if not await visit.desk.drafting.keep_media(draft.id, kept, revision=draft.revision):
        return draft
    return replace(draft, composition=kept)


async def open_draft(visit: Visit, draft: Broadcast, head: str = "") -> None:
    """Show the preview of a draft, and its card below as the newest message."""
    shown, trouble = await preview(visit, draft)
    words = trouble or head or visit.texts.compose_above
    await renew(visit, shown, await card_screen(visit, shown, words))


async def show_draft(visit: Visit, press: OpenDraft) -> None:
    """Show a draft from its preview to its card."""
    await open_draft(visit, await visit.desk.drafting.find(press.draft, operator=person(visit)))


async def test(visit: Visit, press: TestDraft) -> None:
    """Send a draft to this operator or to all of them, as people would get it."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    if not press.is_for_all:
        await open_draft(visit, draft, visit.texts.compose_tested_alone)
        return
    operators = await visit.desk.drafting.note_test(draft.id, operator=person(visit), now=visit.now)
    missed = [operator for operator in operators if not await _reached(visit, operator, draft)]
    texts = visit.texts
    head = texts.compose_tested.format(operators=len(operators) - len(missed))
    if missed:
        head = f"{head} {texts.compose_not_tested.format(operators=len(missed))}"
    await renew(visit, draft, await card_screen(visit, draft, head))


async def _reached(visit: Visit, operator: int, draft: Broadcast) -> bool:
    try:
        await send(visit.bot, operator, dressed_as(visit, draft))
    except (TelegramError, LeftBehind) as reason:
        log.info("test_not_delivered", reason=str(reason))
        return False
    return True
