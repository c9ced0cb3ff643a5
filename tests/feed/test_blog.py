"""The blog as use cases see it: over real HTTP, read in a process of its own."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.feed.site import Page, Site, serving
from tipbot.domain.feed import FeedEntry, FeedFailure, FeedFault, FeedNews, FeedVersion
from tipbot.feed.apart import read_apart
from tipbot.feed.blog import Blog

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FEED = """<rss version="2.0"><channel>
<item><title>Sitting \N{PILE OF POO}</title><link>/sitting</link><guid isPermaLink="false">7</guid>
<description>Move.</description><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>Standing</title><link>/standing</link></item><item/></channel></rss>"""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as site:
        yield site


async def test_news_come_once(site: Site) -> None:
    site.answers["/feed"] = Page(FEED.encode(), headers={"ETag": '"1"'})
    blog = Blog(site.url(), private=True)
    news = await blog.news(FeedVersion(), now=NOW)
    here = site.url("")
    published = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert news == FeedNews(
        entries=(
            FeedEntry("7", f"{here}/sitting", "Sitting \N{PILE OF POO}", "Move.", None, published),
            FeedEntry(None, f"{here}/standing", "Standing", "", None, None),
        ),
        left_out=("entry 3 has no link to an article on the web",),
        version=FeedVersion('"1"'),
    )
    site.answers["/feed"] = Page(status=304)
    assert await blog.news(news.version, now=NOW) is None
    assert site.asked[1].headers["If-None-Match"] == '"1"'


async def test_a_private_network_has_to_be_allowed(site: Site) -> None:
    with pytest.raises(FeedFailure) as caught:
        await Blog(site.url(), private=False).news(FeedVersion(), now=NOW)
    assert caught.value.fault is FeedFault.PRIVATE
    assert not site.asked


async def test_what_is_wrong_with_a_feed_is_told_across_processes(site: Site) -> None:
    page = b'<!DOCTYPE html><link rel="alternate" type="application/rss+xml" href="/rss">'
    site.answers["/feed"] = Page(page)
    with pytest.raises(FeedFailure) as caught:
        await Blog(site.url(), private=True).news(FeedVersion(), now=NOW)
    assert (
        str(caught.value)
        == f"127.0.0.1: this is a web page, not a feed; its feed is probably at {site.url('/rss')}"
    )


async def test_a_feed_that_takes_for_ever_to_read_is_given_up() -> None:
    """A megabyte in the place of a name keeps an expression of feedparser's busy for hours."""
    before = children()
    author = b"a" * 1_000_000
    feed = b"<rss version='2.0'><channel><item><author>" + author + b"</author></item></channel></rss>"
    with pytest.raises(FeedFailure) as caught:
        await read_apart(feed, content_type="", url="https://clinic.example/feed", now=NOW, seconds=1)
    assert caught.value.fault is FeedFault.TOO_HARD
    assert children() == before


def children() -> str:
    """The processes that this one has started and that still are, where the system lists them."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return listed.read_text() if listed.exists() else ""
