"""The clinic's blog: what is new becomes a draft once, operators are told, and a failing feed is not forgotten."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.content import shipped_texts
from tests.thoroughness import ON_ONE_ENGINE
from tests.usecases.newsstand import Board, Newsstand, days_ago, entry
from tests.usecases.people import MONDAY_NOON
from tipbot.domain.alarms import Alarm
from tipbot.domain.articles import ArticleStanding, KnownArticle
from tipbot.domain.audience import Purpose
from tipbot.domain.composition import Composition, LinkButton, PartKind
from tipbot.domain.feed import FeedEntry, FeedFailure, FeedFault, FeedVersion
from tipbot.domain.operators import Operator, Role
from tipbot.storage.database import Database
from tipbot.usecases.articles import Articles
from tipbot.usecases.errors import NotAllowed
from tipbot.usecases.feeding import CheckFeed
from tipbot.usecases.marketing import Sign
from tipbot.usecases.staffing import Staffing

OLIVE, VERA = 7000, 7001


def sign_of(composition: Composition) -> Sign | None:
    return Sign.BOOKING if "book" in composition.links[0].url else None


HOUR = timedelta(hours=1, seconds=1)


class Clinic:
    """A blog, what looks at it, and what came of it; every look is a bit more than an hour after the last one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.blog = Newsstand()
        self.rung: list[Alarm] = []
        self.board = Board()
        self.now = MONDAY_NOON
        self.check = self.checker()
        self.articles = Articles(database, shipped_texts(), sign_of=sign_of, feed_url=self.blog.url)

    def checker(self) -> CheckFeed:
        return CheckFeed(self.database, self.blog, shipped_texts(), sign_of=sign_of, alarm=self.rung.append)

    async def open(self) -> "Clinic":
        await Staffing(self.database).appoint({OLIVE}, now=self.now)
        async with self.database.writing() as books:
            await books.staff.save(Operator(VERA, Role.VIEWER, self.now))
        return self

    async def looks(self, *, after: timedelta = HOUR) -> bool:
        self.now += after
        looked = await self.check.tick(now=self.now)
        await self.check.tell(self.board.announce, now=self.now)
        return looked

    async def known(self) -> list[KnownArticle]:
        async with self.database.reading() as books:
            return await books.articles.latest(99)

    async def standings(self) -> dict[str, ArticleStanding]:
        return {known.article.title: known.standing for known in await self.known()}


@pytest.fixture
async def clinic(database: Database) -> Clinic:
    return await Clinic(database).open()


@pytest.fixture
async def read(clinic: Clinic) -> Clinic:
    """The clinic with a blog that was read once and held one article."""
    clinic.blog.publishes(entry(1))
    await clinic.looks()
    clinic.board.told.clear()
    return clinic


async def test_what_stands_there_at_first_is_noted_and_the_newest_offered(clinic: Clinic) -> None:
    days = (3, 1, 2)
    clinic.blog.publishes(*(entry(day, published=days_ago(day, clinic.now)) for day in days))
    assert await clinic.looks()
    assert set((await clinic.standings()).values()) == {ArticleStanding.UNDRAFTED}
    ((operators, news),) = clinic.board.told
    assert (operators, news.article.title, news.draft, news.others) == ([OLIVE], "Article 1", None, 2)
    assert not await clinic.looks(after=timedelta(minutes=59)), "once an hour is enough"
    assert await clinic.looks(after=timedelta(minutes=1, seconds=1))
    assert len(clinic.board.told) == 1


async def test_a_new_article_is_a_draft_with_its_picture_and_a_way_to_read_it(read: Clinic) -> None:
    read.blog.publishes(entry(2, picture="https://clinic.example/2.jpg"))
    await read.looks()
    ((_, news),) = read.board.told
    assert news.draft is not None
    async with read.database.reading() as books:
        draft = await books.broadcasts.find(news.draft)
    assert draft is not None
    (part,) = draft.composition.parts
    assert (part.kind, part.media) == (PartKind.PHOTO, "file-1"), "as Telegram keeps it, not as the web has it"
    assert part.html == "<b>Article 2</b>\n\nAbout 2 &amp; &lt;more&gt;."
    assert draft.composition.links == (LinkButton("Read the article", "https://clinic.example/blog/2"),)
    assert (await read.standings())["Article 2"] is ArticleStanding.DRAFT


async def test_an_article_that_leads_to_a_booking_is_taken_for_an_offer(read: Clinic) -> None:
    read.blog.publishes(entry(2), replace(entry(3), link="https://clinic.example/book"))
    await read.looks()
    async with read.database.reading() as books:
        drafts = await books.broadcasts.latest(2)
    purposes = {draft.title: draft.purpose for draft in drafts}
    assert purposes == {"Article 2": Purpose.ARTICLE, "Article 3": Purpose.OFFER}


async def test_a_picture_that_telegram_refuses_is_left_out(read: Clinic) -> None:
    read.board.takes_pictures = False
    read.blog.publishes(entry(2, picture="https://clinic.example/2.svg"))
    await read.looks()
    draft = await read.articles.draft((await read.known())[0].article.id, operator=OLIVE, now=read.now)
    async with read.database.reading() as books:
        broadcast = await books.broadcasts.find(draft.draft)
    assert broadcast is not None
    assert broadcast.composition.is_text
    assert draft.article.picture is None


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one,
        lambda one: replace(one, title="Renamed"),
        lambda one: replace(one, link="https://new.example/blog/1", guid="https://new.example/?p=1"),
        lambda one: replace(one, guid=None, title="Renamed", summary="Other words."),
    ],
)
async def test_the_same_article_never_comes_twice(read: Clinic, change: Callable[[FeedEntry], FeedEntry]) -> None:
    changed = change(entry(1))
    read.blog.entries = [changed]
    await read.looks()
    # What it is known by from now on counts as well, one bit at a time.
    read.blog.entries = [replace(changed, summary="Once more.")]
    await read.looks()
    assert await read.standings() == {"Article 1": ArticleStanding.UNDRAFTED}
    assert read.board.told == []


async def test_many_at_once_are_three_drafts_and_the_rest_in_the_list(read: Clinic) -> None:
    read.blog.publishes(*(entry(number, published=days_ago(number, read.now)) for number in range(2, 8)))
    await read.looks()
    assert read.board.titles == ["Article 4", "Article 3", "Article 2"], "the newest one comes last"
    assert [news.others for _, news in read.board.told] == [0, 0, 3]
    standings = list((await read.standings()).values())
    assert standings.count(ArticleStanding.DRAFT) == 3
    assert standings.count(ArticleStanding.UNDRAFTED) == 4


async def test_the_server_is_asked_for_what_is_newer_and_another_address_starts_over(read: Clinic) -> None:
    read.blog.version = FeedVersion('"2"')
    await read.looks()
    await read.looks()
    assert read.blog.asked[-2:] == [FeedVersion(), FeedVersion('"2"')]
    read.blog.url = "https://other.example/feed"
    read.blog.publishes(entry(2))
    await read.looks()
    assert read.blog.asked[-1] == FeedVersion()
    assert read.board.titles == ["Article 2"]
    assert (await read.standings())["Article 2"] is ArticleStanding.UNDRAFTED


async def test_two_processes_at_once_make_one_draft(read: Clinic) -> None:
    read.blog.publishes(entry(2), entry(3))
    read.now += HOUR
    looked = await asyncio.gather(*(read.checker().tick(now=read.now) for _ in range(2)))
    assert sorted(looked) == [False, True]
    # A look that was asked for may overlap with one that takes its time: then both bring the same news.
    read.blog.publishes(entry(4))
    both = [read.checker(), read.checker()]
    async with read.database.reading() as books:
        before = await books.feed.find()
    assert before is not None
    news = await read.blog.news(FeedVersion(), now=read.now)
    await asyncio.gather(*(one._take_in(before, news, read.now) for one in both))
    titles = [known.article.title for known in await read.known()]
    assert sorted(titles) == ["Article 1", "Article 2", "Article 3", "Article 4"]
    async with read.database.reading() as books:
        assert len(await books.broadcasts.latest(99)) == 3


@ON_ONE_ENGINE
async def test_a_feed_that_fails_for_a_day_rings_and_works_again(clinic: Clinic) -> None:
    clinic.blog.failure = FeedFailure(FeedFault.STATUS, "clinic.example", "503")
    for _ in range(24):
        await clinic.looks()
    assert clinic.rung == []
    await clinic.looks()
    await clinic.looks()
    assert {alarm.cause for alarm in clinic.rung} == {clinic.rung[0].cause}, "one cause for the whole time"
    standing = (await clinic.articles.view(0, operator=OLIVE, now=clinic.now)).standing
    assert standing is not None
    assert standing.trouble is not None
    assert (standing.trouble.host, standing.trouble.detail) == ("clinic.example", "503")
    clinic.blog.failure = None
    clinic.blog.publishes(entry(1))
    await clinic.looks()
    standing = (await clinic.articles.view(0, operator=OLIVE, now=clinic.now)).standing
    assert standing is not None
    assert (standing.trouble, standing.failing_since) == (None, None)
    assert clinic.board.titles == ["Article 1"], "the first time it can be read everything in it is old"
    assert (await clinic.standings())["Article 1"] is ArticleStanding.UNDRAFTED


async def test_what_operators_could_not_be_told_waits(read: Clinic) -> None:
    read.board.is_away = True
    read.blog.publishes(entry(2))
    await read.looks()
    read.board.is_away = False
    assert await read.check.tell(read.board.announce, now=read.now) == 0, "not every few seconds"
    read.now += timedelta(minutes=2)
    assert await read.check.tell(read.board.announce, now=read.now) == 1
    assert await read.check.tell(read.board.announce, now=read.now + HOUR) == 0
    assert read.board.titles == ["Article 2"]


async def test_an_operator_asks_for_a_look_at_most_once_a_minute(read: Clinic) -> None:
    now = read.now + timedelta(minutes=5)
    with pytest.raises(NotAllowed):
        await read.articles.ask_for_look(operator=VERA, now=now)
    assert await read.articles.ask_for_look(operator=OLIVE, now=now)
    assert not await read.articles.ask_for_look(operator=OLIVE, now=now + timedelta(seconds=59))
    assert (await read.articles.view(0, operator=OLIVE, now=now)).is_looking
    read.now = now
    assert await read.looks(after=timedelta(seconds=3))
    assert not (await read.articles.view(0, operator=OLIVE, now=read.now)).is_looking
    assert not await read.looks(after=timedelta(seconds=3))


async def test_a_look_that_a_stop_cut_off_says_nothing(read: Clinic) -> None:
    read.blog.publishes(entry(2))
    read.now += HOUR
    await read.check.tick(now=read.now, should_stop=lambda: True)
    assert list(await read.standings()) == ["Article 1"]
    await read.looks()
    assert read.board.titles == ["Article 2"]
