"""Conversations with operators about content that changes while the bot runs."""

from collections.abc import Sequence
from html import unescape
from textwrap import shorten

from telegram.error import TelegramError

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating import retiring
from tipbot.bot.operating.door import Area, Pressed, Spoken, person
from tipbot.bot.presses_of_upkeep import AskRetire, BringBack, LeaveItems, RetireItem, ReviewFile, ShowRetired
from tipbot.bot.profile import publish_profile
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.check import SelfTests
from tipbot.domain.faults import ContentFaults, Fault
from tipbot.domain.operators import Right
from tipbot.logs import get_logger
from tipbot.texts import Texts
from tipbot.usecases.changes import Changes, Difference, Part, Sort
from tipbot.usecases.errors import NothingToReload
from tipbot.usecases.reviews import Reviews, reviews_due

log = get_logger(__name__)

# So many faults are named in the chat, and fewer where they are long: Telegram takes 4096 characters.
MOST_FAULTS, MOST_CHARACTERS, LONGEST_FAULT = 20, 3000, 500


async def reload(visit: Visit) -> None:
    """Answer /reload."""
    texts = visit.texts
    try:
        changes = await visit.desk.reload.reload(operator=person(visit), now=visit.now)
    except NothingToReload:
        await visit.send(Screen(texts.reload_nothing))
    except ContentFaults as found:
        await _list_faults(visit, found.faults)
    else:
        await visit.send(Screen(_changed(changes, visit)))
        if {Part.TEXTS, Part.LANGUAGES} & set(changes.parts):
            await _publish_menus(visit)


async def _list_faults(visit: Visit, faults: Sequence[Fault]) -> None:
    texts = visit.texts
    lines = [
        texts.reload_fault.format(
            file=escaped(one.file),
            key=escaped(one.key),
            message=escaped(shorten(one.message, LONGEST_FAULT, placeholder="…")),
        )
        for one in faults[:MOST_FAULTS]
    ]
    while len(lines) > 1 and sum(map(len, lines)) > MOST_CHARACTERS:
        lines.pop()
    if rest := len(faults) - len(lines):
        lines.append(texts.reload_more.format(number=rest))
    number = texts.content_faults.format(number=len(faults))
    await visit.send(Screen(texts.reload_refused.format(number=number, faults="\n".join(lines))))
    if rest:
        everything = "\n".join(map(str, faults)) + "\n"
        await visit.send_file(everything.encode(), "faults.txt", texts.reload_file)


def _changed(changes: Changes, visit: Visit) -> str:
    texts = visit.texts
    lines = [
        texts.reload_line.format(what=what, numbers=_numbers(changes.sorts[sort], texts))
        for sort, what in zip(Sort, texts.reload_sorts, strict=True)
        if sort in changes.sorts
    ]
    lines += [words for part, words in zip(Part, texts.reload_parts, strict=True) if part in changes.parts]
    if changes.asks_again:
        lines.append(texts.reload_asks_again)
    words = texts.reload_done.format(changes="\n".join(lines)) if lines else texts.reload_same
    reviews = len(_reviews(visit))
    return f"{words}\n\n{texts.reload_reviews.format(number=reviews)}" if reviews else words


def _numbers(difference: Difference, texts: Texts) -> str:
    named = (
        (difference.new, texts.reload_new),
        (difference.changed, texts.reload_changed),
        (difference.gone, texts.reload_gone),
    )
    return ", ".join(words.format(number=number) for number, words in named if number)


async def _publish_menus(visit: Visit) -> None:
    """Bring changed words into Telegram's menus; a failure is logged, because the bot works without them."""
    try:
        has_checks = visit.desk.selftests is not SelfTests.OFF
        await publish_profile(visit.bot, visit.desk.texts, has_checks=has_checks)
    except TelegramError as error:
        log.warning("profile_not_published", reason=error.message)
    for operator in await visit.desk.staffing.everybody():
        await visit.desk.menus.show(visit.bot, operator.user, operator.role)


async def reviews(visit: Visit) -> None:
    """Answer /reviews."""
    texts, due = visit.texts, _reviews(visit)
    if not due:
        await visit.send(Screen(texts.reviews_none))
        return
    whole = [button(texts.button_review_file, ReviewFile())] if due.is_cut else []
    await visit.send(Screen(texts.reviews_page.format(lines="\n".join(due.lines(texts))), keyboard(whole)))


async def bring_file(visit: Visit, _press: ReviewFile) -> None:
    """Send all that wants looking at as a file."""
    due = _reviews(visit)
    lines = due.lines(visit.texts, most=len(due)) or [visit.texts.reviews_none]
    await visit.send_file(_plain("\n".join(lines)).encode(), "reviews.txt", visit.texts.reviews_file)


def _plain(words: str) -> str:
    """Return Telegram's HTML without its tags, for a text file."""
    for tag in ("b", "code"):
        words = words.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return unescape(words) + "\n"


def _reviews(visit: Visit) -> Reviews:
    return reviews_due(visit.desk.library.catalogue, now=visit.now, zone=visit.desk.home_zone)


AREA = Area(
    commands={
        "reload": Spoken(Right.SEND, reload),
        "retire": Spoken(Right.SEND, retiring.retire),
        "reviews": Spoken(Right.SEE, reviews),
    },
    presses={
        AskRetire: Pressed(Right.SEND, retiring.ask),
        RetireItem: Pressed(Right.SEND, retiring.do),
        LeaveItems: Pressed(Right.SEND, retiring.leave),
        ShowRetired: Pressed(Right.SEND, retiring.show_retired),
        BringBack: Pressed(Right.SEND, retiring.bring_back, answers_itself=True),
        ReviewFile: Pressed(Right.SEE, bring_file),
    },
    awaited={retiring.AWAITED: Spoken(Right.SEND, retiring.read_words)},
)
