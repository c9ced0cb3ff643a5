"""A tip or a stretch on request: today's, another, or one on a topic."""

from dataclasses import replace

from tipbot.bot.below import NOTHING_SPECIAL, Below
from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations import resting, topics
from tipbot.bot.conversations.phrases import kind_name
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.conversations.wording import is_one_of
from tipbot.bot.item_presses import (
    AnotherThemed,
    BringThemed,
    Page,
    ShowLeftOut,
    ShowTopics,
    TakeAllBack,
    UndoLeaveOut,
)
from tipbot.bot.presses import Another, OpenSettings, ShowItem, Today
from tipbot.bot.rendering import Screen, render_delivery
from tipbot.domain.content import Item, ItemId, Theme
from tipbot.domain.subscribers import Kind, Status
from tipbot.usecases.errors import NothingLeft, StretchesRest
from tipbot.usecases.library import kind_of


async def bring_tip(visit: Visit) -> None:
    """Answer /tip, with or without a topic."""
    await _bring(visit, Kind.TIP)


async def bring_stretch(visit: Visit) -> None:
    """Answer /stretch, with or without a position or topic."""
    await _bring(visit, Kind.STRETCH)


async def _bring(visit: Visit, kind: Kind) -> None:
    words = visit.words
    theme = topics.theme_meant(words, visit, kind)
    if not words or is_one_of(words, visit.in_any_language(lambda texts: texts.today_words)):
        await bring_today(visit, Today(kind))
    elif theme is not None:
        await bring_themed(visit, BringThemed(kind, theme))
    else:
        await visit.known()
        is_question = is_one_of(words, visit.in_any_language(lambda texts: texts.topics_words))
        await visit.send(topics.topics_screen(visit, kind, is_unknown=not is_question))


async def bring_today(visit: Visit, press: Today) -> None:
    """Send today's item as a new message, so that it can be kept."""
    await visit.send(await _today_screen(visit, press.kind))


async def show_today(visit: Visit, press: Today) -> None:
    """Show today's item in this message."""
    await visit.show(await _today_screen(visit, press.kind))


async def _today_screen(visit: Visit, kind: Kind) -> Screen:
    try:
        item = await visit.desk.ask.today(visit.chat_id, kind, now=visit.now)
    except NothingLeft:
        return nothing_left_screen(visit, kind, None)
    except StretchesRest:
        return await resting.rest_screen(visit)
    return await item_screen(visit, item)


async def show_another(visit: Visit, press: Another) -> None:
    """Show the next item in place of the one above the button."""
    try:
        item = await visit.desk.ask.another(visit.chat_id, press.kind, now=visit.now)
    except NothingLeft:
        await visit.show(nothing_left_screen(visit, press.kind, None))
        return
    except StretchesRest:
        await visit.show(await resting.rest_screen(visit))
        return
    await visit.show(await item_screen(visit, item))


async def bring_themed(visit: Visit, press: BringThemed) -> None:
    """Send an item on a topic, or in a position, as a new message."""
    try:
        item = await _themed(visit, press.kind, press.theme)
    except StretchesRest:
        await visit.send(await resting.rest_screen(visit))
        return
    await visit.send(await _themed_screen(visit, item, press.kind, press.theme))


async def show_another_themed(visit: Visit, press: AnotherThemed) -> None:
    """Show what follows on the same topic in place of the item above the button, or say that it is the only one."""
    item = find(visit, press.item)
    kind = kind_of(item) if item else Kind.TIP
    try:
        other = await _themed(visit, kind, press.theme, after=press.item)
    except StretchesRest:
        await visit.answer()
        await visit.show(await resting.rest_screen(visit))
        return
    is_alone = other is not None and other.id == press.item
    await visit.answer(visit.texts.only_one if is_alone else None)
    await visit.show(await _themed_screen(visit, other, kind, press.theme))


async def _themed(visit: Visit, kind: Kind, theme: Theme, *, after: ItemId | None = None) -> Item | None:
    try:
        return await visit.desk.ask.on(visit.chat_id, kind, theme, after=after, now=visit.now)
    except NothingLeft:
        return None


async def _themed_screen(visit: Visit, item: Item | None, kind: Kind, theme: Theme) -> Screen:
    if item is not None:
        return await item_screen(visit, item, Below(theme=theme))
    if not topics.has_any(theme, visit, kind):
        return topics.topics_screen(visit, kind, is_unknown=True)
    return nothing_left_screen(visit, kind, theme)


async def show_topics(visit: Visit, press: ShowTopics) -> None:
    """Show what there is to choose from in this message."""
    await visit.show(topics.topics_screen(visit, press.kind))


async def bring_item(visit: Visit, press: ShowItem) -> None:
    """Send one item by its id; one that was retired meanwhile is told politely."""
    item = find(visit, press.item)
    screen = Screen(visit.texts.item_retired) if item is None else await item_screen(visit, item)
    await visit.send(screen)


def find(visit: Visit, item_id: ItemId) -> Item | None:
    """Return an item in the person's language, or None when there is none of this id any more."""
    return visit.desk.library.item(visit.desk.language_of(visit.language_code), item_id)


async def item_screen(visit: Visit, item: Item, below: Below = NOTHING_SPECIAL) -> Screen:
    """Return the item, and remind those to whom nothing comes by itself any more; no stretch while these rest."""
    subscription = await visit.known()
    if kind_of(item) is Kind.STRETCH and subscription.subscriber.rests_stretches(visit.now):
        return await resting.rest_screen(visit)
    below = replace(below, is_kept=await visit.desk.choose.is_kept(visit.chat_id, item.id))
    screen = render_delivery(item, visit.texts, visit.desk.library.catalogue, kind_of(item), below)
    if subscription.subscriber.status in {Status.ACTIVE, Status.PAUSED}:
        return screen
    reminder = visit.texts_of(subscription).next_none_stopped
    return screen._replace(text=f"{screen.text}\n\n{reminder}")


def nothing_left_screen(visit: Visit, kind: Kind, theme: Theme | None, in_place_of: ItemId | None = None) -> Screen:
    """Say that everything of a kind, or on a topic, was left out, and offer ways on, or back to the last one."""
    texts = visit.texts
    undo = [button(texts.button_undo_left_out, UndoLeaveOut(in_place_of))] if in_place_of else []
    if theme is not None:
        ways = [
            button(texts.button_left_out_list, ShowLeftOut(Page(0))),
            button(texts.button_topics, ShowTopics(kind)),
        ]
        return Screen(texts.nothing_left_on_topic, keyboard(undo, ways))
    ways = [button(texts.button_take_all_back, TakeAllBack(kind)), button(texts.button_settings, OpenSettings())]
    return Screen(texts.nothing_left.format(kind=kind_name(kind, texts)), keyboard(undo, ways))
