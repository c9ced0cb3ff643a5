"""The clinic's articles as they are remembered, and what makes two of them the same."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.articles import ArticleOrigin, ArticleState, ClinicArticle, KnownArticle
from tipbot.domain.broadcasts import Action, BroadcastId, BroadcastStatus
from tipbot.domain.content import Language
from tipbot.storage.schema import article_identities, articles, broadcasts
from tipbot.storage.statements import change_where, insert_into, rows_with

_IS_DONE = or_(articles.c.state != ArticleState.WRITING.value, articles.c.sent_at.is_not(None))
_DAY = func.coalesce(articles.c.published_at, articles.c.found_at)


class Articles:
    """The articles' page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, article: ClinicArticle) -> ClinicArticle:
        """Write a new article down and return it with its number."""
        statement = insert(articles).values(_values(article)).returning(articles.c.id)
        return replace(article, id=int(await self._connection.scalar(statement) or 0))

    async def save(self, article: ClinicArticle) -> None:
        """Write down every field of a known article."""
        await self._connection.execute(change_where(articles.c.id), {"this_id": article.id, **_values(article)})

    async def remove(self, number: int) -> None:
        """Forget an article, and what it was known by."""
        await self._connection.execute(delete(article_identities).where(article_identities.c.article_id == number))
        await self._connection.execute(delete(articles).where(articles.c.id == number))

    async def find(self, number: int, *, for_change: bool = False) -> ClinicArticle | None:
        """Return an article; `for_change` keeps others from changing it until the transaction ends."""
        statement = rows_with(articles.c.id, for_change=for_change)
        row = (await self._connection.execute(statement, {"id": number})).mappings().one_or_none()
        return None if row is None else _article(row)

    async def known(self, number: int) -> KnownArticle | None:
        """Return an article with the broadcast that brings it."""
        row = (await self._connection.execute(_known().where(articles.c.id == number))).mappings().one_or_none()
        return None if row is None else _known_article(row)

    async def latest(self, most: int, *, offset: int = 0) -> list[KnownArticle]:
        """Return articles with the broadcasts that bring them, newest first, without those still being written."""
        statement = _known().where(_IS_DONE).order_by(_DAY.desc(), articles.c.id.desc())
        rows = (await self._connection.execute(statement.limit(most).offset(offset))).mappings()
        return [_known_article(row) for row in rows]

    async def count(self) -> int:
        """Return how many articles there are, without those still being written."""
        return int(await self._connection.scalar(select(func.count()).select_from(articles).where(_IS_DONE)) or 0)

    async def sent(self, most: int, *, offset: int = 0) -> list[ClinicArticle]:
        """Return what went out to subscribers, the last one first."""
        statement = select(articles).where(articles.c.sent_at.is_not(None))
        ordered = statement.order_by(articles.c.sent_at.desc(), articles.c.id.desc()).limit(most).offset(offset)
        return [_article(row) for row in (await self._connection.execute(ordered)).mappings()]

    async def count_sent(self) -> int:
        """Return how many articles went out to subscribers."""
        statement = select(func.count()).select_from(articles).where(articles.c.sent_at.is_not(None))
        return int(await self._connection.scalar(statement) or 0)

    async def untold(self, most: int) -> list[ClinicArticle]:
        """Return articles that operators have not heard of, oldest first."""
        is_untold = and_(articles.c.told_at.is_(None), articles.c.state == ArticleState.OPEN.value)
        statement = select(articles).where(is_untold).order_by(_DAY, articles.c.id).limit(most)
        return [_article(row) for row in (await self._connection.execute(statement)).mappings()]

    async def found_beside(self, article: ClinicArticle) -> int:
        """Return how many articles the feed brought together with this one of which operators are not told each."""
        together = and_(articles.c.found_at == article.found_at, articles.c.told_at == article.found_at)
        is_from_feed = articles.c.origin == ArticleOrigin.FEED.value
        statement = select(func.count()).select_from(articles).where(together, is_from_feed)
        return int(await self._connection.scalar(statement) or 0)

    async def written_by(self, operator: int) -> ClinicArticle | None:
        """Return the article that an operator began to write and has not finished."""
        mine = and_(articles.c.operator == operator, articles.c.state == ArticleState.WRITING.value)
        statement = select(articles).where(mine).order_by(articles.c.id).limit(1)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _article(row)

    async def note_sent(self, number: int, *, now: datetime) -> None:
        """Note that an article goes out; when it began to, stays."""
        mine = and_(articles.c.id == number, articles.c.sent_at.is_(None))
        await self._connection.execute(update(articles).where(mine).values(sent_at=now))

    async def note_taken_back(self, number: int) -> None:
        """Take an article off the list of those that went out."""
        await self._connection.execute(update(articles).where(articles.c.id == number).values(sent_at=None))

    async def claim(self, known_by: Collection[str], *, now: datetime) -> frozenset[str]:
        """Write identities down and return those that nobody, in no process, had written down before.

        Always in the same order, so that two who claim the same never wait for each other in a circle.
        """
        if not known_by:
            return frozenset()
        rows = [{"identity": one, "seen_at": now} for one in sorted(known_by)]
        statement = insert_into(self._connection, article_identities).values(rows).on_conflict_do_nothing()
        return frozenset(await self._connection.scalars(statement.returning(article_identities.c.identity)))

    async def name(self, known_by: Collection[str], number: int) -> None:
        """Note which article identities belong to."""
        mine = article_identities.c.identity.in_(sorted(known_by))
        await self._connection.execute(update(article_identities).where(mine).values(article_id=number))


def _known() -> Select[Any]:
    """Return articles beside the newest message that brings each, which is no correction or withdrawal."""
    newest = (
        select(broadcasts.c.article_id, func.max(broadcasts.c.id).label("broadcast_id"))
        .where(broadcasts.c.article_id.is_not(None), broadcasts.c.action == Action.MESSAGE.value)
        .group_by(broadcasts.c.article_id)
        .subquery()
    )
    columns = (articles, broadcasts.c.id.label("broadcast_id"), broadcasts.c.status.label("broadcast_status"))
    brought: ColumnElement[bool] = newest.c.article_id == articles.c.id
    return select(*columns).select_from(
        articles.outerjoin(newest, brought).outerjoin(broadcasts, broadcasts.c.id == newest.c.broadcast_id)
    )


def _known_article(row: RowMapping) -> KnownArticle:
    number, status = row["broadcast_id"], row["broadcast_status"]
    if number is None or status is None:
        return KnownArticle(_article(row))
    return KnownArticle(_article(row), BroadcastId(number), BroadcastStatus(status))


def _article(row: RowMapping) -> ClinicArticle:
    return ClinicArticle(
        id=row["id"],
        origin=ArticleOrigin(row["origin"]),
        language=Language(row["language"]),
        found_at=row["found_at"],
        title=row["title"],
        words=row["summary"],
        link=row["link"],
        picture=row["picture"],
        published_at=row["published_at"],
        state=ArticleState(row["state"]),
        operator=row["operator"],
        last_message=row["last_message"],
        told_at=row["told_at"],
        sent_at=row["sent_at"],
    )


def _values(article: ClinicArticle) -> dict[str, Any]:
    return {
        "origin": article.origin.value,
        "language": article.language,
        "found_at": article.found_at,
        "title": article.title,
        "summary": article.words,
        "link": article.link,
        "picture": article.picture,
        "published_at": article.published_at,
        "state": article.state.value,
        "operator": article.operator,
        "last_message": article.last_message,
        "told_at": article.told_at,
        "sent_at": article.sent_at,
    }
