"""Articles that went out, below the long reads: they need the database, and give way while it is away."""

import asyncio
from typing import NamedTuple

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import LAST_PAGE, button
from tipbot.bot.conversations.phrases import date_phrase
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page
from tipbot.bot.presses_of_articles import ArticleNumber, ReadSentArticle, ShowSentArticles
from tipbot.bot.rendering import escaped
from tipbot.domain.articles import ClinicArticle, shortened
from tipbot.domain.composition import plain
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.articles import ON_A_PAGE

log = get_logger(__name__)

# The long reads must not wait for a database that does not answer.
_PATIENCE_SECONDS = 1.0
_MOST_LABEL, _MOST_SUMMARY = 40, 120


class Below(NamedTuple):
    """What stands below the long reads: words, which may be empty, and rows of buttons."""

    words: str
    rows: list[list[InlineKeyboardButton]]


async def sent_below(visit: Visit, page: Page) -> Below:
    """Return a page of the articles that went out, the last one first; the first page is 0."""
    texts = visit.texts
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            articles, total = await visit.desk.articles.sent(page)
    except (StorageUnavailable, TimeoutError) as reason:
        log.info("sent_articles_not_known", reason=type(reason).__name__)
        return Below(texts.sent_articles_away, [])
    if not articles:
        return Below("", [])
    page = Page(min(page, (total - 1) // ON_A_PAGE, LAST_PAGE))
    entries = "\n\n".join(_entry(article, visit) for article in articles)
    before = [button(texts.button_earlier, ShowSentArticles(Page(page - 1)))] if page else []
    has_more = (page + 1) * ON_A_PAGE < total and page < LAST_PAGE
    after = [button(texts.button_more, ShowSentArticles(Page(page + 1)))] if has_more else []
    rows = [[_opening(article, page)] for article in articles]
    return Below(texts.sent_articles.format(articles=entries), [*rows, before + after])


def _entry(article: ClinicArticle, visit: Visit) -> str:
    summary = shortened(" ".join(plain(article.words).split()), _MOST_SUMMARY)
    day = date_phrase(article.day, visit.desk.home_zone, visit.texts)
    return visit.texts.sent_article_entry.format(
        title=escaped(article.title), day=day, words=escaped(summary)
    ).strip()


def _opening(article: ClinicArticle, page: Page) -> InlineKeyboardButton:
    label = shortened(article.title, _MOST_LABEL)
    if article.link:
        return InlineKeyboardButton(label, url=article.link)
    return button(label, ReadSentArticle(ArticleNumber(article.id), page))
