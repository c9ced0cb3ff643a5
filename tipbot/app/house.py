"""What a process needs before anything runs: content and database, and a reason where they do not fit."""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tipbot.bot.service import TelegramUnreachable, TokenRefused
from tipbot.catalogue import Catalogue
from tipbot.clock import Clock
from tipbot.domain.content import Language
from tipbot.domain.faults import ContentFaults
from tipbot.logs import get_logger
from tipbot.settings import Settings
from tipbot.shipped import shipped
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageRefused, StorageUnavailable
from tipbot.storage.leadership import ProcessLock
from tipbot.storage.migrations import upgrade
from tipbot.texts import Texts
from tipbot.usecases.booking import BookingLinks, CountPresses
from tipbot.usecases.library import Library
from tipbot.usecases.reloading import Reload, read_folder
from tipbot.usecases.retiring import Retire
from tipbot.usecases.tallying import CountChecks

log = get_logger(__name__)


class StartRefused(Exception):  # noqa: N818 (an answer to whoever starts TipBot)
    """TipBot cannot start as it is set up; the text says what to change."""


# What may stop a start, each with a text for whoever runs TipBot.
REFUSALS = (ContentFaults, StartRefused, StorageRefused, StorageUnavailable, TokenRefused, TelegramUnreachable)


@dataclass(frozen=True, slots=True)
class House:
    """Everything a process needs that does not run by itself."""

    settings: Settings
    clock: Clock
    database: Database
    library: Library
    texts: Mapping[Language, Texts]
    links: BookingLinks
    presses: CountPresses
    reload: Reload
    retire: Retire
    check_counts: CountChecks


def read_content(folder: Path) -> tuple[Library, Mapping[Language, Texts]]:
    """Return the content and the bot's sentences; raises ContentFaults with every fault of both.

    Files that nobody has touched since are not read and checked again.
    """
    library = Library(*_read(folder, _state(folder)))
    return library, library.texts


def _state(folder: Path) -> frozenset[tuple[Path, int, int]]:
    """Return what changes whenever a file below the folder does."""
    state = set()
    for path in folder.rglob("*"):
        with suppress(OSError):  # one that cannot be looked at is a fault for those who read it
            status = path.stat()
            state.add((path, status.st_mtime_ns, status.st_size))
    return frozenset(state)


@lru_cache(maxsize=1)
def _read(folder: Path, _: frozenset[tuple[Path, int, int]]) -> tuple[Catalogue, Mapping[Language, Texts]]:
    return read_folder(folder)


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock) -> AsyncIterator[House]:
    """Read the content, take the database and bring it up to date.

    Raises ContentFaults, StorageRefused or StorageUnavailable.
    """
    read_at = clock.now()
    library, texts = read_content(settings.content_dir or shipped("content"))
    database = Database(settings.database_url.get_secret_value())
    with ProcessLock(database):
        try:
            revision = await upgrade(database)
            log.info("database_ready", revision=revision, engine=database.url.get_backend_name())
            if database.is_sqlite:
                await _own_up(database, clock)
            links = BookingLinks(library, public_url=settings.public_url)
            presses, retire = CountPresses(database), Retire(database, library)
            reload = Reload(database, library, settings.content_dir, read_at=read_at, machine=socket.gethostname())
            await retire.notice(now=clock.now())
            checks = CountChecks(database)
            yield House(settings, clock, database, library, texts, links, presses, reload, retire, checks)
        finally:
            await database.close()


async def _own_up(database: Database, clock: Clock) -> None:
    """Call unknown what the last process had in the air: on SQLite nobody else can still be sending it."""
    async with database.writing() as books:
        unknown = await books.outbox.give_up_leases(now=clock.now(), everyone=True)
    if unknown:
        log.warning("deliveries_unknown_after_crash", deliveries=unknown)
