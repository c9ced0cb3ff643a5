"""The draft that brings an article: made with it in one transaction, without a picture that Telegram refuses."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tipbot.domain.articles import ClinicArticle
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Action, Broadcast, BroadcastId, BroadcastStatus
from tipbot.domain.composition import Composition
from tipbot.domain.content import Language
from tipbot.storage.books import Books
from tipbot.texts import Texts, texts_for
from tipbot.usecases.marketing import SignOf

# Who made what nobody made: the feed has no number at Telegram.
NOBODY = 0


def composed(article: ClinicArticle, texts: Mapping[Language, Texts]) -> Composition:
    """Return the message that brings an article, its button in the language of the article."""
    return article.composed(texts_for(texts, article.language)[1].button_read_article)


async def add_draft(
    books: Books,
    article: ClinicArticle,
    texts: Mapping[Language, Texts],
    sign_of: SignOf,
    *,
    operator: int,
    now: datetime,
) -> BroadcastId:
    """Write a draft that brings an article, and return its number; nothing goes out by that.

    An article that looks like an offer is taken for one until an operator decides otherwise.
    """
    composition = composed(article, texts)
    draft = Broadcast(
        id=BroadcastId(0),
        operator=operator,
        made_at=now,
        changed_at=now,
        composition=composition,
        purpose=Purpose.ARTICLE if sign_of(composition) is None else Purpose.OFFER,
        article=article.id,
    )
    return (await books.broadcasts.add(draft)).id


async def settle_picture(
    books: Books, number: int, picture: str | None, texts: Mapping[Language, Texts], *, now: datetime
) -> None:
    """Let an article have the picture as Telegram keeps it, or none where it took none; so does an untouched draft.

    What an operator made of the draft meanwhile stays.
    """
    article = await books.articles.find(number, for_change=True)
    if article is None or article.picture == picture or article.picture is None:
        return
    settled = replace(article, picture=picture)
    await books.articles.save(settled)
    known = await books.articles.known(number)
    if known is None or known.broadcast is None or known.status is not BroadcastStatus.DRAFT:
        return
    draft = await books.broadcasts.find(known.broadcast, for_change=True)
    if draft is not None and draft.composition == composed(article, texts):
        better = replace(draft, composition=composed(settled, texts), revision=draft.revision + 1, changed_at=now)
        await books.broadcasts.save(better)


async def unlist_article(books: Books, broadcast: Broadcast) -> None:
    """Take the article of a broadcast that nobody is to have off subscribers' list."""
    if broadcast.article is not None and broadcast.action is Action.MESSAGE:
        await books.articles.note_taken_back(broadcast.article)
