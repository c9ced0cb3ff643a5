"""Conversations with operators about the clinic's blog and the articles it brought."""

from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton

from tipbot.bot.article_news import announced, send_with_picture, trouble_phrase
from tipbot.bot.buttons import LAST_PAGE, button, keyboard
from tipbot.bot.conversations.phrases import date_phrase
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page
from tipbot.bot.operating.door import person
from tipbot.bot.operating.draft_cards import show_draft
from tipbot.bot.presses_of_articles import (
    ArticleNumber,
    CheckFeedNow,
    DraftArticle,
    NewArticle,
    SetArticleAside,
    ShowClinicArticle,
    ShowFeed,
)
from tipbot.bot.presses_of_composing import OpenDraft
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.articles import ArticleStanding, KnownArticle, shortened
from tipbot.domain.feed import FeedStanding
from tipbot.domain.wall_time import format_wall_time
from tipbot.texts import Texts
from tipbot.usecases.articles import ON_A_PAGE, FeedView
from tipbot.usecases.errors import NoSuchArticle
from tipbot.usecases.feeding import Announcement

FIRST = Page(0)
# A button shows about so many characters on a phone.
_MOST_LABEL = 40


async def feed(visit: Visit) -> None:
    """Answer /feed."""
    await visit.desk.write_article.rest(operator=person(visit))
    await visit.send(await _feed_screen(visit, FIRST))


async def show_feed(visit: Visit, press: ShowFeed) -> None:
    """Show the feed, or another page of its articles, in this message."""
    await visit.show(await _feed_screen(visit, press.page))


async def check_now(visit: Visit, _: CheckFeedNow) -> None:
    """Have the feed looked at; that takes longer than a press may wait."""
    asked = await visit.desk.articles.ask_for_look(operator=person(visit), now=visit.now)
    await visit.answer(None if asked else visit.texts.feed_asked_already)
    if asked:
        await visit.show(await _feed_screen(visit, FIRST))


async def show_article(visit: Visit, press: ShowClinicArticle) -> None:
    """Show one article, and what can be done with it."""
    try:
        known, may_send = await visit.desk.articles.find(press.article, operator=person(visit))
    except NoSuchArticle:
        await visit.show(_gone(visit))
        return
    await visit.show(_article_screen(visit, known, press.page, may_send=may_send))


async def draft(visit: Visit, press: DraftArticle) -> None:
    """Make a draft of an article; a picture from the web is shown first, because Telegram may refuse it."""
    operator = person(visit)
    try:
        made = await visit.desk.articles.draft(press.article, operator=operator, now=visit.now)
    except NoSuchArticle:
        await visit.show(_gone(visit))
        return
    picture = made.article.picture
    if picture is None or not picture.startswith(("http://", "https://")):
        await show_draft(visit, made.draft)
        return
    screen = announced(Announcement(made.article, made.draft, 0), visit.texts)
    taken = await send_with_picture(visit.bot, visit.chat_id, screen, picture)
    await visit.desk.articles.settle_picture(press.article, taken, now=visit.now)
    if taken is None:
        await visit.send(Screen(visit.texts.article_picture_refused))


async def set_aside(visit: Visit, press: SetArticleAside) -> None:
    """Send an article not now; the message that offered it stays, with a way to change one's mind."""
    texts = visit.texts
    try:
        known = await visit.desk.articles.skip(press.article, operator=person(visit), now=visit.now)
    except NoSuchArticle:
        await visit.answer()
        await visit.show(_gone(visit))
        return
    if known.standing is not ArticleStanding.SKIPPED:
        await visit.answer(texts.article_not_set_aside)
        return
    await visit.answer(texts.article_set_aside)
    if press.is_listed:
        await visit.show(_article_screen(visit, known, FIRST, may_send=True))
        return
    make = button(texts.button_draft_make, DraftArticle(press.article))
    await visit.change_keyboard(keyboard([make], [button(texts.button_feed_back, ShowFeed(FIRST))]))


def _gone(visit: Visit) -> Screen:
    return Screen(visit.texts.article_gone)


async def _feed_screen(visit: Visit, page: Page) -> Screen:
    texts = visit.texts
    view = await visit.desk.articles.view(page, operator=person(visit), now=visit.now)
    write = [button(texts.button_article_write, NewArticle())] if view.may_send else []
    if view.url is None and not view.total:
        return Screen(texts.feed_none, keyboard(write))
    words = _listed(view, page, visit)
    if view.url is not None:
        checked = texts.feed_looking if view.is_looking else _standing_phrase(view.standing, visit)
        words = texts.feed.format(url=escaped(_without_query(view.url)), checked=checked, articles=words)
    rows = [[_opening(known, page)] for known in view.articles]
    turning = _turning(page, view.total, texts)
    return Screen(words, keyboard(*rows, turning, _looking(view, texts), write))


def _without_query(url: str) -> str:
    # What stands behind the question mark may be a key; what is before it tells the clinic which blog this is.
    return url.partition("?")[0]


def _looking(view: FeedView, texts: Texts) -> list[InlineKeyboardButton]:
    if view.url is None:
        return []
    if view.is_looking:
        return [button(texts.button_feed_result, ShowFeed(FIRST))]
    return [button(texts.button_feed_check, CheckFeedNow())] if view.may_send else []


def _standing_phrase(standing: FeedStanding | None, visit: Visit) -> str:
    texts = visit.texts
    if standing is None:
        return texts.feed_unchecked
    day = date_phrase(standing.checked_at, visit.desk.home_zone, texts)
    time = format_wall_time(standing.checked_at.astimezone(ZoneInfo(visit.desk.home_zone)).time())
    if standing.trouble is None:
        return texts.feed_works.format(day=day, time=time)
    return texts.feed_fails.format(day=day, time=time, why=trouble_phrase(standing.trouble, texts))


def _listed(view: FeedView, page: Page, visit: Visit) -> str:
    texts = visit.texts
    if not view.articles:
        return texts.feed_no_articles
    entries = (
        texts.feed_entry.format(
            number=page * ON_A_PAGE + place,
            title=escaped(known.article.title),
            day=date_phrase(known.article.day, visit.desk.home_zone, texts),
            standing=_standing_name(known, texts),
        )
        for place, known in enumerate(view.articles, start=1)
    )
    return texts.feed_articles.format(articles="\n".join(entries))


def _standing_name(known: KnownArticle, texts: Texts) -> str:
    return texts.article_standings[list(ArticleStanding).index(known.standing)]


def _opening(known: KnownArticle, page: Page) -> InlineKeyboardButton:
    return button(
        shortened(known.article.title, _MOST_LABEL), ShowClinicArticle(ArticleNumber(known.article.id), page)
    )


def _turning(page: Page, total: int, texts: Texts) -> list[InlineKeyboardButton]:
    before = [button(texts.button_earlier, ShowFeed(Page(page - 1)))] if page else []
    has_more = (page + 1) * ON_A_PAGE < total and page < LAST_PAGE
    return before + ([button(texts.button_more, ShowFeed(Page(page + 1)))] if has_more else [])


def _article_screen(visit: Visit, known: KnownArticle, page: Page, *, may_send: bool) -> Screen:
    texts, article = visit.texts, known.article
    number = ArticleNumber(article.id)
    link = f"{escaped(article.link)}\n\n" if article.link else ""
    standing = _standing_name(known, texts)
    words = texts.article_card.format(
        title=escaped(article.title), words=article.words, link=link, standing=standing
    )
    acts = []
    if may_send and known.may_be_drafted:
        acts.append(button(texts.button_draft_make, DraftArticle(number)))
    if may_send and known.standing is ArticleStanding.DRAFT and known.broadcast is not None:
        acts.append(button(texts.button_draft_look, OpenDraft(known.broadcast)))
    if may_send and known.standing in {ArticleStanding.DRAFT, ArticleStanding.UNDRAFTED}:
        acts.append(button(texts.button_article_aside, SetArticleAside(number, is_listed=True)))
    return Screen(words, keyboard(acts, [button(texts.button_feed_back, ShowFeed(page))]))
