"""A stand-in for the clinic's blog at the door of the feed: it says what a test wants, in no time."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tipbot.domain.feed import FeedEntry, FeedFailure, FeedNews, FeedVersion
from tipbot.domain.operators import Operator
from tipbot.usecases.feeding import Announcement, Untold


@dataclass
class Newsstand:
    """Answers with its entries under a version that a test may change, and remembers which versions it was told."""

    entries: list[FeedEntry] = field(default_factory=list)
    version: FeedVersion = FeedVersion()  # noqa: RUF009 (frozen)
    failure: FeedFailure | None = None
    url: str = "https://clinic.example/feed"
    asked: list[FeedVersion] = field(default_factory=list)

    async def news(self, version: FeedVersion, *, now: datetime) -> FeedNews | None:
        assert now.tzinfo is not None
        self.asked.append(version)
        if self.failure is not None:
            raise self.failure
        if version == self.version != FeedVersion():
            return None
        return FeedNews(tuple(self.entries), (), self.version)

    def publishes(self, *entries: FeedEntry) -> None:
        self.entries = [*entries, *self.entries]


@dataclass
class Board:
    """Where operators are told; the picture of every article is taken, unless it is refused."""

    told: list[tuple[list[int], Announcement]] = field(default_factory=list)
    is_away: bool = False
    takes_pictures: bool = True

    async def announce(self, operators: Collection[Operator], news: Announcement) -> str | None:
        if self.is_away:
            raise Untold
        self.told.append(([operator.user for operator in operators], news))
        return "file-1" if news.article.picture and self.takes_pictures else None

    @property
    def titles(self) -> list[str]:
        return [news.article.title for _, news in self.told]


def entry(number: int, *, published: datetime | None = None, picture: str | None = None) -> FeedEntry:
    link = f"https://clinic.example/blog/{number}"
    return FeedEntry(str(number), link, f"Article {number}", f"About {number} & <more>.", picture, published)


def days_ago(days: float, now: datetime) -> datetime:
    return now - timedelta(days=days)
