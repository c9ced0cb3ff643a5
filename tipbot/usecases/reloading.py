"""Content read anew while everything runs: checked as a whole, and taken in as a whole or not at all."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tipbot.catalogue import Catalogue, load_catalogue
from tipbot.domain.alarms import Alarm, ContentBroken
from tipbot.domain.content import Language
from tipbot.domain.faults import ContentFaults, Fault
from tipbot.domain.operators import Right
from tipbot.logs import get_logger
from tipbot.storage.audit import Deed
from tipbot.storage.database import Database
from tipbot.texts import Texts, load_texts
from tipbot.usecases.changes import Changes, changes_between
from tipbot.usecases.errors import NothingToReload
from tipbot.usecases.library import Library
from tipbot.usecases.replacing import Replace
from tipbot.usecases.staffing import allowed

log = get_logger(__name__)

# The chore by which the other processes notice.
RELOAD = "reload"
# Machines' clocks may differ by so much when one says that another reloaded before or after it started.
CLOCKS_APART = timedelta(minutes=1)

Loaded = TypeVar("Loaded")


def read_folder(folder: Path) -> tuple[Catalogue, Mapping[Language, Texts]]:
    """Return the advice and the bot's sentences; raises ContentFaults with every fault of both."""
    catalogue, faults = _read(load_catalogue, folder)
    texts, more = _read(load_texts, folder)
    if catalogue is None or texts is None:
        raise ContentFaults((*faults, *more))
    return catalogue, texts


def _read(load: Callable[[Path], Loaded], folder: Path) -> tuple[Loaded | None, tuple[Fault, ...]]:
    try:
        return load(folder), ()
    except ContentFaults as found:
        return None, found.faults


class Reload:
    """Reads the content folder in a thread beside the event loop; what is wrong with it changes nothing.

    `folder` is None where the content is the one that came with TipBot. `read_at` (UTC) is when the library in
    use was read, `machine` the name by which operators know where this process runs.
    """

    def __init__(
        self, database: Database, library: Library, folder: Path | None, *, read_at: datetime, machine: str = ""
    ) -> None:
        self._database, self._library, self._folder = database, library, folder
        self._read_at, self._machine = read_at, machine
        self._replace = Replace(database, library)
        self._turn = asyncio.Lock()
        self._seen: datetime | None = None

    async def reload(self, *, operator: int, now: datetime) -> Changes:
        """Take the content in as it is now, tell the other processes, and return what differs from before.

        Raises NotAllowed, NothingToReload, or ContentFaults, which is noted and changes nothing.
        """
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEND)
        if self._folder is None:
            raise NothingToReload
        async with self._turn:
            try:
                catalogue, texts = await asyncio.to_thread(read_folder, self._folder)
            except ContentFaults as found:
                await self._note_faults(found, operator, now)
                raise
            async with self._database.writing() as books:
                await allowed(books, operator, Right.SEND)
                await books.audit.note(Deed(operator, "content-reloaded", "", now))
                await books.chores.note(RELOAD, now=now)
            changes = self._take_in(catalogue, texts)
            self._seen = now
        await self._replace.replace(changes.gone, now=now)
        return changes

    async def _note_faults(self, found: ContentFaults, operator: int, now: datetime) -> None:
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            await books.audit.note(Deed(operator, "content-refused", f"{len(found.faults)} faults", now))

    def _take_in(self, catalogue: Catalogue, texts: Mapping[Language, Texts]) -> Changes:
        old = self._library.edition
        changes = changes_between(old.written, catalogue, old.texts, texts)
        if changes:
            self._library.take_in(catalogue, texts)
        log.info("content_reloaded", has_changed=bool(changes), gone=len(changes.gone))
        return changes

    async def notice(self, alarm: Callable[[Alarm], None], *, now: datetime) -> None:
        """Read the folder too when another process was told to; what is wrong with it here rings the alarm."""
        async with self._database.reading() as books:
            asked_at = await books.chores.last(RELOAD)
        if asked_at is None or asked_at == self._seen or self._folder is None:
            return
        async with self._turn:
            is_known = asked_at == self._seen
            is_old = self._seen is None and asked_at < self._read_at - CLOCKS_APART
            self._seen = asked_at
            if is_known or is_old:
                return
            try:
                changes = self._take_in(*await asyncio.to_thread(read_folder, self._folder))
            except ContentFaults as found:
                alarm(ContentBroken(self._machine, len(found.faults), str(found.faults[0]), asked_at))
                return
        await self._replace.replace(changes.gone, now=now)
