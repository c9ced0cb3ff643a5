"""What is known of a SQLite database outside of it: a small file beside it, which no backup of it carries."""

import os
from pathlib import Path

from tipbot.domain.witness import NOTHING_SEEN, Mark
from tipbot.logs import get_logger
from tipbot.storage.database import Database

log = get_logger(__name__)


class WitnessFile:
    """A small file beside a SQLite database that is never older than the database; it blocks, so use a thread.

    On PostgreSQL, and for a database in memory, there is none.
    """

    def __init__(self, database: Database) -> None:
        name = database.url.database
        has_file = database.is_sqlite and name not in (None, "", ":memory:")
        self._path = Path(f"{name}.witness") if has_file else None

    def read(self) -> Mark | None:
        """Return what was written last, NOTHING_SEEN where that is not there, None where there is no such file."""
        if self._path is None:
            return None
        try:
            place, beats = self._path.read_text(encoding="ascii").split()
            return Mark(place, int(beats))
        except (OSError, ValueError):
            return NOTHING_SEEN

    def write(self, mark: Mark) -> None:
        """Put this in the place of what was written last, whole or not at all; a full disk is only logged."""
        if self._path is None:
            return
        new = self._path.with_name(f"{self._path.name}-new")
        try:
            with new.open("w", encoding="ascii") as file:
                file.write(f"{mark.place} {mark.beats}\n")
                file.flush()
                # Else a power cut may leave an empty file behind, which would look like a restored backup.
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            log.warning("witness_not_written", reason=error.strerror)
