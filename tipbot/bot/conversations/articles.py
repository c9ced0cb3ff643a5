"""Long reads: a list of them, and each as one message that is leafed through.

No database is needed for them; below them stand the articles that went out, which give way while it is away.
"""

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import date_phrase, listed
from tipbot.bot.conversations.sent_articles import sent_below
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page
from tipbot.bot.leafing import OpenArticle, ShowArticle, ShowArticles, ShowUrgent
from tipbot.bot.presses_of_articles import ReadSentArticle, ShowSentArticles
from tipbot.bot.rendering import Screen, escaped, render_page
from tipbot.catalogue import Catalogue
from tipbot.domain.content import Article
from tipbot.texts import Texts
from tipbot.usecases.errors import NoSuchArticle

FIRST = Page(1)
NEWEST = Page(0)


async def bring_articles(visit: Visit) -> None:
    """Answer /articles."""
    await visit.send(await _list_screen(visit))


async def show_articles(visit: Visit, _: ShowArticles) -> None:
    """Show the list in place of the article that was read."""
    await visit.show(await _list_screen(visit))


async def show_sent(visit: Visit, press: ShowSentArticles) -> None:
    """Turn to a page of the articles that went out; on the first one the long reads stand above them."""
    if press.page == NEWEST:
        await visit.show(await _list_screen(visit))
        return
    below = await sent_below(visit, press.page)
    await visit.show(Screen(below.words or visit.texts.articles_none, keyboard(*below.rows)))


async def read_sent(visit: Visit, press: ReadSentArticle) -> None:
    """Show an article that went out and stands nowhere else; one that was taken back is told politely."""
    texts = visit.texts
    back = [button(texts.button_all_articles, ShowSentArticles(press.page))]
    try:
        article = await visit.desk.articles.read(press.article)
    except NoSuchArticle:
        await visit.show(Screen(texts.item_retired, keyboard(back)))
        return
    day = date_phrase(article.day, visit.desk.home_zone, texts)
    words = texts.sent_article.format(title=escaped(article.title), words=article.words, day=day)
    await visit.show(Screen(words, keyboard(back)))


async def open_article(visit: Visit, press: OpenArticle) -> None:
    """Send an article from its beginning as a new message; one that was retired meanwhile is told politely."""
    article = visit.desk.library.catalogue.article(visit.language, press.article)
    await visit.send(_page_screen(visit, article, FIRST))


async def show_article(visit: Visit, press: ShowArticle) -> None:
    """Show a page of an article in place of the one above the button."""
    article = visit.desk.library.catalogue.article(visit.language, press.article)
    await visit.show(_page_screen(visit, article, press.page))


def page_text(article: Article, page: Page, texts: Texts, catalogue: Catalogue) -> str:
    """Return one page of an article as Telegram's HTML; the first page is 1."""
    authors = listed([escaped(catalogue.therapists[author].name) for author in article.therapists], texts)
    number = texts.page_of.format(page=page, pages=len(article.sections))
    return render_page(article, article.sections[page - 1], authors, number, texts)


async def _list_screen(visit: Visit) -> Screen:
    texts, articles = visit.texts, visit.desk.library.catalogue.articles(visit.language)
    below = await sent_below(visit, NEWEST)
    entries = (
        texts.article_entry.format(title=escaped(article.title), summary=escaped(article.summary))
        for article in articles
    )
    shipped = texts.articles.format(articles="\n\n".join(entries)) if articles else ""
    words = "\n\n".join(filter(None, (shipped, below.words)))
    rows = ([button(article.title, ShowArticle(article.id, FIRST))] for article in articles)
    return Screen(words or texts.articles_none, keyboard(*rows, *below.rows))


def _page_screen(visit: Visit, article: Article | None, page: Page) -> Screen:
    texts = visit.texts
    if article is None:
        return Screen(texts.item_retired)
    pages = len(article.sections)
    page = Page(max(FIRST, min(page, pages)))  # an article may have become shorter since the button was sent
    words = page_text(article, page, texts, visit.desk.library.catalogue)
    return Screen(words, keyboard(*_rows(visit, article, page, pages)))


def _rows(visit: Visit, article: Article, page: Page, pages: int) -> list[list[InlineKeyboardButton]]:
    texts = visit.texts
    leafing = []
    if page > FIRST:
        leafing.append(button(texts.button_back, ShowArticle(article.id, Page(page - 1))))
    if page < pages:
        return [[*leafing, button(texts.button_next, ShowArticle(article.id, Page(page + 1)))]]
    online = [InlineKeyboardButton(texts.button_read_online, url=article.url)] if article.url else []
    all_articles = button(texts.button_all_articles, ShowArticles())
    return [leafing, online, [all_articles, button(texts.button_urgent, ShowUrgent())]]
