"""`tipbot demo`: the whole product in a browser (page.py), or with --terminal a first day as a chat right here."""

import asyncio
import logging
from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from rich.console import Console

from tipbot import app
from tipbot.clock import Clock
from tipbot.demo.phone import Phone
from tipbot.demo.play import converse, first_day
from tipbot.demo.stage import Stage
from tipbot.domain.content import ENGLISH
from tipbot.domain.schedule import next_occurrence
from tipbot.domain.weekdays import WEEKLY
from tipbot.logs import configure_logs
from tipbot.sandbox import Sandbox
from tipbot.settings import Settings
from tipbot.shipped import shipped
from tipbot.storage.database import Database
from tipbot.texts import Texts

HOME = "Europe/London"
# On a Monday, before the first tip is due: so each demo looks alike, and the evening has a stretch.
BEGINNING = time(8, 40)
WELCOME = "Ann, in London, opens a chat with TipBot. The bot is the real one; its Telegram is on this machine."
OWN_TOKEN = "Put a token of your own into .env (see README.md), and `tipbot run` is live."  # noqa: S105 (no token)


async def show(out: Console) -> None:
    """Play a first day, then let whoever sits there type to the bot until they quit; nothing of it stays behind.

    Input that is piped in is typed line by line. Ctrl-C ends it at any time. Raises what `app.run` raises.
    """
    stop = asyncio.Event()
    app.stop_on_signals(stop)
    configure_logs("text", ())
    logging.getLogger().setLevel(logging.WARNING)
    clock = Clock()
    clock.move_to(next_occurrence(BEGINNING, WEEKLY, HOME, after=clock.now(), served_on=None))
    with TemporaryDirectory(prefix="tipbot-demo-") as folder:
        sandbox = Sandbox(now=clock.now)
        async with sandbox.serving() as address:
            settings = Settings(
                token=SecretStr(sandbox.token),
                database_url=SecretStr(f"sqlite:///{Path(folder) / 'tipbot.db'}"),
                api_url=address,
                timezone=HOME,
            )
            database = Database(settings.database_url.get_secret_value())
            try:
                with sandbox.telegram.events.subscription() as events:
                    stage = Stage(sandbox, clock, database, Phone(out, events, HOME, stop))
                    await _perform(stage, settings, stop)
            finally:
                await database.close()


async def _perform(stage: Stage, settings: Settings, stop: asyncio.Event) -> None:
    """Run the bot, the telephone and the play, until the play is over or `stop` is set."""
    _, texts = app.read_content(shipped("content"))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(app.run(settings, stage.clock, stop))
        following = tasks.create_task(stage.phone.follow())
        playing = tasks.create_task(_play(stage, texts[ENGLISH], stop))
        await stop.wait()
        playing.cancel()
        following.cancel()
    stage.phone.tell(stage.summary())
    stage.phone.tell(OWN_TOKEN)


async def _play(stage: Stage, texts: Texts, stop: asyncio.Event) -> None:
    stage.phone.tell(WELCOME)
    await stage.opens()
    await first_day(stage, texts)
    await converse(stage)
    stop.set()
