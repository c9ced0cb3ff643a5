"""Who the ideas are from: the therapists, and the ideas of each."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page
from tipbot.bot.leafing import ShowIdeas, ShowTherapists
from tipbot.bot.presses import ShowBooking, ShowItem
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.content import Item, Origin, Therapist, title_of

IDEAS_ON_A_PAGE = 6
FIRST = Page(1)


async def bring_therapists(visit: Visit) -> None:
    """Answer /therapists."""
    await visit.send(_team_screen(visit))


async def show_therapists(visit: Visit, _: ShowTherapists) -> None:
    """Show the therapists in place of somebody's ideas."""
    await visit.show(_team_screen(visit))


async def show_ideas(visit: Visit, press: ShowIdeas) -> None:
    """Show a page of a therapist's ideas; for one who has left, show those who are here."""
    therapist = visit.desk.library.catalogue.therapists.get(press.therapist)
    if therapist is None:
        await visit.show(_team_screen(visit))
        return
    ideas = visit.desk.find.by_therapist(visit.language, therapist.id)
    pages = [ideas[start : start + IDEAS_ON_A_PAGE] for start in range(0, len(ideas), IDEAS_ON_A_PAGE)]
    if not pages:
        name = escaped(therapist.name)
        back = [button(visit.texts.button_all_therapists, ShowTherapists())]
        await visit.show(Screen(visit.texts.ideas_none.format(therapist=name), keyboard(back)))
        return
    page = Page(max(FIRST, min(press.page, len(pages))))
    await visit.show(_ideas_screen(visit, therapist, pages, page))


def _team_screen(visit: Visit) -> Screen:
    texts, catalogue = visit.texts, visit.desk.library.catalogue
    entries = (
        texts.therapist_entry.format(name=escaped(one.name), role=escaped(one.role), about=escaped(one.about))
        for one in catalogue.therapists.values()
    )
    words = texts.therapists_page.format(clinic=escaped(catalogue.clinic.name), therapists="\n\n".join(entries))
    rows = (
        [button(texts.button_ideas.format(therapist=one.name), ShowIdeas(one.id, FIRST))]
        for one in catalogue.therapists.values()
    )
    return Screen(words, keyboard(*rows, [button(texts.button_see_therapist, ShowBooking(Origin.MENU))]))


def _ideas_screen(visit: Visit, therapist: Therapist, pages: Sequence[Sequence[Item]], page: Page) -> Screen:
    texts = visit.texts
    number = texts.page_of.format(page=page, pages=len(pages))
    words = texts.ideas.format(therapist=escaped(therapist.name), page=number)
    ideas = ([button(title_of(item), ShowItem(item.id))] for item in pages[page - 1])
    leafing: list[InlineKeyboardButton] = []
    if page > FIRST:
        leafing.append(button(texts.button_back, ShowIdeas(therapist.id, Page(page - 1))))
    if page < len(pages):
        leafing.append(button(texts.button_next, ShowIdeas(therapist.id, Page(page + 1))))
    return Screen(words, keyboard(*ideas, leafing, [button(texts.button_all_therapists, ShowTherapists())]))
