"""`tipbot demo` without a browser: the clock that is moved on, the crowd, what is kept, and an orderly end."""

import asyncio
import json
import os
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.page.conftest import Watch
from tests.test_demo import demo as process_of_demo
from tipbot.cli import main
from tipbot.clock import Clock
from tipbot.demo.crowd import crowd_size, gather
from tipbot.demo.moving import FARTHEST, NOTHING_COMES, TOO_FAR
from tipbot.demo.page import Demo, open_demo
from tipbot.demo.tour import RULES, read_steps
from tipbot.domain.subscribers import ChatId, Status
from tipbot.sandbox import Kind, Sandbox
from tipbot.sandbox.keeping import NotOneOfOursError, keep, look_up
from tipbot.sandbox.page import Cast
from tipbot.storage.database import Database
from tipbot.web.server import listening_socket

ANN, BEN, CHARLOTTE, GROUP = 1001, 1002, 1003, -4001


@asynccontextmanager
async def running(folder: Path, *, is_kept: bool = False) -> AsyncIterator[Demo]:
    """Run a demo without anybody at its page."""
    stop, listener = asyncio.Event(), listening_socket("127.0.0.1", 0)
    async with open_demo(folder, is_kept=is_kept) as demo, asyncio.TaskGroup() as tasks:
        tasks.create_task(demo.run(listener, stop))
        await demo.opened()
        try:
            yield demo
        finally:
            stop.set()


async def subscribes(demo: Demo, number: int, *words: str) -> None:
    person = demo.cast.player(number).person
    for said in ("/start", *words):
        await person.sends(said)
        await demo.sandbox.quiet()
        if said == "/start":
            await person.presses(person.last.labels[0][0])
            await demo.sandbox.quiet()


async def moved(demo: Demo, to: str, number: int = ANN) -> str:
    """Move the clock on as the page does, and return what the bar says afterwards."""
    await demo.stagehand.acts()["clock"]({"person": number, "chat": number, "to": to})
    await demo.sandbox.until(lambda: demo.stagehand.state()["moving_to"] is None, 30)
    return str(demo.stagehand.state()["word"])


def times(demo: Demo, number: int) -> list[str]:
    """Return when messages of the bot came to somebody (UTC), those while they subscribed left out."""
    dates = [message.date for message in demo.sandbox.telegram.messages.sent(number)]
    moments = (datetime.fromtimestamp(date, UTC) for date in dates)
    return [f"{moment:%a %H:%M}" for moment in moments if f"{moment:%H:%M}" != "14:05"]


async def test_the_clock_stops_wherever_something_is_due(tmp_path: Path) -> None:
    async with running(tmp_path) as demo:
        assert await moved(demo, "next") == NOTHING_COMES
        assert await moved(demo, f"+{FARTHEST.days + 1}d") == TOO_FAR
        await subscribes(demo, ANN, "/time tip 7:30")
        await subscribes(demo, BEN, "/timezone new york")
        before = demo.clock.now()
        assert await moved(demo, "tomorrow 12:00") == ""
        # Two people in two zones: each message came at its own moment, and none was too late to be sent.
        assert times(demo, ANN) == ["Mon 18:00", "Tue 07:30"]
        assert times(demo, BEN) == ["Mon 23:00"]
        assert f"{demo.clock.now():%a %H:%M}" == "Tue 12:00"
        assert await moved(demo, "next", BEN) == ""
        assert times(demo, BEN) == ["Mon 23:00", "Tue 14:00"]
        assert demo.clock.now() > before
        await demo.sandbox.until(lambda: len(demo.stagehand.ticked) == 3, 30)
        done = [step["title"] for step in demo.stagehand.state()["tour"] if step["done"]]
        assert done == ["Subscribe", "Change the time", "The next morning"]


async def test_a_demo_that_was_kept_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path, is_kept=True) as demo:
        await subscribes(demo, ANN, "/time tip 7:30")
        await demo.sandbox.quiet()
        await moved(demo, "+1h")
        demo.cast.moves(demo.cast.player(BEN), "Tokyo")
        await demo.cast.player(ANN).person.sends_photo()
        await demo.sandbox.quiet()
        heard = [message.text for message in demo.cast.player(ANN).person.screen]
        ended = demo.clock.now()
    async with running(tmp_path, is_kept=True) as demo:
        assert timedelta(0) <= demo.clock.now() - ended < timedelta(seconds=30)
        ann = demo.cast.player(ANN).person
        assert [message.text for message in ann.screen] == heard
        assert demo.cast.player(BEN).city.name == "Tokyo"
        assert ann.menu
        await moved(demo, "next")
        assert times(demo, ANN)[-1] == "Mon 18:00"
        picture = next(message for message in ann.screen if message.media == "photo")
        file = demo.sandbox.telegram.files.known(picture.content["photo"][-1]["file_id"])
        assert file is not None
        assert file.data.startswith(b"\x89PNG")


def test_a_sandbox_comes_back_as_it_was(tmp_path: Path) -> None:
    watch = Watch()
    sandbox = Sandbox(now=watch)
    ann = sandbox.person("Ann", started=True)
    group = sandbox.group("Team", administrators=[ann])

    async def live() -> None:
        first = await ann.sends("one")
        await ann.sends("two", reply_to=first)
        await ann.deletes(first)
        await group.migrate()
        await ann.blocks()

    asyncio.run(live())
    keep(sandbox.telegram, tmp_path, {"now": "then"})
    kept = look_up(tmp_path)
    assert kept is not None
    assert kept["more"] == {"now": "then"}
    again = Sandbox(now=watch)
    again.restore(tmp_path, kept)
    assert [message.text for message in again.known(ann.chat_id).screen] == ["two"]
    assert again.known(ann.chat_id).chat.bot_standing == "kicked"
    assert again.known_group(GROUP).chat.kind == "supergroup"
    waiting = [update.as_json() for update in sandbox.telegram.updates.waiting()]
    assert [update.as_json() for update in again.telegram.updates.waiting()] == waiting
    assert again.telegram.messages.next_id() == sandbox.telegram.messages.next_id()
    assert again.person("Somebody new").chat_id != ann.chat_id


@pytest.mark.parametrize("words", ["", "[]", "{}", '{"version": 99}', '{"version": 1'])
def test_a_folder_of_something_else_is_refused(tmp_path: Path, words: str) -> None:
    assert look_up(tmp_path) is None
    (tmp_path / "telegram.json").write_text(words)
    with pytest.raises(NotOneOfOursError, match=r"telegram\.json"):
        look_up(tmp_path)


async def test_the_crowd_is_in_the_record_and_some_are_out_of_reach(sqlite_url: str) -> None:
    sandbox, database = Sandbox(now=Clock().now), Database(sqlite_url)
    now = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    await gather(sandbox, database, "1", now=now, size=500)
    async with database.reading() as books:
        assert await books.subscribers.count() == {Status.ACTIVE: 500}
        assert await books.slots.next_due() is None
        rows = await books.personal.rows_of(ChatId(500_000))
    assert [len(rows[table]) for table in ("subscribers", "slots", "consents")] == [1, 2, 2]
    assert crowd_size(sandbox) == 500
    chats = sandbox.telegram.chats.values()
    assert sum(chat.bot_standing == "kicked" for chat in chats) == 12
    assert sum(chat.deactivated for chat in chats) == 2
    await gather(sandbox, database, "1", now=now, size=1)
    assert crowd_size(sandbox) == 501
    await database.close()


def test_every_step_of_the_tour_has_its_rule() -> None:
    steps = read_steps()
    assert [step.rule for step in steps] == list(RULES)
    assert {step.chat for step in steps} == {ANN, CHARLOTTE}


async def test_while_everything_fails_the_clock_waits_and_can_be_halted(tmp_path: Path) -> None:
    async with running(tmp_path) as demo:
        await subscribes(demo, ANN)
        demo.sandbox.faults.add(Kind.HANG_BEFORE, "sendMessage", times=None)
        acts = demo.stagehand.acts()
        await acts["clock"]({"person": ANN, "chat": ANN, "to": "tomorrow 12:00"})
        await demo.sandbox.until(lambda: f"{demo.clock.now():%H:%M}" == "18:00", 30)
        await acts["clock"]({"person": ANN, "chat": ANN, "to": "+1d"})
        await acts["halt"]({})
        demo.sandbox.faults.clear()
        await demo.sandbox.until(lambda: demo.stagehand.state()["moving_to"] is None, 30)
        assert f"{demo.clock.now():%a %H:%M}" == "Mon 18:00"


@pytest.mark.process
def test_the_page_is_served_until_ctrl_c_and_nothing_stays(tmp_path: Path) -> None:
    with open(os.devnull, "rb") as nobody, process_of_demo(tmp_path, nobody.fileno()) as process:  # noqa: PTH123
        said = process.read_until(b" (Ctrl-C").decode()
        address = said[said.index("http://127.0.0.1:") : said.index("  (")]
        with urllib.request.urlopen(f"{address}/api/state") as answer:  # noqa: S310 (our own loopback)
            assert json.load(answer)["bot"]["name"] == "TipBot"
        with urllib.request.urlopen(f"{address}/api/changes"):  # noqa: S310 (a stream that is open)
            process.interrupt()
            process.ended_well(tmp_path)


def test_a_port_that_is_taken_is_one_clear_line() -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        ended = CliRunner().invoke(main, ["demo", "--port", port])
    assert ended.exit_code == 1
    assert ended.stderr == f"Port {port} of this machine is taken: choose another with --port.\n"


def test_a_player_goes_only_to_cities_that_are_known() -> None:
    with pytest.raises(LookupError):
        Cast(Sandbox(now=Clock().now).telegram, []).player(ANN)
