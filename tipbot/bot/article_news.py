"""Tells operators of articles that came from the blog, and finds out by that whether Telegram takes the picture."""

from collections.abc import Collection, Mapping
from html import unescape
from typing import Any

from telegram import Bot, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.presses_of_articles import ArticleNumber, DraftArticle, SetArticleAside
from tipbot.bot.presses_of_composing import OpenDraft
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.content import Language
from tipbot.domain.feed import FeedFault, FeedTrouble
from tipbot.domain.operators import Operator
from tipbot.logs import get_logger
from tipbot.texts import Texts, texts_for
from tipbot.usecases.feeding import Announcement, Untold

log = get_logger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class ArticleNews:
    """Brings articles to the chats of operators."""

    def __init__(self, bot: Bot, texts: Mapping[Language, Texts]) -> None:
        self._bot = bot
        self._texts = texts

    async def tell(self, operators: Collection[Operator], news: Announcement) -> str | None:
        """Tell these operators of an article and return its picture as Telegram keeps it, None where it takes none.

        Raises Untold when Telegram could not be reached at all.
        """
        picture = news.article.picture
        is_told, is_away = False, False
        for operator in operators:
            screen = announced(news, texts_for(self._texts, operator.language)[1])
            try:
                picture = await send_with_picture(self._bot, operator.user, screen, picture)
                is_told = True
            except TelegramError as error:
                log.warning("operator_not_told", operators=len(operators), reason=error.message)
                # A no stays a no (to the library a BadRequest is a NetworkError).
                is_away = is_away or not isinstance(error, Forbidden | BadRequest)
        if is_away and not is_told:
            raise Untold
        return picture


def announced(news: Announcement, texts: Texts) -> Screen:
    """Return what operators are told of an article."""
    article, number = news.article, ArticleNumber(news.article.id)
    template = texts.article_offered if news.draft is None else texts.article_drafted
    words = template.format(title=escaped(article.title), words=article.words)
    if news.others:
        words = f"{words}\n\n{texts.article_others.format(number=news.others)}"
    first = (
        button(texts.button_draft_make, DraftArticle(number))
        if news.draft is None
        else button(texts.button_draft_look, OpenDraft(news.draft))
    )
    return Screen(
        words, keyboard([first, button(texts.button_article_aside, SetArticleAside(number, is_listed=False))])
    )


async def send_with_picture(bot: Bot, chat_id: int, screen: Screen, picture: str | None) -> str | None:
    """Send a screen below a picture, or without it where Telegram does not take it; return its file id.

    Nobody knows what is behind the address of a picture until Telegram has fetched it. It has many words for not
    liking it, so that a text that does go through tells more than they do. Raises TelegramError.
    """
    if picture is not None:
        try:
            return _file_of(await bot.send_photo(chat_id, picture, **_dressed(screen, "caption")))
        except BadRequest as refusal:
            log.info("picture_refused", reason=refusal.message)
    await bot.send_message(chat_id, link_preview_options=_NO_PREVIEW, **_dressed(screen, "text"))
    return None


def _dressed(screen: Screen, words: str) -> dict[str, Any]:
    return {words: screen.text, "parse_mode": ParseMode.HTML, "reply_markup": screen.keyboard}


def _file_of(message: Message) -> str:
    return message.photo[-1].file_id


def trouble_phrase(trouble: FeedTrouble, texts: Texts) -> str:
    """Return why the feed could not be read, in words for operators; host and address are somebody else's."""
    name = trouble.fault.replace("-", "_")
    if trouble.fault is FeedFault.WEB_PAGE and trouble.detail:
        name += "_at"
    words: str = getattr(texts, f"feed_fault_{name}")
    return words.format(host=escaped(trouble.host), detail=escaped(unescape(trouble.detail)))
