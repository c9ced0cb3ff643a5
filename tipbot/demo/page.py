"""`tipbot demo`: the real bot, a Telegram of its own, and a page in the browser to be everybody at once."""

import asyncio
import logging
import os
import secrets
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console

from tipbot import app
from tipbot.clock import Clock
from tipbot.demo.cast import OPERATOR, come_back, enter
from tipbot.demo.keeping import DATABASE, Keeper, folder_of
from tipbot.demo.stagehand import Stagehand
from tipbot.domain.schedule import next_occurrence
from tipbot.domain.weekdays import WEEKLY
from tipbot.logs import configure_logs
from tipbot.sandbox import Sandbox
from tipbot.sandbox.keeping import look_up
from tipbot.sandbox.page import Cast, Page, page_application
from tipbot.settings import Settings
from tipbot.storage.database import Database
from tipbot.web.server import listening_socket, serve

HOME = "Europe/London"
HOST = "127.0.0.1"
USUAL_PORT = 8000
BOT_ID = 424242
PATIENCE_SECONDS = 60
# On a Monday after the tip: so each demo looks alike, the evening has a stretch, and the tip is the next morning's.
BEGINNING = time(14, 5)
STARTING = "Starting the bot …"
ADDRESS = "TipBot is at {address}  (Ctrl-C ends it{rest})"
GONE = "That was the real TipBot, and nothing of it is left on this machine."
KEPT = "Everything is in {folder}: `tipbot demo --keep {folder}` goes on from here."


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything of one demo that is open."""

    sandbox: Sandbox
    cast: Cast
    clock: Clock
    settings: Settings
    stagehand: Stagehand
    keeper: Keeper | None

    async def run(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Run the bot and the page until `stop` is set; raises what `app.run` raises."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(app.run(self.settings, self.clock, stop))
            performing = tasks.create_task(self._perform(listener, stop))
            await stop.wait()
            # Pages that are open wait for the next change; this is it, and the last one.
            self.sandbox.telegram.pulse.beat()
            if not self._is_open():
                performing.cancel()

    async def opened(self) -> None:
        """Wait until the bot asks for messages."""
        await self.sandbox.until(self._is_open, PATIENCE_SECONDS)

    def _is_open(self) -> bool:
        return self.sandbox.telegram.updates.polls > 0

    async def _perform(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Serve the page once the bot is there: until then there is no record, and the folder may be another's."""
        await self.opened()
        hand = self.stagehand
        page = Page(self.sandbox.telegram, self.cast, stop, hand, hand.acts())
        async with asyncio.TaskGroup() as tasks:
            helping = [tasks.create_task(hand.run())]
            if self.keeper is not None:
                helping.append(tasks.create_task(self.keeper.run()))
            await serve(page_application(page, port=listener.getsockname()[1]), listener, stop=stop)
            for task in helping:
                task.cancel()


@asynccontextmanager
async def open_demo(folder: Path, *, is_kept: bool, begins: datetime | None = None) -> AsyncIterator[Demo]:
    """Open a demo in a folder, or go on with the one that was kept there; raises NotOneOfOursError.

    A new one begins at a moment (UTC), or without one on a Monday that is near.
    """
    kept = look_up(folder) if is_kept else None
    clock = Clock(_beginning(kept, begins))
    sandbox = Sandbox(now=clock.now, token=f"{BOT_ID}:{secrets.token_urlsafe(24)}")
    cast = _people(sandbox, folder, kept)
    async with sandbox.serving() as api:
        database_url = f"sqlite:///{folder / DATABASE}"
        settings = Settings(
            token=SecretStr(sandbox.token),
            database_url=SecretStr(database_url),
            api_url=api,
            timezone=HOME,
            operators=frozenset({OPERATOR}),
        )
        database = Database(database_url)
        done = kept["more"]["tour"] if kept else ()
        stagehand = Stagehand(sandbox, clock, database, cast, done=done)

        def more() -> dict[str, Any]:
            return {"now": clock.now().isoformat(), "cast": cast.as_json(), "tour": stagehand.ticked}

        try:
            keeper = Keeper(sandbox, folder, more) if is_kept else None
            yield Demo(sandbox, cast, clock, settings, stagehand, keeper)
        finally:
            await database.close()


async def show_page(out: Console, *, port: int | None, kept: Path | None) -> None:
    """Serve the page until Ctrl-C; without a folder to keep, nothing of it stays behind.

    Raises OSError when the port asked for is taken, NotOneOfOursError, and what `app.run` raises.
    """
    listener = _listen(port)
    stop = asyncio.Event()
    app.stop_on_signals(stop)
    configure_logs("text", ())
    logging.getLogger().setLevel(logging.ERROR)
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    out.print(STARTING)
    with closing(listener), folder_of(kept) as folder:
        async with open_demo(folder, is_kept=kept is not None) as demo, asyncio.TaskGroup() as tasks:
            running = tasks.create_task(demo.run(listener, stop))
            announcing = tasks.create_task(_announce(demo, out, address, kept))
            await running
            announcing.cancel()
    out.print(GONE if kept is None else KEPT.format(folder=kept))


async def _announce(demo: Demo, out: Console, address: str, kept: Path | None) -> None:
    await demo.opened()
    out.print(ADDRESS.format(address=address, rest="" if kept else ", and nothing stays behind"))
    if has_desktop():
        await asyncio.to_thread(webbrowser.open, address)


def has_desktop() -> bool:
    """Say whether somebody sits in front of a screen of this machine."""
    if os.environ.get("SSH_CONNECTION") or os.environ.get("CI"):
        return False
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def _listen(port: int | None) -> socket.socket:
    if port is not None:
        try:
            return listening_socket(HOST, port)
        except OSError as error:
            reason = f"Port {port} of this machine is taken: choose another with --port."
            raise OSError(reason) from error
    try:
        return listening_socket(HOST, USUAL_PORT)
    except OSError:
        return listening_socket(HOST, 0)


def _beginning(kept: dict[str, Any] | None, begins: datetime | None) -> datetime:
    if kept is not None:
        return datetime.fromisoformat(kept["more"]["now"])
    return begins or next_occurrence(BEGINNING, WEEKLY, HOME, after=Clock().now(), served_on=None)


def _people(sandbox: Sandbox, folder: Path, kept: dict[str, Any] | None) -> Cast:
    if kept is None:
        return enter(sandbox)
    sandbox.restore(folder, kept)
    cast = come_back(sandbox)
    cast.restore(kept["more"]["cast"])
    return cast
