"""Telegram and the database at their worst: everybody gets one message, or the record says honestly why not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.ports import free_port
from tests.postgres import PostgresServer
from tests.process.running import environment, tipbot, tipbot_inside, tipbot_with
from tests.process.seeding import seed
from tests.process.test_crashes import settled
from tipbot.clock import Clock
from tipbot.domain.delivery import DeliveryStatus
from tipbot.sandbox import Limits, Sandbox
from tipbot.sandbox.faults import Kind
from tipbot.storage.database import Database

pytestmark = pytest.mark.process

NOW = Clock().now
SENT, UNKNOWN, GONE = DeliveryStatus.SENT, DeliveryStatus.UNKNOWN, DeliveryStatus.GONE
TOO_MANY = 429

TROUBLE = [
    # what goes wrong with the one message to this chat, what the record says in the end, how many arrive
    (Kind.SERVER_ERROR, SENT, 1),
    (Kind.BAD_GATEWAY, UNKNOWN, 0),
    (Kind.BAD_GATEWAY_AFTER, UNKNOWN, 1),
    (Kind.TOO_MANY_REQUESTS, SENT, 1),
    (Kind.HANG_BEFORE, UNKNOWN, 0),
    (Kind.HANG_AFTER, UNKNOWN, 1),
    (Kind.DROP_BEFORE, UNKNOWN, 0),
    (Kind.DROP_AFTER, UNKNOWN, 1),
]


@pytest.mark.long(13)
async def test_every_way_in_which_telegram_can_fail(database_url: str) -> None:
    sandbox = Sandbox(now=NOW)
    chats = await seed(database_url, [NOW()] * (len(TROUBLE) + 2), now=NOW())
    people = [sandbox.person(f"Person {chat}", chat_id=chat, started=True) for chat in chats]
    for chat, (kind, _, _) in zip(chats, TROUBLE, strict=False):
        sandbox.faults.add(kind, "sendMessage", chat_id=chat)
    await people[-2].deactivates()
    async with sandbox.serving() as address, tipbot_inside(sandbox, address, database_url):
        found = await settled(database_url, len(chats))
    expected = [*((status, arrived) for _, status, arrived in TROUBLE), (GONE, 0), (SENT, 1)]
    assert [(found[chat][0], len(sandbox.sent_to(chat))) for chat in chats] == expected


@pytest.mark.long(6)
async def test_a_limit_stricter_than_configured_loses_nothing_and_nobody_asks_early(database_url: str) -> None:
    sandbox = Sandbox(now=NOW, limits=Limits(per_second=10, penalty=1))
    chats = await seed(database_url, [NOW()] * 40, now=NOW())
    for chat in chats:
        sandbox.person(f"Person {chat}", chat_id=chat, started=True)
    async with sandbox.serving() as address, tipbot_inside(sandbox, address, database_url, TIPBOT_BULK_RATE="30"):
        found = await settled(database_url, len(chats))
    assert {status for status, _ in found.values()} == {SENT}
    assert {len(sandbox.sent_to(chat)) for chat in chats} == {1}
    refused = [call.at for call in sandbox.calls if call.status == TOO_MANY]
    assert refused, "the limit was met at all"
    # The first refusal stops everybody for a second; what was on its way at that moment may be refused as well.
    on_its_way = timedelta(milliseconds=300)
    early = [at for at in refused if on_its_way < at - refused[0] < timedelta(seconds=1)]
    assert early == []


@pytest.mark.long(22)
async def test_the_database_goes_away_for_20_seconds(
    own_postgres: tuple[PostgresServer, str], tmp_path: Path
) -> None:
    server, url = own_postgres
    sandbox = Sandbox(now=NOW)
    ann = sandbox.person("Ann")
    async with sandbox.serving() as address, tipbot_with(sandbox, address, url, tmp_path) as process:
        await ann.sends("/start")
        await sandbox.quiet(timeout=20)
        await ann.presses(ann.last.labels[0][0])
        await sandbox.quiet(timeout=20)
        await asyncio.to_thread(server.stop)
        gone_at = NOW()
        await ann.sends("/urgent")
        await sandbox.until(lambda: "999" in ann.last.text, timeout=10)
        await ann.sends("/tip")
        await process.says("waits_for_database")
        bob = sandbox.person("Bob")
        await bob.sends("/urgent")
        await sandbox.until(lambda: "999" in bob.last.text, timeout=15)
        await asyncio.sleep(20 - (NOW() - gone_at).total_seconds())
        assert ann.last.text == "/tip", "no answer without a database"
        await asyncio.to_thread(server.start)
        await sandbox.until(lambda: ann.last.from_bot, timeout=20)
        (chat,) = await seed(url, [NOW()], now=NOW())
        sandbox.person("Cleo", chat_id=chat, started=True)
        await sandbox.until(lambda: len(sandbox.sent_to(chat)) == 1, timeout=20)


@pytest.mark.long(7)
async def test_urgent_signs_come_soon_from_a_database_that_is_silent(
    own_postgres: tuple[PostgresServer, str], tmp_path: Path
) -> None:
    server, url = own_postgres
    sandbox = Sandbox(now=NOW)
    ann = sandbox.person("Ann")
    async with sandbox.serving() as address, tipbot_with(sandbox, address, url, tmp_path):
        await ann.sends("/help")
        await sandbox.until(lambda: ann.last.from_bot, timeout=20)
        with server.frozen():
            for _ in range(2):
                asked_at = NOW()
                await ann.sends("/urgent")
                await sandbox.until(lambda: "999" in ann.last.text, timeout=20)
                # Two seconds to ask for the right to poll and two to note the update; the rest is a busy machine's.
                assert NOW() - asked_at < timedelta(seconds=8)


async def test_another_process_takes_over_polling_when_the_first_is_killed(
    postgres_database_url: str, tmp_path: Path
) -> None:
    sandbox = Sandbox(now=NOW)
    ann = sandbox.person("Ann")
    async with (
        sandbox.serving() as address,
        tipbot_with(sandbox, address, postgres_database_url, tmp_path) as first,
    ):
        await ann.sends("/help")
        await sandbox.until(lambda: ann.last.from_bot, timeout=20)
        async with tipbot_with(sandbox, address, postgres_database_url, tmp_path) as second:
            await first.killed()
            await ann.sends("/help")
            await sandbox.until(lambda: ann.last.from_bot, timeout=10)
            assert "another_poller" not in first.log + second.log, "two never polled at once"


async def test_a_second_process_on_sqlite_is_told_why_it_cannot_start(sqlite_url: str, tmp_path: Path) -> None:
    sandbox = Sandbox(now=NOW)
    async with sandbox.serving() as address, tipbot_inside(sandbox, address, sqlite_url):
        await sandbox.until(lambda: bool(sandbox.calls.of("setMyCommands")), timeout=20)
        variables = environment(address, sandbox.token, sqlite_url)
        async with tipbot("run", variables=variables, folder=tmp_path) as second:
            assert await second.ends() == 1
            assert "another TipBot is running" in second.log


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"TIPBOT_TOKEN": ""}, "TIPBOT_TOKEN is missing"),
        ({"TIPBOT_TOKNE": "1"}, "TIPBOT_TOKNE is not a setting; did you mean TIPBOT_TOKEN?"),
        ({"TIPBOT_BULK_RATE": "fast"}, "TIPBOT_BULK_RATE must be a number"),
        ({"TIPBOT_TOKEN": "987654321:not-the-token-of-any-bot"}, "Telegram does not know TIPBOT_TOKEN"),
        ({"TIPBOT_DATABASE_URL": "sqlite:////nowhere/at/all/tipbot.db"}, "/nowhere/at/all"),
        ({"TIPBOT_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/tipbot"}, "the database is not available"),
        ({"TIPBOT_HTTP": "192.0.2.1:80"}, "TIPBOT_HTTP 192.0.2.1:80 cannot be listened on"),
        ({"TIPBOT_CONTENT_DIR": "."}, "clinic.toml"),
    ],
)
async def test_a_wrong_setting_stops_the_start_by_name(tmp_path: Path, change: dict[str, str], words: str) -> None:
    sandbox = Sandbox(now=NOW)
    async with sandbox.serving() as address:
        variables = environment(address, sandbox.token, f"sqlite:///{tmp_path}/tipbot.db") | change
        async with tipbot("run", variables=variables, folder=tmp_path) as process:
            assert await process.ends() in (1, 2)
    assert words in process.log
    assert "Traceback" not in process.log
    assert sandbox.token not in process.log


async def test_a_full_disk_is_survived_and_nobody_is_forgotten(sqlite_url: str, tmp_path: Path) -> None:
    """No file may grow beyond 200 KB, as on a full disk; when there is room again, everything is made up for."""
    sandbox = Sandbox(now=NOW)
    people = [sandbox.person(f"Person {number}") for number in range(40)]
    variables = environment("", sandbox.token, sqlite_url)
    async with sandbox.serving() as address:
        variables["TIPBOT_API_URL"] = address
        async with tipbot("run", variables=variables, folder=tmp_path, largest_file=200_000) as process:
            await process.says("running")
            for person in people:
                await person.sends("/start")
            await sandbox.until(lambda: all(person.last.from_bot for person in people), timeout=30)
            for person in people:
                await person.presses(person.last.labels[0][0])
            await process.says("the database is not available")
            await people[0].sends("/urgent")
            await sandbox.until(lambda: "999" in people[0].last.text, timeout=40)
            assert "Traceback" not in process.log
            await process.killed()
        async with tipbot_inside(sandbox, address, sqlite_url):
            await sandbox.quiet(timeout=40)
    assert await subscribers(sqlite_url) == len(people)


async def subscribers(database_url: str) -> int:
    database = Database(database_url)
    async with database.reading() as books:
        counts = await books.subscribers.count()
    await database.close()
    return sum(counts.values())


@asynccontextmanager
async def webhook_house(sandbox: Sandbox, database_url: str) -> AsyncIterator[str]:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    more = {
        "TIPBOT_WEBHOOK_URL": f"{here}/telegram",
        "TIPBOT_WEBHOOK_SECRET": "a-secret-of-ours",
        "TIPBOT_HTTP": f"127.0.0.1:{port}",
    }
    async with sandbox.serving() as address, tipbot_inside(sandbox, address, database_url, **more):
        await sandbox.until(lambda: bool(sandbox.calls.of("setWebhook")), timeout=20)
        yield here


async def test_updates_come_in_by_webhook_and_only_with_the_secret(database_url: str) -> None:
    sandbox = Sandbox(now=NOW)
    ann = sandbox.person("Ann")
    forged = {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}}
    async with webhook_house(sandbox, database_url) as here, aiohttp.ClientSession() as session:
        await ann.sends("/help")
        await sandbox.until(lambda: ann.last.from_bot, timeout=20)
        for secret, body, status in [
            ("wrong", json.dumps(forged), 403),
            ("a-secret-of-ours", "not json", 400),
            # Nobody can read this one: Telegram must not bring it for ever.
            ("a-secret-of-ours", json.dumps({"update_id": 2, "message": {"chat": 3}}), 200),
            ("a-secret-of-ours", "[]", 400),
            ("a-secret-of-ours", "x" * 1_000_001, 413),
        ]:
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            async with session.post(f"{here}/telegram", data=body, headers=headers) as answer:
                assert answer.status == status
        async with session.get(f"{here}/healthz") as answer:
            assert (answer.status, (await answer.json())["ok"]) == (200, True)
