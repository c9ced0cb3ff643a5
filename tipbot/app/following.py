"""Following the clinic's blog: looked at in time, without holding up anything else."""

import asyncio
from datetime import datetime, timedelta

from tipbot.app.house import House
from tipbot.app.stopping import unless_stopped
from tipbot.app.ticking import unless_away
from tipbot.clock import Ticks
from tipbot.domain.feed import FeedFailure, FeedNews, FeedVersion
from tipbot.feed.blog import Blog
from tipbot.usecases.alarms import Alarms
from tipbot.usecases.feeding import Announce, CheckFeed
from tipbot.usecases.marketing import signs_in_articles

# How soon the feed is looked at when an operator asks for it; by itself that happens once an hour.
FEED_EVERY = timedelta(seconds=3)


def feed_ticks(house: House, alarms: Alarms, announce: Announce, stop: asyncio.Event) -> Ticks:
    """Return what ticks in every process where there is a feed; it waits for somebody else's server."""
    ticks, url = Ticks(), house.settings.feed_url
    if url is not None:
        blog = _StoppableBlog(Blog(url, private=house.settings.feed_private), stop)
        ticks.every(FEED_EVERY, unless_away(FeedRounds(house, blog, alarms, announce, stop).check))
    return ticks


class _StoppableBlog:
    """The clinic's blog, which may take 40 seconds to answer; a stop does not wait for it."""

    def __init__(self, blog: Blog, stop: asyncio.Event) -> None:
        self.url = blog.url
        self._blog = blog
        self._stop = stop

    async def news(self, version: FeedVersion, *, now: datetime) -> FeedNews | None:
        """Return what the blog says, or None when a stop came first; raises FeedFailure."""
        found = await unless_stopped(self._found(version, now), self._stop)
        if isinstance(found, FeedFailure):
            raise found
        return found

    async def _found(self, version: FeedVersion, now: datetime) -> FeedNews | FeedFailure | None:
        # A failure as a value: out of a group of tasks it would come wrapped.
        try:
            return await self._blog.news(version, now=now)
        except FeedFailure as failure:
            return failure


class FeedRounds:
    """What every process does about the feed, in a tick of its own: it waits for somebody else's server."""

    def __init__(
        self, house: House, blog: _StoppableBlog, alarms: Alarms, announce: Announce, stop: asyncio.Event
    ) -> None:
        self._now, self._should_stop, self._announce = house.clock.now, stop.is_set, announce
        self._feed = CheckFeed(
            house.database,
            blog,
            house.texts,
            sign_of=signs_in_articles(house.links, house.texts),
            alarm=alarms.ring,
        )

    async def check(self) -> None:
        """Look at the feed when it is time, and tell operators of what came."""
        await self._feed.tick(now=self._now(), should_stop=self._should_stop)
        if not self._should_stop():
            await self._feed.tell(self._announce, now=self._now())
