"""An article on its whole way: from a real server on loopback to operators, a draft, and subscribers' list."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.bot.conftest import OPERATOR, House
from tests.feed.site import Page, Site, serving
from tipbot.bot.article_news import ArticleNews
from tipbot.bot.buttons import encode
from tipbot.bot.item_presses import Page as PageNumber
from tipbot.bot.presses_of_articles import ArticleNumber, ReadSentArticle
from tipbot.domain.broadcasts import QuietHours
from tipbot.feed.blog import Blog
from tipbot.sandbox import Person
from tipbot.usecases.feeding import CheckFeed
from tipbot.usecases.marketing import signs_in_articles
from tipbot.usecases.sending import Rules, SendBroadcasts

ITEM = "<item><title>{title}</title><link>/{link}</link><description>{words}</description>{more}</item>"
PICTURE = '<enclosure url="/picture.jpg" type="image/jpeg" length="1"/>'
RULES = Rules(QuietHours(), timedelta(hours=3), 25)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as site:
        yield site


@pytest.fixture
def olive(house: House) -> Person:
    return house.sandbox.person("Olive", chat_id=OPERATOR, started=True)


@pytest.fixture
async def anna(house: House) -> Person:
    anna = house.sandbox.person("Anna")
    await anna.sends("/start")
    await house.answer()
    await anna.presses(anna.last.labels[0][0])
    await house.answer()
    return anna


def publish(site: Site, *items: str) -> None:
    site.answers["/feed"] = Page(f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>".encode())


async def look(house: House, blog: Blog) -> None:
    house.clock.now += timedelta(hours=1, seconds=1)
    sign_of = signs_in_articles(house.desk.links, house.desk.texts)
    check = CheckFeed(house.database, blog, house.desk.texts, sign_of=sign_of)
    await check.tick(now=house.clock())
    await check.tell(ArticleNews(house.bot, house.desk.texts).tell, now=house.clock())


async def send(house: House, number: int) -> None:
    """Confirm a draft and let it go out to where the courier takes over."""
    draft = await house.desk.broadcasting.find(number, operator=OPERATOR)
    now = house.clock()
    await house.desk.broadcasting.confirm(number, revision=draft.revision, operator=OPERATOR, now=now)
    await SendBroadcasts(house.database, RULES).tick(now=now)


async def listed(house: House, person: Person) -> str:
    await person.sends("/articles")
    await house.answer()
    return person.last.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_from_the_blog_to_the_list(house: House, site: Site, olive: Person, anna: Person) -> None:
    blog = Blog(site.url(), private=True)
    old = ITEM.format(title="Old", link="old", words="", more="")
    publish(site, old)
    await look(house, blog)
    assert "Shall it go to subscribers?" in olive.last.text
    words = "&lt;p&gt;Move &amp;amp; rest&lt;/p&gt;"
    new = ITEM.format(title="Sit &amp; shift", link="sit", words=words, more=PICTURE)
    publish(site, new, old)
    await look(house, blog)
    assert "Sit & shift\nMove & rest" in olive.last.text
    assert olive.last.media is None, "nobody can fetch that picture, and so it is left out"
    assert "Sit & shift" not in await listed(house, anna)
    await olive.presses("Look at it")
    await house.answer()
    async with house.database.reading() as books:
        (draft,) = await books.broadcasts.latest(9)
    assert draft.composition.is_text
    await send(house, draft.id)
    assert "Sit & shift · 22/11/2026\nMove & rest" in await listed(house, anna)
    assert anna.last.labels == [["Chairs & backs"], ["Sit & shift"]]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_article_without_a_link_is_read_in_the_chat(house: House, olive: Person, anna: Person) -> None:
    await olive.sends("/article")
    for words in ("Autumn walks", "Leaves are <golden>."):
        await olive.sends(words)
        await house.answer()
    for _ in range(2):
        await olive.presses("Leave it out")
        await house.answer()
    (known,) = (await house.desk.articles.view(0, operator=OPERATOR, now=house.clock())).articles
    await anna.presses_data(encode(ReadSentArticle(ArticleNumber(known.article.id), PageNumber(0))), anna.last)
    await house.answer()
    assert "golden" not in anna.last.text, "nobody reads what has not gone out"
    assert known.broadcast is not None
    await send(house, known.broadcast)
    assert "Autumn walks" in await listed(house, anna)
    await anna.presses("Autumn walks")
    await house.answer()
    assert anna.last.text == "Autumn walks\n\nLeaves are <golden>.\n\n22/11/2026"
    await anna.presses("All articles")
    await house.answer()
    assert anna.last.text.startswith("Long reads")
