"""The clinic's articles: what operators do with them, and which of them subscribers can read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tipbot.domain.articles import ArticleState, ClinicArticle, KnownArticle
from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus
from tipbot.domain.content import Language
from tipbot.domain.feed import FeedStanding, digest_of
from tipbot.domain.operators import Operator, Right
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.texts import Texts
from tipbot.usecases.article_drafts import add_draft, composed, settle_picture
from tipbot.usecases.errors import NoSuchArticle
from tipbot.usecases.feeding import ASKED, LOOK
from tipbot.usecases.marketing import SignOf
from tipbot.usecases.staffing import allowed

ON_A_PAGE = 5
ASK_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FeedView:
    """What operators see of the feed: `url` is None when none is set up, `standing` None before the first look."""

    url: str | None
    standing: FeedStanding | None
    is_looking: bool
    articles: list[KnownArticle]
    total: int
    may_send: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """An article and the draft that brings it."""

    article: ClinicArticle
    draft: BroadcastId


class Articles:
    """Every method for operators raises NotAnOperator or NotAllowed, and NoSuchArticle for one that is gone."""

    def __init__(
        self, database: Database, texts: Mapping[Language, Texts], *, sign_of: SignOf, feed_url: str | None
    ) -> None:
        self._database = database
        self._texts = texts
        self._sign_of = sign_of
        self._feed_url = feed_url

    async def view(self, page: int, *, operator: int, now: datetime) -> FeedView:
        """Return how the feed stands, with one page of articles; the first page is 0."""
        async with self._database.reading() as books:
            role = await allowed(books, operator, Right.SEE)
            articles = await books.articles.latest(ON_A_PAGE, offset=page * ON_A_PAGE)
            total, standing = await books.articles.count(), await books.feed.find()
            is_looking = await _is_looking(books, now)
        url = self._feed_url
        if standing is not None and (url is None or standing.url_digest != digest_of(url)):
            standing = None
        return FeedView(url, standing, url is not None and is_looking, articles, total, _may_send(role))

    async def ask_for_look(self, *, operator: int, now: datetime) -> bool:
        """Let the feed be looked at within seconds; return False when that was asked for less than a minute ago."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            if not await books.chores.take(ASKED, due_before=now - ASK_EVERY, now=now):
                return False
            await books.audit.note(Deed(operator, "feed-check", "feed", now))
            return True

    async def find(self, number: int, *, operator: int) -> tuple[KnownArticle, bool]:
        """Return an article, and whether this operator may do something about it."""
        async with self._database.reading() as books:
            role = await allowed(books, operator, Right.SEE)
            return _there(await books.articles.known(number)), _may_send(role)

    async def draft(self, number: int, *, operator: int, now: datetime) -> Drafted:
        """Return the draft that brings an article, made at this moment unless there is one already."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            article = await books.articles.find(number, for_change=True)
            known = _there(await books.articles.known(number))
            if article is None or article.state is ArticleState.WRITING:
                raise NoSuchArticle
            if known.broadcast is not None and not known.may_be_drafted:
                return Drafted(article, known.broadcast)
            article = replace(article, state=ArticleState.OPEN, told_at=article.told_at or now)
            await books.articles.save(article)
            draft = await add_draft(books, article, self._texts, self._sign_of, operator=operator, now=now)
            await books.audit.note(Deed(operator, "article-draft", str(number), now))
            return Drafted(article, draft)

    async def settle_picture(self, number: int, picture: str | None, *, now: datetime) -> None:
        """Note what Telegram made of the picture of an article when it was shown: a file id, or None."""
        async with self._database.writing() as books:
            await settle_picture(books, number, picture, self._texts, now=now)

    async def skip(self, number: int, *, operator: int, now: datetime) -> KnownArticle:
        """Set an article aside with its draft; a draft that somebody worked on stays, and so does what went out."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            article = await books.articles.find(number, for_change=True)
            known = _there(await books.articles.known(number))
            if article is None or article.state is not ArticleState.OPEN:
                return known
            if not await self._drop_draft(books, known):
                return known
            await books.articles.save(replace(article, state=ArticleState.SKIPPED, told_at=article.told_at or now))
            await books.audit.note(Deed(operator, "article-skip", str(number), now))
            return _there(await books.articles.known(number))

    async def _drop_draft(self, books: Books, known: KnownArticle) -> bool:
        """Forget the draft of an article if it is as it was made, and say whether there is none now."""
        if known.broadcast is None or known.may_be_drafted:
            return True
        draft = await books.broadcasts.find(known.broadcast, for_change=True)
        if draft is None:
            return True
        is_as_made = draft.composition == composed(known.article, self._texts)
        if draft.status is not BroadcastStatus.DRAFT or not is_as_made:
            return False
        await books.broadcasts.remove(draft.id)
        return True

    async def sent(self, page: int) -> tuple[list[ClinicArticle], int]:
        """Return one page of the articles that went out, the last one first, and how many there are in all."""
        async with self._database.reading() as books:
            total = await books.articles.count_sent()
            page = max(0, min(page, (total - 1) // ON_A_PAGE))
            return await books.articles.sent(ON_A_PAGE, offset=page * ON_A_PAGE), total

    async def read(self, number: int) -> ClinicArticle:
        """Return an article that went out; raises NoSuchArticle for any other."""
        async with self._database.reading() as books:
            article = await books.articles.find(number)
        if article is None or article.sent_at is None:
            raise NoSuchArticle
        return article


async def _is_looking(books: Books, now: datetime) -> bool:
    """Say whether a look was asked for that has not been answered: it takes less than a minute."""
    asked, begun = await books.chores.last(ASKED), await books.chores.last(LOOK)
    standing = await books.feed.find()
    due = [moment for moment in (asked, begun) if moment is not None and moment > now - ASK_EVERY]
    return bool(due) and (standing is None or standing.checked_at < max(due))


def _may_send(operator: Operator | None) -> bool:
    return operator is None or operator.role.may(Right.SEND)


def _there(known: KnownArticle | None) -> KnownArticle:
    if known is None:
        raise NoSuchArticle
    return known
