"""An article written by hand in the chat: asked for bit by bit, kept after each, and a draft at the end."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tipbot.domain.articles import (
    MOST_TITLE,
    MOST_WORDS,
    ArticleOrigin,
    ArticleState,
    ClinicArticle,
    Step,
    one_line,
    web_address,
)
from tipbot.domain.broadcasts import BroadcastId
from tipbot.domain.composition import plain
from tipbot.domain.content import ENGLISH, Language
from tipbot.domain.feed import link_identity
from tipbot.domain.operators import Awaited, Right
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.texts import Texts
from tipbot.usecases.article_drafts import add_draft
from tipbot.usecases.errors import NoSuchArticle, Unfit, UnfitFor
from tipbot.usecases.marketing import SignOf
from tipbot.usecases.staffing import allowed

# What an operator is asked for, as `Awaited.what`.
AWAITED = {step: f"article-{step}" for step in Step}


class WriteArticle:
    """Each step is kept at once: whoever is called away goes on later, even after a restart.

    Raises NotAnOperator or NotAllowed, and NoSuchArticle for an article that this operator is not writing.
    """

    def __init__(self, database: Database, texts: Mapping[Language, Texts], *, sign_of: SignOf) -> None:
        self._database = database
        self._texts = texts
        self._sign_of = sign_of

    async def begin(self, *, operator: int, now: datetime) -> ClinicArticle:
        """Return the article that this operator has not finished, or a new one; nothing is awaited by that yet."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            # Of two presses at once the second waits for the operator's row, and finds what the first began.
            await books.staff.find(operator, for_change=True)
            begun = await books.articles.written_by(operator)
            if begun is not None:
                return begun
            fresh = ClinicArticle(
                0, ArticleOrigin.HAND, ENGLISH, now, state=ArticleState.WRITING, operator=operator
            )
            return await books.articles.add(fresh)

    async def ask(self, number: int, step: Step, *, operator: int, now: datetime) -> ClinicArticle:
        """Await this bit of an article, and return the article as it is so far."""
        async with self._database.writing() as books:
            article = await _mine(books, number, operator)
            await _await(books, operator, step, number, now)
            return article

    async def take(
        self, number: int, step: Step, given: str, *, message: int, operator: int, now: datetime
    ) -> tuple[ClinicArticle, Step | None]:
        """Keep what was typed or sent for a step; return the article and what to ask next, None after the picture.

        The words are HTML, the picture is a file id. Raises Unfit for what cannot be taken. A message that Telegram
        brings again changes nothing.
        """
        async with self._database.writing() as books:
            article = await _mine(books, number, operator)
            if message <= article.last_message:
                return article, None if step is Step.PICTURE and article.picture else step
            filled = replace(_filled(article, step, given), last_message=message)
            await books.articles.save(filled)
            await _await_after(books, operator, step, number, now)
            return filled, step.after

    async def skip(self, number: int, step: Step, *, operator: int, now: datetime) -> ClinicArticle:
        """Do without a link or a picture and await the next step; once it is written, this does nothing."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            written = await books.articles.find(number)
            if written is not None and written.operator == operator and written.state is not ArticleState.WRITING:
                return written
            article = await _mine(books, number, operator)
            left_out = replace(article, picture=None) if step is Step.PICTURE else replace(article, link="")
            await books.articles.save(left_out)
            await _await_after(books, operator, step, number, now)
            return left_out

    async def finish(self, number: int, *, operator: int, now: datetime) -> BroadcastId:
        """Let an article be written, and return the draft that brings it: the same one each time.

        Raises Unfit when title or words are missing.
        """
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            article = await books.articles.find(number, for_change=True)
            known = await books.articles.known(number)
            if article is None or known is None or article.operator != operator:
                raise NoSuchArticle
            if known.broadcast is not None:
                return known.broadcast
            for step, bit in ((Step.TITLE, article.title), (Step.WORDS, article.words)):
                if not bit:
                    raise Unfit(step, UnfitFor.EMPTY)
            written = replace(article, state=ArticleState.OPEN, found_at=now, told_at=now)
            await books.articles.save(written)
            if written.link:
                # The blog may announce the same article later: it is known then.
                known_by = [link_identity(written.link)]
                await books.articles.claim(known_by, now=now)
            await _await(books, operator, None, number, now)
            await books.audit.note(Deed(operator, "article-written", str(number), now))
            return await add_draft(books, written, self._texts, self._sign_of, operator=operator, now=now)

    async def unfinished(self, *, operator: int) -> ClinicArticle | None:
        """Return the article that this operator has not finished, if there is one."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEND)
            return await books.articles.written_by(operator)

    async def rest(self, *, operator: int) -> None:
        """Await nothing more for now; what was written stays."""
        async with self._database.writing() as books:
            known = await books.staff.find(operator, for_change=True)
            if known is not None and known.awaits is not None and known.awaits.what in AWAITED.values():
                await books.staff.save(replace(known, awaits=None))

    async def drop(self, number: int, *, operator: int, now: datetime) -> None:
        """Throw away an article that is not finished; once it is, this changes nothing."""
        async with self._database.writing() as books:
            article = await _mine(books, number, operator)
            await books.articles.remove(article.id)
            await _await(books, operator, None, number, now)


def _filled(article: ClinicArticle, step: Step, given: str) -> ClinicArticle:
    match step:
        case Step.TITLE:
            title = one_line(given)
            _measure(step, title, MOST_TITLE)
            return replace(article, title=title)
        case Step.WORDS:
            words = given.strip()
            _measure(step, plain(words), MOST_WORDS)
            return replace(article, words=words)
        case Step.LINK:
            link = web_address(given)
            if link is None:
                raise Unfit(step, UnfitFor.NO_ADDRESS)
            return replace(article, link=link)
        case Step.PICTURE:
            return replace(article, picture=given)


def _measure(step: Step, words: str, most: int) -> None:
    if not words:
        raise Unfit(step, UnfitFor.EMPTY)
    if len(words) > most:
        raise Unfit(step, UnfitFor.TOO_LONG, len(words))


async def _mine(books: Books, number: int, operator: int) -> ClinicArticle:
    await allowed(books, operator, Right.SEND)
    article = await books.articles.find(number, for_change=True)
    if article is None or article.operator != operator or article.state is not ArticleState.WRITING:
        raise NoSuchArticle
    return article


async def _await_after(books: Books, operator: int, step: Step, number: int, now: datetime) -> None:
    """Await what follows a step; the picture is awaited until the article is finished."""
    await _await(books, operator, step.after or step, number, now)


async def _await(books: Books, operator: int, step: Step | None, number: int, now: datetime) -> None:
    known = await books.staff.find(operator, for_change=True)
    if known is not None:
        awaits = None if step is None else Awaited(AWAITED[step], number, now)
        await books.staff.save(replace(known, awaits=awaits))
