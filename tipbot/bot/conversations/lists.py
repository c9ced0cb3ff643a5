"""Two lists of items, page by page: what is kept, to open or remove, and what was left out, to take back."""

from collections.abc import Callable

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import LAST_PAGE, button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page, RemoveFavourite, ShowFavourites, ShowLeftOut, TakeBack
from tipbot.bot.presses import OpenSettings, Press, ShowItem, ShowSettings, Today
from tipbot.bot.rendering import Screen
from tipbot.domain.content import Item, title_of
from tipbot.domain.subscribers import Kind
from tipbot.texts import Texts

ON_A_PAGE = 8


async def favourites(visit: Visit) -> None:
    """Answer /favourites."""
    await visit.send(await _favourites_screen(visit, ShowFavourites(Page(0), is_removing=False)))


async def show_favourites(visit: Visit, press: ShowFavourites) -> None:
    """Turn to a page of what is kept, or begin or end removing."""
    await visit.show(await _favourites_screen(visit, press))


async def remove_favourite(visit: Visit, press: RemoveFavourite) -> None:
    """Strike an item out of what is kept, and show the rest."""
    await visit.desk.choose.let_go(visit.chat_id, press.item, now=visit.now)
    await visit.show(await _favourites_screen(visit, ShowFavourites(press.page, is_removing=True)))


async def show_left_out(visit: Visit, press: ShowLeftOut) -> None:
    """Turn to a page of what was left out."""
    await visit.show(await _left_out_screen(visit, press.page))


async def take_back(visit: Visit, press: TakeBack) -> None:
    """Let an item come again, and show what is still left out."""
    await visit.desk.choose.take_back(visit.chat_id, press.item, now=visit.now)
    await visit.show(await _left_out_screen(visit, press.page))


async def _favourites_screen(visit: Visit, press: ShowFavourites) -> Screen:
    chosen, texts = await visit.desk.choose.favourites(visit.chat_id), visit.texts
    gone = texts.favourites_retired.format(number=chosen.retired) if chosen.retired else ""
    if not chosen.items:
        tips = [button(texts.button_todays_tip, Today(Kind.TIP)), button(texts.button_settings, OpenSettings())]
        return Screen(_paragraphs(texts.favourites_none, gone), keyboard(tips))
    page = _within(press.page, chosen.items)

    def line(item: Item) -> InlineKeyboardButton:
        if press.is_removing:
            return button(texts.button_remove.format(title=title_of(item)), RemoveFavourite(page, item.id))
        return button(title_of(item), ShowItem(item.id))

    other = ShowFavourites(page, is_removing=not press.is_removing)
    last = button(texts.button_done if press.is_removing else texts.button_remove_some, other)
    words = texts.favourites_removing if press.is_removing else texts.favourites
    turning = _turning(page, chosen.items, texts, lambda to: ShowFavourites(to, is_removing=press.is_removing))
    rows = [[line(item)] for item in _on(page, chosen.items)]
    return Screen(_paragraphs(words.format(number=len(chosen.items)), gone), keyboard(*rows, turning, [last]))


async def _left_out_screen(visit: Visit, page: Page) -> Screen:
    chosen, texts = await visit.desk.choose.left_out(visit.chat_id), visit.texts
    back = button(texts.button_back, ShowSettings())
    if not chosen.items:
        return Screen(texts.left_out_none, keyboard([back]))
    page = _within(page, chosen.items)
    rows = [[button(title_of(item), TakeBack(page, item.id))] for item in _on(page, chosen.items)]
    turning = _turning(page, chosen.items, texts, ShowLeftOut)
    return Screen(texts.left_out_page.format(number=len(chosen.items)), keyboard(*rows, turning, [back]))


def _within(page: Page, items: tuple[Item, ...]) -> Page:
    """Return the page, or the last one there is: items may have gone since the button was made."""
    return Page(min(page, (len(items) - 1) // ON_A_PAGE, LAST_PAGE))


def _on(page: Page, items: tuple[Item, ...]) -> tuple[Item, ...]:
    return items[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]


def _turning(
    page: Page, items: tuple[Item, ...], texts: Texts, to: Callable[[Page], Press]
) -> list[InlineKeyboardButton]:
    """Return the buttons that lead to the pages before and after, where there are any."""
    before = [button(texts.button_earlier, to(Page(page - 1)))] if page else []
    after = [button(texts.button_more, to(Page(page + 1)))] if (page + 1) * ON_A_PAGE < len(items) else []
    return before + after


def _paragraphs(*paragraphs: str) -> str:
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
