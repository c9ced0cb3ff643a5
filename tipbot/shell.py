"""What every `tipbot` command needs: settings, a database, and refusals as one clear line and an exit code."""

import gc
import os
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from tipbot import app
from tipbot.loop import run_to_end
from tipbot.settings import Settings, SettingsError, read_settings
from tipbot.storage.database import Database

out = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)

Result = TypeVar("Result")


def given_settings() -> Settings:
    """Return the settings, or end with every fault that they have."""
    try:
        return read_settings(os.environ, Path(".env"))
    except SettingsError as error:
        for problem in error.problems:
            complaints.print(escape(problem))
        raise typer.Exit(2) from None


async def with_database(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Do something with the database that the settings name, and close it."""
    database = Database(given_settings().database_url.get_secret_value())
    try:
        return await work(database)
    finally:
        await database.close()


def finish(work: Coroutine[object, object, Result]) -> Result:
    """Run to the end, and turn refusals into one clear line and an exit code."""
    # What was imported lives until the end: the garbage collector need not look through it again and again.
    gc.freeze()
    gc.enable()
    try:
        return run_to_end(work)
    except app.REFUSALS as refusal:
        raise refused(refusal) from None
    except ExceptionGroup as group:
        # The one TaskGroup wraps what ended it; a refusal among it is an answer, anything else a fault of ours.
        refusals, others = group.split(app.REFUSALS)
        if refusals is None or others is not None:
            raise
        raise refused(_first(refusals)) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    inner: BaseException = group
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return inner


def refused(reason: BaseException) -> typer.Exit:
    """Say why it was refused, and return the end with exit code 1."""
    complaints.print(escape(str(reason)))
    return typer.Exit(1)
