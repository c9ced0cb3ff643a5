"""What operators send for a draft: the message itself, the parts of an album, new words, link buttons."""

from telegram import InlineKeyboardMarkup

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.incoming import Incoming, read_message
from tipbot.bot.operating.card import (
    card_screen,
    change_in_place,
    purpose_screen,
    renew,
    signs_of,
)
from tipbot.bot.operating.door import person
from tipbot.bot.operating.forgiving import awaited_draft
from tipbot.bot.operating.previewing import excess_of, open_draft, preview
from tipbot.bot.presses_of_composing import AskLinks, EditDraft, NotNow, RemoveLinks, ShowCard
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Broadcast, BroadcastId
from tipbot.domain.composition import Composition
from tipbot.domain.link_lines import LinkFault, WrongLink, read_links
from tipbot.texts import Texts
from tipbot.usecases.drafting import AlbumFull, OtherMessage

MESSAGE, WORDS, LINKS = "draft-message", "draft-words", "draft-links"
# The further parts of an album that takes the place of what was there.
MORE = "draft-more"


async def take_message(visit: Visit) -> None:
    """Take the message of a draft, or one more part of its album, and ask what it is."""
    draft = await _taken(visit)
    if draft is None:
        return
    if draft.composition.album:
        # More parts come as messages of their own: the question stays one message and counts them.
        await change_in_place(visit, draft, purpose_screen(visit, draft))
        return
    await visit.desk.staffing.wait_no_more(person(visit))
    shown, trouble = await preview(visit, draft)
    await renew(visit, shown, purpose_screen(visit, shown, trouble))


async def take_more(visit: Visit) -> None:
    """Take one more part of an album that takes the place of what was there."""
    draft = await _taken(visit)
    if draft is not None:
        await change_in_place(visit, draft, await card_screen(visit, draft))


async def _taken(visit: Visit) -> Broadcast | None:
    """Return the draft with what was sent in it, None where that was left out and the operator told why."""
    number = await awaited_draft(visit)
    incoming = await _usable(visit, number)
    if incoming is None:
        return None
    composition, sign_of = incoming.composition, signs_of(visit).of
    try:
        return await visit.desk.drafting.take(number, composition, sign_of, operator=person(visit), now=visit.now)
    except (OtherMessage, AlbumFull) as reason:
        await _leave_out(visit, number, reason)
        return None


async def _usable(visit: Visit, number: int) -> Incoming | None:
    """Return the message if it can go to everybody, else say why it cannot and go on waiting."""
    incoming = None if visit.message is None else read_message(visit.message)
    below = keyboard([button(visit.texts.button_cancel, NotNow(BroadcastId(number)))])
    if incoming is None:
        await visit.send(Screen(visit.texts.compose_cannot_send, below))
        return None
    composition = incoming.composition
    purpose = Purpose.OFFER if signs_of(visit)(composition) else Purpose.ARTICLE
    return None if await _is_too_long(visit, composition, purpose, below) else incoming


async def _is_too_long(
    visit: Visit, composition: Composition, purpose: Purpose, below: InlineKeyboardMarkup
) -> bool:
    excess = excess_of(visit, composition, purpose)
    if excess:
        await visit.send(Screen(visit.texts.compose_too_long.format(excess=excess), below))
    return excess > 0


async def _leave_out(visit: Visit, number: int, reason: OtherMessage | AlbumFull) -> None:
    texts, is_full = visit.texts, isinstance(reason, AlbumFull)
    draft = await visit.desk.drafting.find(number, operator=person(visit))
    if is_full:
        screen = purpose_screen(visit, draft, texts.compose_album_full)
        await change_in_place(visit, draft, screen)
        return
    await visit.desk.staffing.wait_no_more(person(visit))
    await renew(visit, draft, await card_screen(visit, draft, texts.compose_has_message))


async def ask_words(visit: Visit, press: EditDraft) -> None:
    """Ask for new words, or for a new message."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.desk.staffing.wait_for(person(visit), WORDS, draft.id, now=visit.now)
    await visit.show(Screen(visit.texts.compose_edit, _back(visit, draft.id)))


async def take_words(visit: Visit) -> None:
    """Take the new words of a draft, or the message that replaces its own."""
    number = await awaited_draft(visit)
    draft = await visit.desk.drafting.find(number, operator=person(visit))
    incoming = None if visit.message is None else read_message(visit.message)
    if incoming is None:
        await visit.send(Screen(visit.texts.compose_cannot_send, _back(visit, draft.id)))
        return
    signs = signs_of(visit)
    purpose = Purpose.OFFER if signs(incoming.composition) else draft.purpose
    if await _is_too_long(visit, _reworded(draft, incoming), purpose, _back(visit, draft.id)):
        return
    changed = await visit.desk.drafting.reword(
        number, incoming.composition, signs.of, operator=person(visit), now=visit.now
    )
    if incoming.album:
        await visit.desk.staffing.wait_for(person(visit), MORE, number, now=visit.now)
        await change_in_place(visit, changed, await card_screen(visit, changed))
        return
    await visit.desk.staffing.wait_no_more(person(visit))
    await open_draft(visit, changed, _note(visit, draft, changed))


def _reworded(draft: Broadcast, incoming: Incoming) -> Composition:
    if incoming.composition.is_text and draft.composition.parts and not draft.composition.is_text:
        return draft.composition.with_words(incoming.part.html)
    return incoming.composition


def _note(visit: Visit, before: Broadcast, after: Broadcast) -> str:
    return visit.texts.compose_took_for_offer if before.purpose is not after.purpose else ""


async def ask_links(visit: Visit, press: AskLinks) -> None:
    """Ask for the link buttons."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.desk.staffing.wait_for(person(visit), LINKS, draft.id, now=visit.now)
    remove = [button(visit.texts.button_no_links, RemoveLinks(draft.id))] if draft.composition.links else []
    back = button(visit.texts.button_back, ShowCard(draft.id))
    await visit.show(Screen(visit.texts.compose_links, keyboard(remove, [back])))


async def take_links(visit: Visit) -> None:
    """Take link buttons as they were typed."""
    number = await awaited_draft(visit)
    if not visit.text.strip():  # a sticker, say: there is no line to find fault with
        await visit.send(Screen(visit.texts.compose_links, _back(visit, number)))
        return
    try:
        links = read_links(visit.text)
    except WrongLink as wrong:
        words = visit.texts.compose_links_wrong.format(fault=_fault(wrong, visit.texts))
        await visit.send(Screen(words, _back(visit, number)))
        return
    before = await visit.desk.drafting.find(number, operator=person(visit))
    after = await visit.desk.drafting.set_links(
        number, links, signs_of(visit).of, operator=person(visit), now=visit.now
    )
    await visit.desk.staffing.wait_no_more(person(visit))
    await open_draft(visit, after, _note(visit, before, after))


async def remove_links(visit: Visit, press: RemoveLinks) -> None:
    """Let no link buttons stand below the message."""
    draft = await visit.desk.drafting.set_links(
        press.draft, (), signs_of(visit).of, operator=person(visit), now=visit.now
    )
    await visit.desk.staffing.wait_no_more(person(visit))
    await open_draft(visit, draft)


def _back(visit: Visit, number: int) -> InlineKeyboardMarkup:
    return keyboard([button(visit.texts.button_back, ShowCard(BroadcastId(number)))])


def _fault(wrong: WrongLink, texts: Texts) -> str:
    words = {
        LinkFault.NO_ADDRESS: texts.link_no_address,
        LinkFault.WRONG_ADDRESS: texts.link_wrong_address,
        LinkFault.NO_LABEL: texts.link_no_label,
        LinkFault.LONG_LABEL: texts.link_long_label,
        LinkFault.TOO_MANY: texts.link_too_many,
    }
    return words[wrong.fault].format(line=escaped(wrong.line))
