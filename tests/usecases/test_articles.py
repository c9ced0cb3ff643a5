"""Which articles subscribers can read: those that really go out, for as long as nobody takes them back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.content import shipped_texts
from tests.usecases.people import MONDAY_NOON, subscribe
from tipbot.domain.articles import ArticleOrigin, ArticleStanding, ClinicArticle
from tipbot.domain.broadcasts import Action, BroadcastId, Mode, QuietHours, When
from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import Sent
from tipbot.domain.operators import Operator, Role
from tipbot.storage.database import Database
from tipbot.usecases.afterwards import Afterwards
from tipbot.usecases.articles import ON_A_PAGE, Articles
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.errors import NoSuchArticle, NotAllowed
from tipbot.usecases.sending import Rules, SendBroadcasts
from tipbot.usecases.staffing import Staffing

OLIVE, VERA = 7000, 7001
NOW = MONDAY_NOON
RULES = Rules(QuietHours(), timedelta(hours=3), 25)


@pytest.fixture
async def articles(database: Database) -> Articles:
    await subscribe(database)
    await Staffing(database).appoint({OLIVE}, now=NOW)
    async with database.writing() as books:
        await books.staff.save(Operator(VERA, Role.VIEWER, NOW))
    return Articles(database, shipped_texts(), sign_of=lambda _: None, feed_url=None)


async def add(database: Database, title: str = "Sitting") -> int:
    article = ClinicArticle(
        0, ArticleOrigin.FEED, ENGLISH, NOW, title=title, link="https://clinic.example/1", told_at=NOW
    )
    async with database.writing() as books:
        return (await books.articles.add(article)).id


async def confirm(database: Database, number: BroadcastId) -> None:
    broadcasting = Broadcasting(database, quiet=QuietHours(), ceiling=25)
    draft = await broadcasting.find(number, operator=OLIVE)
    await broadcasting.confirm(number, revision=draft.revision, operator=OLIVE, now=NOW)


async def deliver(database: Database) -> None:
    async with database.writing() as books:
        claims = await books.outbox.claim([NOW], owner="one", now=NOW, lease=timedelta(seconds=40))
        await books.outbox.settle_sent([(claim, Sent(5)) for claim in claims], owner="one", now=NOW)


async def titles(articles: Articles) -> list[str]:
    return [article.title for article in (await articles.sent(0))[0]]


async def standing(articles: Articles, number: int) -> ArticleStanding:
    return (await articles.find(number, operator=OLIVE))[0].standing


async def test_it_is_listed_once_it_goes_out_and_until_it_is_taken_back(
    database: Database, articles: Articles
) -> None:
    number = await add(database)
    draft = (await articles.draft(number, operator=OLIVE, now=NOW)).draft
    assert (await articles.draft(number, operator=OLIVE, now=NOW)).draft == draft, "pressed twice"
    await confirm(database, draft)
    assert await titles(articles) == []
    await SendBroadcasts(database, RULES).tick(now=NOW)
    assert await titles(articles) == ["Sitting"]
    assert await standing(articles, number) is ArticleStanding.SENDING
    await deliver(database)
    await SendBroadcasts(database, RULES).tick(now=NOW)
    assert await standing(articles, number) is ArticleStanding.SENT
    afterwards = Afterwards(database)
    withdrawal = await afterwards.draft_change(draft, Action.WITHDRAWAL, operator=OLIVE, now=NOW)
    assert await titles(articles) == ["Sitting"], "not before it is confirmed"
    await confirm(database, withdrawal.id)
    assert await titles(articles) == []
    assert await standing(articles, number) is ArticleStanding.NOT_LISTED
    with pytest.raises(NoSuchArticle):
        await articles.read(number)


@pytest.mark.parametrize(("arrives", "listed"), [(False, []), (True, ["Sitting"])])
async def test_what_was_cancelled_is_listed_only_if_somebody_has_it(
    database: Database, articles: Articles, arrives: bool, listed: list[str]
) -> None:
    draft = (await articles.draft(await add(database), operator=OLIVE, now=NOW)).draft
    await confirm(database, draft)
    await SendBroadcasts(database, RULES).tick(now=NOW)
    if arrives:
        await deliver(database)
    await Broadcasting(database, quiet=QuietHours(), ceiling=25).cancel(draft, operator=OLIVE, now=NOW)
    assert await titles(articles) == listed


async def test_what_is_planned_is_not_listed_yet(database: Database, articles: Articles) -> None:
    draft = (await articles.draft(await add(database), operator=OLIVE, now=NOW)).draft
    async with database.writing() as books:
        planned = await books.broadcasts.find(draft)
        assert planned is not None
        await books.broadcasts.save(replace(planned, when=When(Mode.AT, NOW + timedelta(days=1))))
    await confirm(database, draft)
    await SendBroadcasts(database, RULES).tick(now=NOW)
    assert await titles(articles) == []


async def test_set_aside_and_fetched_again(database: Database, articles: Articles) -> None:
    number = await add(database)
    await articles.draft(number, operator=OLIVE, now=NOW)
    for _ in range(2):
        assert (await articles.skip(number, operator=OLIVE, now=NOW)).standing is ArticleStanding.SKIPPED
    worked_on = (await articles.draft(number, operator=OLIVE, now=NOW)).draft
    async with database.writing() as books:
        begun = await books.broadcasts.find(worked_on)
        assert begun is not None
        await books.broadcasts.save(replace(begun, composition=replace(begun.composition, links=())))
    assert (await articles.skip(number, operator=OLIVE, now=NOW)).standing is ArticleStanding.DRAFT
    with pytest.raises(NotAllowed):
        await articles.skip(number, operator=VERA, now=NOW)
    with pytest.raises(NotAllowed):
        await articles.draft(number, operator=VERA, now=NOW)
    with pytest.raises(NoSuchArticle):
        await articles.draft(number + 1, operator=OLIVE, now=NOW)


async def test_the_list_is_leafed_through_with_the_last_one_first(database: Database, articles: Articles) -> None:
    for minute in range(ON_A_PAGE + 1):
        number = await add(database, f"Article {minute}")
        async with database.writing() as books:
            await books.articles.note_sent(number, now=NOW + timedelta(minutes=minute))
    first, total = await articles.sent(0)
    assert (first[0].title, len(first), total) == (f"Article {ON_A_PAGE}", ON_A_PAGE, ON_A_PAGE + 1)
    for page in (1, 9):
        assert [article.title for article in (await articles.sent(page))[0]] == ["Article 0"]
