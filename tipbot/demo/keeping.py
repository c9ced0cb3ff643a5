"""Where a demo lives: a folder that is gone afterwards, or one that is kept and gone on with another day."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tipbot.sandbox import Sandbox
from tipbot.sandbox.keeping import keep

SAVE_EVERY_SECONDS = 3.0
DATABASE = "tipbot.db"


@contextmanager
def folder_of(kept: Path | None) -> Iterator[Path]:
    """Give the folder to keep, made if need be, or without one a temporary folder for the time of the block."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.absolute()
        return
    with TemporaryDirectory(prefix="tipbot-demo-") as folder:
        yield Path(folder)


class Keeper:
    """Writes the sandbox down every few seconds in which something happened, and at the end."""

    def __init__(self, sandbox: Sandbox, folder: Path, more: Callable[[], dict[str, Any]]) -> None:
        self._sandbox, self._folder, self._more = sandbox, folder, more
        self._saved = -1

    async def run(self) -> None:
        """Save until cancelled, and once more then."""
        events = self._sandbox.telegram.events
        try:
            while True:
                await self._sandbox.telegram.pulse.until(lambda: events.newest != self._saved, None)
                await asyncio.sleep(SAVE_EVERY_SECONDS)
                self.save()
        finally:
            self.save()

    def save(self) -> None:
        """Write everything down now."""
        self._saved = self._sandbox.telegram.events.newest
        keep(self._sandbox.telegram, self._folder, self._more())
