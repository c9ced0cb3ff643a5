"""What is wrong with this installation, if anything: one line a finding, for people and for health checks."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tipbot.app import read_content
from tipbot.bot.service import TelegramUnreachable, TokenRefused, ask_who_we_are
from tipbot.catalogue import remarks
from tipbot.domain.faults import ContentFaults
from tipbot.domain.feed import FeedFailure, FeedVersion
from tipbot.feed.blog import Blog
from tipbot.settings import Settings
from tipbot.shipped import shipped
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageRefused, StorageUnavailable
from tipbot.storage.identity import stranger
from tipbot.storage.migrations import check
from tipbot.usecases.backlog import Backlog, measure_backlog

# A delivery that has been due for longer than this means that nobody is sending.
LATEST = timedelta(minutes=10)
# Processes hand each other leases by their own machines' clocks, and those have some seconds to spare.
CLOCKS_APART = timedelta(seconds=2)


class Grade(StrEnum):
    """How much a finding matters: only a fault makes the examination fail."""

    WELL = "ok"
    REMARK = "look"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor looked at."""

    grade: Grade
    text: str


async def examine(
    settings: Settings, *, now: Callable[[], datetime], with_feed: bool = True
) -> AsyncIterator[Finding]:
    """Yield one finding after another: content, database, deliveries, Telegram, and the clinic's blog."""
    for finding in _content(settings, now()):
        yield finding
    async for finding in _database(settings, now):
        yield finding
    yield await _telegram(settings)
    if with_feed and settings.feed_url is not None:
        yield await _feed(settings.feed_url, now(), private=settings.feed_private)


def _content(settings: Settings, now: datetime) -> list[Finding]:
    try:
        library, _ = read_content(settings.content_dir or shipped("content"))
    except ContentFaults as found:
        return [Finding(Grade.FAULT, f"content: {fault}") for fault in found.faults]
    coverage = library.catalogue.coverage
    well = Finding(Grade.WELL, f"content: {coverage.covered} source items covered, {coverage.omitted} left out")
    return [well, *(Finding(Grade.REMARK, remark) for remark in remarks(library.catalogue, now.date()))]


async def _database(settings: Settings, now: Callable[[], datetime]) -> AsyncIterator[Finding]:
    try:
        database = Database(settings.database_url.get_secret_value())
    except StorageRefused as refused:
        yield Finding(Grade.FAULT, str(refused))
        return
    if database.is_missing():
        yield Finding(Grade.FAULT, f"database: there is no {database.url.database} yet; `tipbot run` makes one")
        return
    try:
        await check(database)
        yield Finding(Grade.WELL, f"database: {database.url.get_backend_name()}, up to date")
        asked_at = now()
        yield _clocks(asked_at, await database.server_clock(), now())
        async with database.reading() as books:
            owner = await books.identity.owner()
            backlog = await measure_backlog(books, ceiling=settings.bulk_rate, now=asked_at)
        yield _owner(owner, settings)
        yield _waiting(backlog)
    except (StorageRefused, StorageUnavailable) as problem:
        yield Finding(Grade.FAULT, str(problem))
    finally:
        await database.close()


def _clocks(before: datetime, server: datetime | None, after: datetime) -> Finding:
    """Compare the server's clock with this machine's, as read before and after asking."""
    if server is None:
        return Finding(Grade.WELL, "clock: the database is on this machine and has no other")
    apart = max(before - server, server - after, timedelta())
    if apart <= CLOCKS_APART:
        return Finding(Grade.WELL, "clock: this machine and the database server agree")
    text = f"clock: this machine and the database server are {apart.total_seconds():.0f} seconds apart; "
    return Finding(Grade.REMARK, text + "let all machines set their clocks by NTP")


def _owner(owner: int | None, settings: Settings) -> Finding:
    # A token begins with its bot's number, so that this can be said without Telegram.
    bot_id = int(settings.token.get_secret_value().partition(":")[0])
    if owner is None:
        return Finding(Grade.WELL, "bot: the database belongs to no bot yet; the first start gives it to one")
    if owner != bot_id:
        return Finding(Grade.FAULT, stranger(owner, bot_id))
    return Finding(Grade.WELL, f"bot: the database belongs to bot {owner}")


def _waiting(backlog: Backlog) -> Finding:
    if not backlog.waiting and not backlog.oldest:
        return Finding(Grade.WELL, "deliveries: nothing is waiting")
    grade = Grade.FAULT if backlog.oldest > LATEST else Grade.WELL
    late, takes = (f"{time.total_seconds() / 60:.0f} minutes" for time in (backlog.oldest, backlog.takes))
    words = f"{backlog.waiting} waiting, the oldest due for {late}; all are sent in about {takes}"
    return Finding(grade, f"deliveries: {words}")


async def _telegram(settings: Settings) -> Finding:
    try:
        name = await ask_who_we_are(settings.token.get_secret_value(), settings.api_url)
    except (TokenRefused, TelegramUnreachable) as problem:
        return Finding(Grade.FAULT, str(problem))
    return Finding(Grade.WELL, f"Telegram: we are @{name}")


async def _feed(url: str, now: datetime, *, private: bool) -> Finding:
    """Read the clinic's feed; everything else works without it, so that trouble with it is no fault of TipBot's."""
    try:
        news = await Blog(url, private=private).news(FeedVersion(), now=now)
    except FeedFailure as failure:
        return Finding(Grade.REMARK, f"feed: {failure}")
    entries, left_out = (0, 0) if news is None else (len(news.entries), len(news.left_out))
    if not entries:
        return Finding(Grade.REMARK, f"feed: it can be read, but holds no article ({left_out} left out)")
    return Finding(Grade.WELL, f"feed: it can be read; articles: {entries}, left out: {left_out}")
