"""A time that tests move on: everybody goes by it, and one process's own clock can also be wrong."""

import mmap
import struct
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import apscheduler.schedulers.base

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
    """Let every clock of this process show the time of a clockwork, that of the scheduler as well."""
    shared = Clockwork(Path(path))
    show(shared.shown)


def show(moment: Callable[[], datetime]) -> None:
    """Let every clock of this process show this moment."""

    class Shown(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moment().timestamp(), tz)

    # By name: mypy would not let them be assigned.
    setattr(Clock, "now", lambda _: moment())  # noqa: B010
    setattr(apscheduler.schedulers.base, "datetime", Shown)  # noqa: B010
