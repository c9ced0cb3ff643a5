"""The clinic's blog as use cases see it: what is new there, or why that cannot be told."""

from datetime import datetime

from tipbot.domain.feed import FeedNews, FeedVersion
from tipbot.feed.addresses import anywhere, is_public
from tipbot.feed.apart import read_apart
from tipbot.feed.fetching import NotModified, fetch
from tipbot.logs import get_logger

log = get_logger(__name__)


class Blog:
    """The feed at TIPBOT_FEED_URL."""

    def __init__(self, url: str, *, private: bool) -> None:
        """Take the feed's address, and whether it may be on a private network (TIPBOT_FEED_PRIVATE)."""
        self.url = url
        self._may_connect = anywhere if private else is_public

    async def news(self, version: FeedVersion, *, now: datetime) -> FeedNews | None:
        """Return what stands in the feed, or None when it is still `version`; raises FeedFailure.

        It takes 40 seconds at most and keeps nothing: whoever asks remembers the version, once the news are safe.
        """
        fetched = await fetch(self.url, version, may_connect=self._may_connect)
        if isinstance(fetched, NotModified):
            return None
        reading = await read_apart(fetched.body, content_type=fetched.content_type, url=fetched.url, now=now)
        for reason in reading.left_out:
            log.warning("feed_entry_left_out", reason=reason)
        return FeedNews(reading.entries, reading.left_out, fetched.version)
