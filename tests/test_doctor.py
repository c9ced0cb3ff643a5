"""What the doctor says of a database: whose it is, which clock it goes by, and what is wrong with its address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tests.feed.site import Page, serving
from tipbot.clock import Clock
from tipbot.doctor import Finding, Grade, examine
from tipbot.sandbox import Sandbox
from tipbot.settings import Settings, read_settings
from tipbot.storage.database import Database

NOW = Clock().now


async def findings(database_url: str, sandbox: Sandbox, now: Callable[[], datetime] = NOW) -> dict[str, Finding]:
    """Return what the doctor finds, by the first word of each finding."""
    async with sandbox.serving() as address:
        found = [finding async for finding in examine(_settings(database_url, sandbox, address), now=now)]
    return {finding.text.partition(":")[0]: finding for finding in found}


def _settings(database_url: str, sandbox: Sandbox, address: str, **more: str) -> Settings:
    given = {"TIPBOT_TOKEN": sandbox.token, "TIPBOT_API_URL": address, "TIPBOT_DATABASE_URL": database_url, **more}
    return read_settings(given, None)


async def owned_by(database_url: str, bot_id: int) -> None:
    database = Database(database_url)
    async with database.writing() as books:
        await books.identity.claim(bot_id)
    await database.close()


async def test_a_database_of_nobody_and_of_this_bot_is_well(database_url: str) -> None:
    sandbox = Sandbox(now=NOW)
    found = await findings(database_url, sandbox)
    assert found["bot"] == Finding(
        Grade.WELL, "bot: the database belongs to no bot yet; the first start gives it to one"
    )
    assert found["clock"].grade is Grade.WELL
    await owned_by(database_url, 424242)
    assert (await findings(database_url, sandbox))["bot"] == Finding(
        Grade.WELL, "bot: the database belongs to bot 424242"
    )


async def test_another_bots_database_is_a_fault(database_url: str) -> None:
    await owned_by(database_url, 7)
    sandbox = Sandbox(now=NOW)
    async with sandbox.serving() as address:
        settings = _settings(database_url, sandbox, address)
        faults = [found.text async for found in examine(settings, now=NOW) if found.grade is Grade.FAULT]
    (fault,) = faults
    assert "the database belongs to bot 7, but TIPBOT_TOKEN to bot 424242" in fault


def _clock_ahead(seconds: int) -> Callable[[], datetime]:
    return lambda: NOW() + timedelta(seconds=seconds)


async def test_a_clock_that_differs_from_the_servers_is_remarked_on(postgres_database_url: str) -> None:
    for seconds in (-60, 60):
        found = await findings(postgres_database_url, Sandbox(now=NOW), _clock_ahead(seconds))
        assert found["clock"].grade is Grade.REMARK
        assert "are 60 seconds apart" in found["clock"].text
    slightly = await findings(postgres_database_url, Sandbox(now=NOW), _clock_ahead(1))
    assert slightly["clock"].grade is Grade.WELL


async def test_a_file_that_is_missing_is_not_made(tmp_path: Path) -> None:
    found = await findings(f"sqlite:///{tmp_path / 'absent.db'}", Sandbox(now=NOW))
    assert found["database"].grade is Grade.FAULT
    assert list(tmp_path.iterdir()) == []


async def test_the_feed_is_read_and_its_trouble_stops_nothing(sqlite_url: str) -> None:
    sandbox = Sandbox(now=NOW)
    async with sandbox.serving() as address, serving() as site:
        settings = _settings(sqlite_url, sandbox, address, TIPBOT_FEED_URL=site.url(), TIPBOT_FEED_PRIVATE="on")
        items = b"<item><title>A</title><link>/a</link></item><item/>"
        site.answers["/feed"] = Page(b"<rss version='2.0'><channel>" + items + b"</channel></rss>")
        assert await _last(settings) == Finding(Grade.WELL, "feed: it can be read; articles: 1, left out: 1")
        site.answers["/feed"] = Page(status=404)
        assert await _last(settings) == Finding(Grade.REMARK, "feed: 127.0.0.1 answered with HTTP status 404")
        asked = len(site.asked)
        found = [finding async for finding in examine(settings, now=NOW, with_feed=False)]
    assert found[-1].text.startswith("Telegram")
    assert len(site.asked) == asked


async def _last(settings: Settings) -> Finding:
    return [finding async for finding in examine(settings, now=NOW)][-1]
