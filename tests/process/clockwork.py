"""A time that tests move on: everybody goes by it, and one process's own clock can also be wrong."""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from tipbot.clock import Clock

_LAYOUT = struct.Struct("dd")
_RIGHT = Clock().now


class Clockwork:
    """Tells the time in UTC; how far it was moved stands in a file that other processes share."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_LAYOUT.pack(0, 0))
        self.path = path
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _LAYOUT.size)

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        return cls(folder / "clockwork")

    def now(self) -> datetime:
        """Return the moment it is."""
        ahead, _ = _LAYOUT.unpack_from(self._shared)
        return _RIGHT() + timedelta(seconds=ahead)

    def shown(self) -> datetime:
        """Return what the clocks of the processes show, right or wrong."""
        ahead, wrong = _LAYOUT.unpack_from(self._shared)
        return _RIGHT() + timedelta(seconds=ahead + wrong)

    def move_on(self, step: timedelta) -> None:
        """Let so much time pass for everybody."""
        ahead, wrong = _LAYOUT.unpack_from(self._shared)
        _LAYOUT.pack_into(self._shared, 0, ahead + max(step.total_seconds(), 0), wrong)

    def go_wrong(self, by: timedelta) -> None:
        """Let the clocks of the processes be ahead of the time, or behind it; zero puts them right."""
        ahead, _ = _LAYOUT.unpack_from(self._shared)
        _LAYOUT.pack_into(self._shared, 0, ahead, by.total_seconds())


def go_by(path: str) -> None:
    """Let every clock of this process show the time of a clockwork."""
    shared = Clockwork(Path(path))

    def now(_: Clock) -> datetime:
        return shared.shown()

    setattr(Clock, "now", now)  # noqa: B010 (mypy would not let it be assigned)
