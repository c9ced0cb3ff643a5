"""An article written by hand: every bit is kept, what does not fit is refused, and it ends in one draft."""

from datetime import timedelta

import pytest

from tests.content import shipped_texts
from tests.usecases.newsstand import Board, Newsstand
from tests.usecases.people import MONDAY_NOON
from tipbot.domain.articles import MOST_TITLE, MOST_WORDS, Step
from tipbot.domain.feed import FeedEntry
from tipbot.domain.operators import Operator, Role
from tipbot.storage.database import Database
from tipbot.usecases.errors import NoSuchArticle, NotAllowed, Unfit, UnfitFor
from tipbot.usecases.feeding import CheckFeed
from tipbot.usecases.staffing import Staffing
from tipbot.usecases.writing import WriteArticle

OLIVE, OTTO, VERA = 7000, 7001, 7002
NOW = MONDAY_NOON


@pytest.fixture
async def write(database: Database) -> WriteArticle:
    await Staffing(database).appoint({OLIVE, OTTO}, now=NOW)
    async with database.writing() as books:
        await books.staff.save(Operator(VERA, Role.VIEWER, NOW))
    return WriteArticle(database, shipped_texts(), sign_of=lambda _: None)


async def awaited(database: Database) -> str | None:
    known = await Staffing(database).find(OLIVE)
    return None if known is None or known.awaits is None else known.awaits.what


async def test_from_the_first_word_to_one_draft(database: Database, write: WriteArticle) -> None:
    begun = await write.begin(operator=OLIVE, now=NOW)
    assert (await write.begin(operator=OLIVE, now=NOW)).id == begun.id, "pressed twice"
    await write.ask(begun.id, Step.TITLE, operator=OLIVE, now=NOW)
    given = ["  Sitting\n& standing ", " <b>Move</b> now. ", "clinic.example/sitting", "photo-1"]
    steps = []
    for message, (step, words) in enumerate(zip(Step, given, strict=True), start=1):
        _, further = await write.take(begun.id, step, words, message=message, operator=OLIVE, now=NOW)
        steps.append((further, await awaited(database)))
    assert steps == [
        (Step.WORDS, "article-words"),
        (Step.LINK, "article-link"),
        (Step.PICTURE, "article-picture"),
        (None, "article-picture"),
    ]
    draft = await write.finish(begun.id, operator=OLIVE, now=NOW)
    assert await write.finish(begun.id, operator=OLIVE, now=NOW) == draft, "pressed twice"
    assert await awaited(database) is None
    async with database.reading() as books:
        broadcast = await books.broadcasts.find(draft)
        deeds = [deed.action for deed in await books.audit.latest(9) if deed.operator == OLIVE]
    assert broadcast is not None
    assert deeds == ["article-written"]
    assert broadcast.composition.words == "<b>Sitting &amp; standing</b>\n\n<b>Move</b> now."
    assert broadcast.composition.parts[0].media == "photo-1"
    assert broadcast.composition.links[0].url == "https://clinic.example/sitting"
    # The blog announces it a day later, and everybody knows it already.
    same = FeedEntry("9", "https://www.clinic.example/sitting/?utm_source=rss", "Sitting", "", None, None)
    for blog in (Newsstand(), Newsstand([same])):
        later = NOW + timedelta(hours=2 * (1 + len(blog.entries)))
        check = CheckFeed(database, blog, shipped_texts(), sign_of=lambda _: None)
        assert await check.tick(now=later)
    board = Board()
    assert await check.tell(board.announce, now=later) == 0


@pytest.mark.parametrize(
    ("step", "given", "reason"),
    [
        (Step.TITLE, " \n ", UnfitFor.EMPTY),
        (Step.TITLE, "x" * (MOST_TITLE + 1), UnfitFor.TOO_LONG),
        (Step.WORDS, f"<b>{'x' * (MOST_WORDS + 1)}</b>", UnfitFor.TOO_LONG),
        (Step.LINK, "ftp://clinic.example/file", UnfitFor.NO_ADDRESS),
    ],
)
async def test_what_does_not_fit_changes_nothing(
    database: Database, write: WriteArticle, step: Step, given: str, reason: UnfitFor
) -> None:
    begun = await write.begin(operator=OLIVE, now=NOW)
    asked = await write.ask(begun.id, step, operator=OLIVE, now=NOW)
    with pytest.raises(Unfit) as caught:
        await write.take(begun.id, step, given, message=1, operator=OLIVE, now=NOW)
    assert (caught.value.step, caught.value.reason) == (step, reason)
    assert await write.begin(operator=OLIVE, now=NOW) == asked
    assert await awaited(database) == f"article-{step}"
    with pytest.raises(Unfit):
        await write.finish(begun.id, operator=OLIVE, now=NOW)


async def test_a_message_that_comes_twice_is_taken_once(write: WriteArticle) -> None:
    begun = await write.begin(operator=OLIVE, now=NOW)
    await write.take(begun.id, Step.TITLE, "Sitting", message=5, operator=OLIVE, now=NOW)
    article, further = await write.take(begun.id, Step.WORDS, "Sitting", message=5, operator=OLIVE, now=NOW)
    assert (article.title, article.words, further) == ("Sitting", "", Step.WORDS)


async def test_nobody_writes_in_somebody_elses_article(write: WriteArticle) -> None:
    begun = await write.begin(operator=OLIVE, now=NOW)
    with pytest.raises(NotAllowed):
        await write.begin(operator=VERA, now=NOW)
    for deed in (
        write.ask(begun.id, Step.TITLE, operator=OTTO, now=NOW),
        write.take(begun.id, Step.TITLE, "Mine", message=1, operator=OTTO, now=NOW),
        write.skip(begun.id, Step.LINK, operator=OTTO, now=NOW),
        write.finish(begun.id, operator=OTTO, now=NOW),
        write.drop(begun.id, operator=OTTO, now=NOW),
    ):
        with pytest.raises(NoSuchArticle):
            await deed
    await write.drop(begun.id, operator=OLIVE, now=NOW)
    with pytest.raises(NoSuchArticle):
        await write.drop(begun.id, operator=OLIVE, now=NOW)
