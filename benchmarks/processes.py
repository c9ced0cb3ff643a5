"""Everything that is started here is ended here, by its own number, whatever happens."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Any, Self

CHECKOUT = Path(__file__).parents[1]


class Failed(Exception):  # noqa: N818 (what became of a measurement)
    """A process did not do what it was started for; the text says why."""


class Nursery:
    """Knows every process that runs, so that none is left behind."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def start(
        self, command: Sequence[str], errors: IO[str] | int, folder: Path = CHECKOUT
    ) -> subprocess.Popen[str]:
        """Start a process that is spoken to in lines."""
        with self._lock:
            if self._is_closed:
                raise Failed("stopped")
            process = subprocess.Popen(
                command,
                text=True,
                cwd=folder,
                env=_plain(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
            self._running.add(process)
        return process

    def end(self, process: subprocess.Popen[str]) -> None:
        """Kill a process, if it still runs, and let go of it."""
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()
        with self._lock:
            self._running.discard(process)

    def close(self) -> None:
        """Kill whatever still runs, and start nothing more."""
        with self._lock:
            self._is_closed = True
            for process in self._running:
                process.kill()


def end_on_signals() -> None:
    """Let a wish to end be an exception, so that everything is tidied up."""

    def end(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _plain() -> Mapping[str, str]:
    """Return the environment without the settings of a TipBot that may be at home here."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TIPBOT_")}
    return plain | {"PYTHONPATH": str(CHECKOUT)}


class Run:
    """A runner: see peers/contract.py for what it is told and what it prints."""

    def __init__(self, nursery: Nursery, command: Sequence[str], folder: Path) -> None:
        self._nursery = nursery
        self._errors = folder / "errors.txt"
        with self._errors.open("a") as errors:
            # Some leave files of their own wherever they are started.
            self._process = nursery.start(command, errors, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._nursery.end(self._process)

    def wait_until_ready(self) -> None:
        """Return when it could begin; raises Failed if it ends instead."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.strip() == "ready":
                return
        raise Failed(self._last_words())

    def begin(self) -> None:
        """Let it send."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """Pull the plug."""
        self._process.kill()
        self._process.wait()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def end(self) -> dict[str, Any]:
        """Return everything it said when it has ended; raises Failed if that was before its work was done."""
        assert self._process.stdout is not None
        said: dict[str, Any] = {}
        for line in self._process.stdout:
            if line.startswith("{"):
                said |= json.loads(line)
        self._process.wait()
        if "cpu_seconds" not in said:
            raise Failed(self._last_words())
        return said

    def _last_words(self) -> str:
        if self._process.poll() == -signal.SIGALRM:
            return "its time was over"
        lines = [line for line in self._errors.read_text().splitlines() if line.strip()]
        return lines[-1][:200] if lines else f"ended with {self._process.poll()}"
