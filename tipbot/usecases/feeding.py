"""The clinic's blog, looked at once an hour: what is new becomes a draft, and operators are told.

The download is part of no transaction. Whatever ends a process in between, nothing is lost but that hour's look.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from typing import Protocol

from tipbot.domain.alarms import Alarm, FeedFailing
from tipbot.domain.articles import ArticleOrigin, ArticleState, ClinicArticle
from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus
from tipbot.domain.content import ENGLISH, Language
from tipbot.domain.feed import (
    FeedEntry,
    FeedFailure,
    FeedNews,
    FeedStanding,
    FeedTrouble,
    FeedVersion,
    digest_of,
    identities,
)
from tipbot.domain.operators import Operator, Right
from tipbot.logs import get_logger
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.texts import Texts
from tipbot.usecases.article_drafts import NOBODY, add_draft, settle_picture
from tipbot.usecases.marketing import SignOf
from tipbot.usecases.planning import ShouldStop, never

log = get_logger(__name__)

CHECK_EVERY = timedelta(hours=1)
# A server that is down over lunch is nobody's business.
FAILS_FOR = timedelta(days=1)
MOST_DRAFTS = 3
# When Telegram cannot be reached, operators are told a little later.
TELL_EVERY = timedelta(minutes=1)

# Names in the list of chores.
LOOK, ASKED, TELL = "feed", "feed-asked", "feed-tell"


class NewsSource(Protocol):
    """The clinic's blog, as `tipbot.feed` reads it."""

    @property
    def url(self) -> str:
        """Where the feed is."""
        ...

    async def news(self, version: FeedVersion, *, now: datetime) -> FeedNews | None:
        """Return what stands in the feed, None when it is still `version`; raises FeedFailure."""
        ...


@dataclass(frozen=True, slots=True)
class Announcement:
    """What operators are told: an article, the draft of it if there is one, and how many more are in the list."""

    article: ClinicArticle
    draft: BroadcastId | None
    others: int


class Untold(Exception):  # noqa: N818 (a state of the world)
    """Telegram could not be reached, so that operators have to be told later."""


# Tells these operators, and returns the picture's file id, or None where Telegram takes none; raises Untold.
Announce = Callable[[Collection[Operator], Announcement], Awaitable[str | None]]


class CheckFeed:
    """Looks at the feed when it is time, in whichever process comes first."""

    def __init__(
        self,
        database: Database,
        source: NewsSource,
        texts: Mapping[Language, Texts],
        *,
        sign_of: SignOf,
        alarm: Callable[[Alarm], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._source = source
        self._texts = texts
        self._sign_of = sign_of
        self._alarm = alarm

    async def tick(self, *, now: datetime, should_stop: ShouldStop = never) -> bool:
        """Look at the feed when that is due, and say whether it was. Takes as long as the source does."""
        before = await self._take(now)
        if before is None:
            return False
        try:
            news = await self._source.news(before.version, now=now)
        except FeedFailure as failure:
            log.warning("feed_failed", fault=failure.fault, reason=str(failure))
            await self._note_failure(before, FeedTrouble(failure.fault, failure.host, failure.detail), now)
            return True
        # A source that was stopped in the middle has nothing to say.
        if not should_stop():
            await self._take_in(before, news, now)
        return True

    async def _take(self, now: datetime) -> FeedStanding | None:
        """Claim the look that is due at this moment, and return how things stand; None when none is due."""
        async with self._database.reading() as books:
            last, asked = await books.chores.last(LOOK), await books.chores.last(ASKED)
        due_before = now - CHECK_EVERY if asked is None else max(asked, now - CHECK_EVERY)
        if last is not None and last >= due_before:
            return None
        async with self._database.writing() as books:
            if not await books.chores.take(LOOK, due_before=due_before, now=now):
                return None
            known = await books.feed.find()
        digest = digest_of(self._source.url)
        return known if known is not None and known.url_digest == digest else FeedStanding(digest, now)

    async def _note_failure(self, before: FeedStanding, trouble: FeedTrouble, now: datetime) -> None:
        since = before.failing_since or now
        async with self._database.writing() as books:
            await books.feed.save(replace(before, checked_at=now, failing_since=since, trouble=trouble))
        if now - since >= FAILS_FOR:
            self._alarm(FeedFailing(trouble, since))

    async def _take_in(self, before: FeedStanding, news: FeedNews | None, now: datetime) -> None:
        """Write down what is new, in one transaction with the version that brought it."""
        version, entries = (before.version, ()) if news is None else (news.version, news.entries)
        async with self._database.writing() as books:
            fresh = await _unseen(books, entries, now)
            await self._add(books, fresh, is_first=before.read_at is None, now=now)
            await books.feed.save(FeedStanding(before.url_digest, now, version, read_at=now))
            if before.trouble is not None and before.failing_since is not None:
                await books.told.over(FeedFailing(before.trouble, before.failing_since).cause)
        log.info("feed_checked", new=len(fresh), left_out=0 if news is None else len(news.left_out))

    async def _add(self, books: Books, fresh: list[FeedEntry], *, is_first: bool, now: datetime) -> None:
        """Add articles; operators hear of the newest ones, and nobody wants fifty drafts at once.

        What a feed holds when it is read for the first time is old: it is all noted, and the newest one offered.
        """
        told = 1 if is_first else MOST_DRAFTS
        for place, entry in enumerate(sorted(fresh, key=lambda one: one.published or now, reverse=True)):
            article = await books.articles.add(_article(entry, now, told_at=None if place < told else now))
            await books.articles.name(identities(entry), article.id)
            if place < told and not is_first:
                await add_draft(books, article, self._texts, self._sign_of, operator=NOBODY, now=now)

    async def tell(self, announce: Announce, *, now: datetime) -> int:
        """Tell operators of what came, and return how many articles; what nobody could be told waits a minute."""
        async with self._database.reading() as books:
            if not await books.articles.untold(1):
                return 0
        async with self._database.writing() as books:
            if not await books.chores.take(TELL, due_before=now - TELL_EVERY, now=now):
                return 0
            waiting = await books.articles.untold(MOST_DRAFTS)
            others = await books.articles.found_beside(waiting[-1]) if waiting else 0
            operators = [one for one in await books.staff.everybody() if one.role.may(Right.SEND)]
        for article in waiting:
            beside = others if article is waiting[-1] else 0
            if not await self._tell_of(article, beside, announce, operators, now=now):
                break
        return len(waiting)

    async def _tell_of(
        self,
        article: ClinicArticle,
        others: int,
        announce: Announce,
        operators: Collection[Operator],
        *,
        now: datetime,
    ) -> bool:
        async with self._database.reading() as books:
            known = await books.articles.known(article.id)
        draft = known.broadcast if known and known.status is BroadcastStatus.DRAFT else None
        try:
            picture = await announce(operators, Announcement(article, draft, others))
        except Untold:
            return False
        async with self._database.writing() as books:
            await settle_picture(books, article.id, picture, self._texts, now=now)
            told = await books.articles.find(article.id, for_change=True)
            if told is not None:
                await books.articles.save(replace(told, told_at=now))
        return True


async def _unseen(books: Books, entries: Collection[FeedEntry], now: datetime) -> list[FeedEntry]:
    """Return the entries of which nothing is known, and note what all are known by.

    An article whose address, id or words changed is known by the rest, and from now on by the new ones as well.
    """
    known_by = {entry: identities(entry) for entry in entries}
    new = await books.articles.claim(frozenset().union(*known_by.values()), now=now)
    return [entry for entry in entries if known_by[entry] <= new]


def _article(entry: FeedEntry, now: datetime, *, told_at: datetime | None) -> ClinicArticle:
    return ClinicArticle(
        id=0,
        origin=ArticleOrigin.FEED,
        language=ENGLISH,
        found_at=now,
        title=entry.title,
        words=escape(entry.summary, quote=False),
        link=entry.link,
        picture=entry.picture,
        published_at=entry.published,
        state=ArticleState.OPEN,
        told_at=told_at,
    )
