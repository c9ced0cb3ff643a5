"""Conversations in which an operator writes an article: title, text, link and picture, one after another."""

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.door import person
from tipbot.bot.operating.draft_cards import show_draft
from tipbot.bot.presses_of_articles import (
    ArticleNumber,
    AskForPart,
    DropArticle,
    FinishArticle,
    NewArticle,
    RestArticle,
    SkipPart,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.articles import MOST_TITLE, MOST_WORDS, ClinicArticle, Step
from tipbot.texts import Texts
from tipbot.usecases.errors import NoSuchArticle, Unfit, UnfitFor


async def article(visit: Visit) -> None:
    """Answer /article."""
    await visit.send(await _beginning(visit))


async def new_article(visit: Visit, _: NewArticle) -> None:
    """Begin an article, or offer the one that was begun."""
    await visit.send(await _beginning(visit))


async def ask(visit: Visit, press: AskForPart) -> None:
    """Ask for a part of the article, in this message."""
    try:
        begun = await visit.desk.write_article.ask(press.article, press.step, operator=person(visit), now=visit.now)
    except NoSuchArticle:
        await visit.show(Screen(visit.texts.article_gone))
        return
    await visit.show(_question(begun, press.step, visit.texts))


async def skip(visit: Visit, press: SkipPart) -> None:
    """Do without a link or a picture."""
    if not press.step.is_optional:
        return
    try:
        begun = await visit.desk.write_article.skip(
            press.article, press.step, operator=person(visit), now=visit.now
        )
    except NoSuchArticle:
        await visit.show(Screen(visit.texts.article_gone))
        return
    if press.step.after is None:
        await finish(visit, FinishArticle(press.article))
    else:
        await visit.show(_question(begun, press.step.after, visit.texts))


async def finish(visit: Visit, press: FinishArticle) -> None:
    """End in the draft; what is missing is asked for."""
    operator = person(visit)
    try:
        draft = await visit.desk.write_article.finish(press.article, operator=operator, now=visit.now)
    except NoSuchArticle:
        await visit.show(Screen(visit.texts.article_gone))
    except Unfit as missing:
        begun = await visit.desk.write_article.ask(press.article, missing.step, operator=operator, now=visit.now)
        await visit.send(_question(begun, missing.step, visit.texts))
    else:
        await show_draft(visit, draft)


async def rest(visit: Visit, _: RestArticle) -> None:
    """Write no more for now."""
    begun = await visit.desk.write_article.unfinished(operator=person(visit))
    await visit.desk.write_article.rest(operator=person(visit))
    if begun is None:
        await visit.show(Screen(visit.texts.article_gone))
    elif not begun.title:
        await drop(visit, DropArticle(ArticleNumber(begun.id)))
    else:
        await visit.show(Screen(visit.texts.article_kept, keyboard([_drop(begun, visit.texts)])))


async def drop(visit: Visit, press: DropArticle) -> None:
    """Throw away what was written."""
    try:
        await visit.desk.write_article.drop(press.article, operator=person(visit), now=visit.now)
    except NoSuchArticle:
        await visit.show(Screen(visit.texts.article_gone))
        return
    await visit.show(Screen(visit.texts.article_dropped))


async def take_title(visit: Visit) -> None:
    """Take what was typed as the title."""
    await _take(visit, Step.TITLE, visit.message.text if visit.message else None)


async def take_words(visit: Visit) -> None:
    """Take what was typed as the text, with its formatting."""
    message = visit.message
    await _take(visit, Step.WORDS, message.text_html if message and message.text else None)


async def take_link(visit: Visit) -> None:
    """Take what was typed as the link."""
    await _take(visit, Step.LINK, visit.message.text if visit.message else None)


async def take_picture(visit: Visit) -> None:
    """Take a photo; Telegram sends it in several sizes, the largest last."""
    photos = visit.message.photo if visit.message else ()
    await _take(visit, Step.PICTURE, photos[-1].file_id if photos else None)


async def _beginning(visit: Visit) -> Screen:
    texts, operator = visit.texts, person(visit)
    begun = await visit.desk.write_article.begin(operator=operator, now=visit.now)
    if not begun.title:
        await visit.desk.write_article.ask(begun.id, Step.TITLE, operator=operator, now=visit.now)
        return _question(begun, Step.TITLE, texts)
    await visit.desk.write_article.rest(operator=operator)
    go_on = button(texts.button_article_go_on, AskForPart(ArticleNumber(begun.id), _open_step(begun)))
    words = texts.article_begun.format(title=escaped(begun.title))
    return Screen(words, keyboard([go_on, _drop(begun, texts)]))


def _open_step(begun: ClinicArticle) -> Step:
    """Return the first question that has no answer; nobody knows whether a link was left out on purpose."""
    if not begun.words:
        return Step.WORDS
    return Step.PICTURE if begun.link else Step.LINK


async def _take(visit: Visit, step: Step, given: str | None) -> None:
    texts, operator = visit.texts, person(visit)
    known = await visit.desk.staffing.find(operator)
    number = known.awaits.about if known is not None and known.awaits is not None else 0
    if given is None:
        words = texts.article_needs_picture if step is Step.PICTURE else texts.article_needs_words
        await visit.send(Screen(words, keyboard(*_ways(number, step, texts))))
        return
    message = visit.message.message_id if visit.message else 0
    try:
        begun, further = await visit.desk.write_article.take(
            number, step, given, message=message, operator=operator, now=visit.now
        )
    except Unfit as unfit:
        await visit.send(Screen(_unfit_phrase(unfit, texts), keyboard(*_ways(number, step, texts))))
    except NoSuchArticle:
        await visit.desk.staffing.wait_no_more(operator)
        await visit.send(Screen(texts.article_gone))
    else:
        if further is None:
            await finish(visit, FinishArticle(ArticleNumber(number)))
        else:
            await visit.send(_question(begun, further, texts))


def _unfit_phrase(unfit: Unfit, texts: Texts) -> str:
    match unfit.reason:
        case UnfitFor.NO_ADDRESS:
            return texts.article_no_address
        case UnfitFor.TOO_LONG if unfit.step is Step.TITLE:
            return texts.article_title_too_long.format(length=unfit.length, most=MOST_TITLE)
        case UnfitFor.TOO_LONG:
            return texts.article_words_too_long.format(length=unfit.length, most=MOST_WORDS)
    return texts.article_needs_words


def _question(begun: ClinicArticle, step: Step, texts: Texts) -> Screen:
    match step:
        case Step.TITLE:
            words, given = texts.article_ask_title.format(most=MOST_TITLE), escaped(begun.title)
        case Step.WORDS:
            words, given = texts.article_ask_words.format(most=MOST_WORDS), begun.words
        case Step.LINK:
            words, given = texts.article_ask_link, escaped(begun.link)
        case Step.PICTURE:
            words, given = texts.article_ask_picture, begun.picture or ""
    if given:
        is_picture = step is Step.PICTURE
        so_far = texts.article_so_far_picture if is_picture else texts.article_so_far.format(given=given)
        words = f"{words}\n\n{so_far}"
    return Screen(words, keyboard(*_ways(begun.id, step, texts, is_answered=bool(given))))


def _ways(number: int, step: Step, texts: Texts, *, is_answered: bool = False) -> list[list[InlineKeyboardButton]]:
    """Return the buttons below a question: on without typing where that is possible, back, and out."""
    article_number = ArticleNumber(number)
    on = []
    if is_answered:
        keep = FinishArticle(article_number) if step.after is None else AskForPart(article_number, step.after)
        on.append(button(texts.button_article_keep, keep))
    if step.is_optional:
        on.append(button(texts.button_article_skip, SkipPart(article_number, step)))
    back = [] if step.before is None else [button(texts.button_back, AskForPart(article_number, step.before))]
    return [on, [*back, button(texts.button_article_cancel, RestArticle())]]


def _drop(begun: ClinicArticle, texts: Texts) -> InlineKeyboardButton:
    return button(texts.button_article_drop, DropArticle(ArticleNumber(begun.id)))
