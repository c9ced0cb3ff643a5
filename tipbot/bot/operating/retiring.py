"""Conversations with operators about items that nobody shall get any more."""

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import LAST_PAGE, button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page
from tipbot.bot.operating.door import person
from tipbot.bot.presses_of_upkeep import AskRetire, BringBack, LeaveItems, RetireItem, ShowRetired
from tipbot.bot.rendering import Screen, escaped, render_delivery
from tipbot.domain.content import Article, Item, ItemId, title_of
from tipbot.domain.schedule import local_date
from tipbot.domain.subscribers import Kind
from tipbot.usecases.errors import NoSuchItem, TooFewLeft
from tipbot.usecases.library import kind_of
from tipbot.usecases.retiring import Retiree

AWAITED = "retire"
"""What an operator is asked to type: an id, or words from a title."""

MOST_OFFERED = 5
ON_A_PAGE = 8


async def retire(visit: Visit) -> None:
    """Answer /retire, with or without words after it."""
    if visit.words:
        await _look_for(visit, visit.words)
        return
    await visit.desk.staffing.wait_for(person(visit), AWAITED, now=visit.now)
    await visit.send(await _asking(visit, visit.texts.retire_ask))


async def read_words(visit: Visit) -> None:
    """Read an id, or words from a title."""
    await _look_for(visit, visit.text)


async def _look_for(visit: Visit, words: str) -> None:
    found = await _found(visit, words)
    if not found:
        await visit.desk.staffing.wait_for(person(visit), AWAITED, now=visit.now)
        await visit.send(await _asking(visit, visit.texts.retire_ask_again))
        return
    await visit.desk.staffing.wait_no_more(person(visit))
    if len(found) == 1:
        await visit.send(_question(visit, found[0]))
        return
    rows = [[button(title_of(item), AskRetire(item.id))] for item in found]
    leave = [button(visit.texts.button_leave_items, LeaveItems())]
    await visit.send(Screen(visit.texts.retire_which, keyboard(*rows, leave)))


async def _found(visit: Visit, words: str) -> list[Item]:
    exact = visit.desk.retire.find(ItemId(words.strip().lower()))
    if exact is not None:
        return [exact]
    advice = await visit.desk.find.best(visit.language, words, most=MOST_OFFERED)
    return [item for item in advice if not isinstance(item, Article)]


async def _asking(visit: Visit, words: str) -> Screen:
    texts, retired = visit.texts, await visit.desk.retire.listed()
    leave = [button(texts.button_leave_items, LeaveItems())]
    return Screen(words, keyboard(leave, _to_retired(visit, len(retired))))


def _to_retired(visit: Visit, number: int) -> list[InlineKeyboardButton]:
    label = visit.texts.button_retired_list.format(number=number)
    return [button(label, ShowRetired(Page(0)))] if number else []


async def ask(visit: Visit, press: AskRetire) -> None:
    """Show an item in the place of the list, and ask."""
    item = visit.desk.retire.find(press.item)
    await visit.show(Screen(visit.texts.retire_unknown) if item is None else _question(visit, item))


def _question(visit: Visit, item: Item) -> Screen:
    texts, catalogue = visit.texts, visit.desk.library.edition.written
    shown = render_delivery(item, texts, catalogue, kind_of(item)).text
    if visit.desk.retire.is_retired(item.id):
        back = [button(texts.button_bring_back, BringBack(Page(0), item.id))]
        return Screen(texts.retire_is_retired.format(item=shown), keyboard(back))
    ways = [
        button(texts.button_retire, RetireItem(item.id)),
        button(texts.button_leave_items, LeaveItems()),
    ]
    return Screen(texts.retire_question.format(item=shown), keyboard(ways))


async def do(visit: Visit, press: RetireItem) -> None:
    """Retire an item; pressed twice, it is still retired."""
    texts, item = visit.texts, visit.desk.retire.find(press.item)
    try:
        await visit.desk.retire.retire(press.item, operator=person(visit), now=visit.now)
    except TooFewLeft as few:
        words = texts.retire_too_few_tips if few.kind is Kind.TIP else texts.retire_too_few_stretches
        await visit.show(Screen(words.format(number=few.left, least=few.fewest)))
    except NoSuchItem:
        await visit.show(Screen(texts.retire_unknown))
    else:
        title = press.item if item is None else title_of(item)
        back = [button(texts.button_bring_back, BringBack(Page(0), press.item))]
        await visit.show(Screen(texts.retire_done.format(title=escaped(title)), keyboard(back)))


async def leave(visit: Visit, _press: LeaveItems) -> None:
    """Retire nothing, and wait for no more words."""
    await visit.desk.staffing.wait_no_more(person(visit))
    await visit.show(Screen(visit.texts.retire_left_alone))


async def show_retired(visit: Visit, press: ShowRetired) -> None:
    """Show a page of what was retired."""
    await visit.desk.staffing.wait_no_more(person(visit))
    await visit.show(await _retired_screen(visit, press.page))


async def bring_back(visit: Visit, press: BringBack) -> None:
    """Let an item come again, and show what is still retired."""
    await visit.desk.retire.bring_back(press.item, operator=person(visit), now=visit.now)
    item = visit.desk.retire.find(press.item)
    await visit.answer(None if item is None else visit.texts.retired_back.format(title=title_of(item)))
    await visit.show(await _retired_screen(visit, press.page))


async def _retired_screen(visit: Visit, page: Page) -> Screen:
    texts, retired = visit.texts, await visit.desk.retire.listed()
    if not retired:
        return Screen(texts.retired_none)
    page = Page(min(page, (len(retired) - 1) // ON_A_PAGE, LAST_PAGE))
    here = retired[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    lines = [
        texts.retired_line.format(
            title=escaped(_title(one)), date=f"{local_date(one.retirement.at, visit.desk.home_zone):%d/%m/%Y}"
        )
        for one in here
    ]
    rows = [
        [button(texts.button_bring_back_one.format(title=_title(one)), BringBack(page, one.retirement.item))]
        for one in here
    ]
    before = [button(texts.button_earlier, ShowRetired(Page(page - 1)))] if page else []
    after = (
        [button(texts.button_more, ShowRetired(Page(page + 1)))] if len(retired) > (page + 1) * ON_A_PAGE else []
    )
    return Screen(texts.retired_list.format(items="\n".join(lines)), keyboard(*rows, before + after))


def _title(one: Retiree) -> str:
    return one.retirement.item if one.item is None else title_of(one.item)
