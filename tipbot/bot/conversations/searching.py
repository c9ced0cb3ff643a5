"""Words that ask for something: whatever fits them best is offered."""

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.check_presses import Answers, Mark, Walk
from tipbot.bot.conversations import therapists
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.conversations.wording import is_one_of
from tipbot.bot.leafing import OpenArticle
from tipbot.bot.presses import ShowItem
from tipbot.bot.rendering import Screen
from tipbot.domain.check import Check, SelfTests
from tipbot.domain.content import Article, Item, title_of

MOST_OFFERED = 3
UNMARKED = "00000000"


async def offer(visit: Visit) -> bool:
    """Offer what fits the words that were typed, and say whether there was anything."""
    if is_one_of(visit.text, (one.name for one in visit.desk.library.catalogue.therapists.values())):
        await therapists.bring_therapists(visit)
        return True
    has_checks = visit.desk.selftests is not SelfTests.OFF
    search = visit.desk.find.best_of_all if has_checks else visit.desk.find.best
    found = await search(visit.language, visit.text, most=MOST_OFFERED)
    if found:
        await visit.send(Screen(visit.texts.found, keyboard(*([_offered(advice)] for advice in found))))
    return bool(found)


def _offered(advice: Item | Article | Check) -> InlineKeyboardButton:
    match advice:
        case Check():
            # Without a mark it opens as the tree is on that day, after consent and the screens.
            return button(advice.name, Walk(advice.code, Mark(UNMARKED), Answers("")))
        case Article():
            return button(title_of(advice), OpenArticle(advice.id))
        case _:
            return button(title_of(advice), ShowItem(advice.id))
