"""The card below a preview: one message that says how a draft stands, changes in place, and leads everywhere."""

from contextlib import suppress
from dataclasses import dataclass

from telegram import InlineKeyboardButton, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.describing import (
    audience_phrase,
    notes_phrase,
    purpose_phrase,
    reach_phrase,
    titled,
    when_phrase,
)
from tipbot.bot.operating.door import person
from tipbot.bot.presses_of_audience import ShowAudience
from tipbot.bot.presses_of_composing import (
    AskLinks,
    AskPurpose,
    AskToDiscard,
    AskToSend,
    ChoosePurpose,
    EditDraft,
    OpenDraft,
    Revision,
    ShowWhen,
    TestDraft,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Broadcast
from tipbot.usecases.broadcasting import Estimate
from tipbot.usecases.marketing import OfferSigns, Sign

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a draft stands, in words."""

    title: str
    audience: str
    reach: str
    when: str
    purpose: str
    notes: str
    estimate: Estimate


async def standing_of(visit: Visit, draft: Broadcast) -> Standing:
    """Return how a draft stands at this moment."""
    desk, texts = visit.desk, visit.texts
    estimate = await desk.broadcasting.estimate(draft.id, now=visit.now)
    return Standing(
        title=escaped(titled(draft, texts)),
        audience=await audience_of(visit, draft),
        reach=reach_phrase(estimate, texts),
        when=when_phrase(draft.when, desk.home_zone, texts, now=visit.now),
        purpose=purpose_phrase(draft.purpose, texts),
        notes=notes_phrase(estimate, texts),
        estimate=estimate,
    )


async def audience_of(visit: Visit, draft: Broadcast) -> str:
    """Return who gets a draft, in words."""
    titles = {}
    for number in {draft.audience.only.got, draft.audience.minus.got} - {None}:
        found = await visit.desk.broadcasting.find(number or 0, operator=person(visit))
        titles[found.id] = titled(found, visit.texts)
    languages = {language: texts.language_name for language, texts in visit.desk.texts.items()}
    return audience_phrase(draft, titles, languages, visit.texts)


def head_of(visit: Visit, draft: Broadcast) -> str:
    """Return what the card says first: that the preview is above, or how much of an album has come."""
    if draft.composition.album:
        return visit.texts.compose_album.format(parts=len(draft.composition.parts))
    return visit.texts.compose_above


async def card_screen(visit: Visit, draft: Broadcast, head: str = "") -> Screen:
    """Return the card of a draft; `head` stands first, in place of what it usually says there."""
    standing = await standing_of(visit, draft)
    words = visit.texts.compose_card.format(
        head=head or head_of(visit, draft),
        title=standing.title,
        audience=standing.audience,
        reach=standing.reach,
        when=standing.when,
        purpose=standing.purpose,
        notes=standing.notes,
    )
    return Screen(words, keyboard(*_rows(visit, draft)))


def _rows(visit: Visit, draft: Broadcast) -> list[list[InlineKeyboardButton]]:
    texts, number = visit.texts, draft.id
    links = texts.button_change_links if draft.composition.links else texts.button_add_links
    preview = [button(texts.button_preview, OpenDraft(number))] if draft.composition.is_album else []
    return [
        [
            button(texts.button_send, AskToSend(number, Revision(draft.revision))),
            button(texts.button_test_alone, TestDraft(number, is_for_all=False)),
        ],
        [button(texts.button_test_all, TestDraft(number, is_for_all=True)), *preview],
        [
            button(texts.button_who, ShowAudience(number, is_minus=False)),
            button(texts.button_when, ShowWhen(number)),
        ],
        [button(texts.button_edit, EditDraft(number)), button(links, AskLinks(number))],
        [button(texts.button_what, AskPurpose(number)), button(texts.button_discard, AskToDiscard(number))],
    ]


def purpose_screen(visit: Visit, draft: Broadcast, head: str = "") -> Screen:
    """Return the question whether it is an article or an offer; where it looks like an offer, that comes first."""
    texts, sign = visit.texts, signs_of(visit).of(draft.composition)
    why = {Sign.BOOKING: texts.compose_why_booking, Sign.WORDS: texts.compose_why_words}
    article = button(texts.button_is_article, ChoosePurpose(draft.id, Purpose.ARTICLE, is_sure=False))
    offer = button(texts.button_is_offer, ChoosePurpose(draft.id, Purpose.OFFER, is_sure=False))
    words = texts.compose_purpose.format(head=head or head_of(visit, draft), why=why[sign] if sign else "")
    return Screen(words.strip(), keyboard([offer, article] if sign else [article, offer]))


def signs_of(visit: Visit) -> OfferSigns:
    """Return by what an offer is recognised, in every language there is."""
    desk = visit.desk
    words = visit.in_any_language(lambda texts: texts.offer_words)
    return OfferSigns(desk.links.clinic, visit.bot.username, desk.links.public_url, words)


async def renew(visit: Visit, draft: Broadcast, screen: Screen) -> None:
    """Show the card as the newest message; the one further up goes, so that there is only one."""
    old = await visit.desk.drafting.card(draft.id)
    message = await visit.send(screen)
    await visit.desk.drafting.show_card_in(draft.id, visit.chat_id, message.message_id)
    if old is not None and old[0] == visit.chat_id:  # another operator keeps theirs
        with suppress(TelegramError):  # gone already, or too old to go
            await visit.bot.delete_message(*old)


async def change_in_place(visit: Visit, draft: Broadcast, screen: Screen) -> None:
    """Change the card where it stands, though nobody pressed anything; a new one where that cannot be."""
    known = await visit.desk.drafting.card(draft.id)
    if known is None or known[0] != visit.chat_id:
        await renew(visit, draft, screen)
        return
    try:
        await visit.bot.edit_message_text(
            screen.text,
            chat_id=known[0],
            message_id=known[1],
            parse_mode=ParseMode.HTML,
            reply_markup=screen.keyboard,
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as refusal:
        if not refusal.message.lower().startswith("message is not modified"):
            await renew(visit, draft, screen)
