"""How TipBot starts on every kind of database: an older one, another bot's, one it must not or cannot use."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.content import shipped_catalogue
from tests.postgres import PostgresServer
from tests.process.running import Process, environment, tipbot, tipbot_inside, tipbot_with
from tests.process.seeding import record, seed
from tests.process.test_crashes import settled
from tests.usecases.post import letters, put
from tipbot.clock import Clock
from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId, Kind
from tipbot.sandbox import Sandbox
from tipbot.storage.database import Database
from tipbot.storage.migrations import current, downgrade, newest

pytestmark = pytest.mark.process

NOW = Clock().now
SENT = DeliveryStatus.SENT
OTHER_TOKEN = "515151:the-token-of-another-bot"  # noqa: S105 (opens nothing but the sandbox)


async def refused(*arguments: str, variables: dict[str, str], folder: Path) -> str:
    """Start a command that must end with exit code 1, without a traceback; return what it said."""
    async with tipbot(*arguments, variables=variables, folder=folder) as process:
        assert await process.ends() == 1, process.log
    assert "Traceback" not in process.log
    return process.log


EVERY_COMMAND = [("run",), ("doctor",), ("db", "upgrade"), ("db", "current")]
MOST_DIFFERENT = {"does not take the password of careful", "is not a SQLite database"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("postgresql://careful:unspeakable@localhost:{port}/tipbot", "does not take the password of careful"),
        ("postgresql://careful:unspeakable@localhost:door/tipbot", "a number for its port"),
        ("postgresql://careful:unspeakable@127.0.0.1:9/tipbot", "Is 127.0.0.1:9, which TIPBOT_DATABASE_URL names"),
        ("postgresql://guest@localhost:{port}/unspeakable_not", "there is no database called unspeakable_not"),
        ("postgresql://guest@localhost:{port}/tipbot?fallback=1", "does not know fallback"),
        ("sqlite:///{folder}", "is a folder"),
        ("sqlite:///{folder}/letter.txt", "is not a SQLite database"),
    ],
)
async def test_a_database_that_cannot_be_used_is_one_clear_line(
    guarded_postgres: PostgresServer, tmp_path: Path, path: str, words: str
) -> None:
    sandbox = Sandbox(now=NOW)
    # The commands say it in one and the same way: one case of each engine tries them all.
    commands = EVERY_COMMAND if words in MOST_DIFFERENT else EVERY_COMMAND[:2]
    async with sandbox.serving() as address, asyncio.TaskGroup() as tasks:
        said = []
        for number, command in enumerate(commands):
            # Each has a file of its own: of two at one file, one would say that the other is there.
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / "letter.txt").write_text("Dear clinic, my back is much better. " * 100)
            url = path.format(port=guarded_postgres.port, folder=folder)
            variables = environment(address, sandbox.token, url)
            said.append(tasks.create_task(refused(*command, variables=variables, folder=folder)))
    for command, log in zip(commands, [await words for words in said], strict=True):
        complaints = [line for line in log.splitlines() if "TIPBOT_DATABASE_URL" in line]
        assert len(complaints) == 1, (command, log)
        assert words in complaints[0]
        assert "unspeakable" not in log.replace("unspeakable_not", "")


async def test_upgrading_waits_for_a_stop_on_sqlite_and_looking_does_not(sqlite_url: str, tmp_path: Path) -> None:
    sandbox = Sandbox(now=NOW)
    async with sandbox.serving() as address, tipbot_with(sandbox, address, sqlite_url, tmp_path):
        variables = environment(address, sandbox.token, sqlite_url)
        assert "another TipBot is running" in await refused("db", "upgrade", variables=variables, folder=tmp_path)
        async with tipbot("db", "current", variables=variables, folder=tmp_path) as looking:
            assert await looking.ends() == 0
    assert f"revision {newest()} of {newest()}" in looking.log
    async with tipbot("db", "upgrade", variables=variables, folder=tmp_path) as upgrading:
        assert await upgrading.ends() == 0


async def test_looking_at_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    variables = environment("http://127.0.0.1:9", "1:a-token-of-no-use", f"sqlite:///{tmp_path}/absent.db")
    async with tipbot("db", "current", variables=variables, folder=tmp_path) as looking:
        assert await looking.ends() == 0
    assert f"revision none of {newest()}" in looking.log
    assert list(tmp_path.iterdir()) == []


async def read_only(process_folder: Path, url: str) -> Process:
    sandbox = Sandbox(now=NOW)
    async with sandbox.serving() as address:
        variables = environment(address, sandbox.token, url)
        async with tipbot("run", variables=variables, folder=process_folder, plain_user=1) as process:
            assert await process.ends() == 1, process.log
    assert "Traceback" not in process.log
    return process


async def test_a_file_that_cannot_be_written_to_is_named(sqlite_url: str, tmp_path: Path) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.chmod(0o444)
    process = await read_only(tmp_path, sqlite_url)
    (line,) = [line for line in process.log.splitlines() if str(file) in line]
    assert f"{file}, which TIPBOT_DATABASE_URL names, cannot be written to" in line


@pytest.mark.parametrize("name", ["alone.db", "absent.db"])
async def test_a_folder_that_cannot_be_written_to_is_named(sqlite_url: str, tmp_path: Path, name: str) -> None:
    tmp_path.chmod(0o555)
    process = await read_only(tmp_path, sqlite_url.replace("alone.db", name))
    tmp_path.chmod(0o755)
    (line,) = [line for line in process.log.splitlines() if name in line]
    assert f"{tmp_path / name}, which TIPBOT_DATABASE_URL names, cannot be used" in line
    assert "Permission denied" in line


async def test_an_older_database_is_migrated_at_start_with_all_that_is_in_it(
    database_url: str, tmp_path: Path
) -> None:
    sandbox = Sandbox(now=NOW)
    waiting, later = await seed(database_url, [NOW() + timedelta(days=1)] * 2, now=NOW())
    sandbox.person("Ann", chat_id=waiting, started=True)
    database = Database(database_url)
    tip = shipped_catalogue().shelves[ENGLISH].tips[0].id
    await put(database, [letter._replace(item=tip) for letter in letters([waiting], due_at=NOW())])
    async with database.reading() as books:
        before = {chat: await books.slots.of(ChatId(chat)) for chat in (waiting, later)}
    await downgrade(database, "0001")
    assert await current(database) == "0001"
    await database.close()
    async with sandbox.serving() as address, tipbot_with(sandbox, address, database_url, tmp_path):
        assert (await settled(database_url, 1))[waiting][0] is SENT
    assert await current(database) == newest()
    assert len(sandbox.sent_to(waiting)) == 1
    async with database.reading() as books:
        assert {chat: await books.slots.of(ChatId(chat)) for chat in (waiting, later)} == before
        assert await books.subscribers.find(ChatId(later)) is not None
        assert set(before[later]) == set(Kind)
    await database.close()


async def test_another_bots_token_cannot_take_the_database_over(database_url: str, tmp_path: Path) -> None:
    ours, other = Sandbox(now=NOW), Sandbox(now=NOW, token=OTHER_TOKEN)
    async with ours.serving() as address, tipbot_inside(ours, address, database_url):
        await ours.until(lambda: bool(ours.calls.of("setMyCommands")), timeout=20)
    (chat,) = await seed(database_url, [NOW()], now=NOW())
    async with other.serving() as address:
        variables = environment(address, other.token, database_url)
        said = await refused("run", variables=variables, folder=tmp_path)
        examined = await refused("doctor", variables=variables, folder=tmp_path)
    words = "the database belongs to bot 424242, but TIPBOT_TOKEN to bot 515151"
    assert words in said.splitlines()[-1]
    assert words in examined
    assert not other.calls.of("sendMessage")
    assert await record(database_url) == {}, "nothing was planned either"
    ours.person("Ann", chat_id=chat, started=True)
    async with ours.serving() as address, tipbot_inside(ours, address, database_url):
        assert (await settled(database_url, 1))[chat][0] is SENT


async def test_two_bots_that_start_at_once_do_not_share_a_database(
    postgres_database_url: str, tmp_path: Path
) -> None:
    sandboxes = [Sandbox(now=NOW), Sandbox(now=NOW, token=OTHER_TOKEN)]
    async with sandboxes[0].serving() as one, sandboxes[1].serving() as two:
        starts = [
            tipbot("run", variables=environment(place, box.token, postgres_database_url), folder=tmp_path)
            for place, box in zip((one, two), sandboxes, strict=True)
        ]
        async with starts[0] as first, starts[1] as second, asyncio.TaskGroup() as tasks:
            ends = [tasks.create_task(process.ends()) for process in (first, second)]
            done, still = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            assert [end.result() for end in done] == [1]
            winner, loser = (first, second) if second._code is not None else (second, first)
            assert "the database belongs to bot" in loser.log
            await winner.says("running")
            assert len(still) == 1
            await winner.killed()
