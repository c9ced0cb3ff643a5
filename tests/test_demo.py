"""`tipbot demo` as a process of its own: what it shows and answers, and that it leaves nothing."""

import os
import pty
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO

import pytest

from tests.content import shipped_texts
from tests.process.ordering import order
from tipbot.demo.moments import read_moment
from tipbot.domain.content import ENGLISH

TEXTS = shipped_texts()[ENGLISH]
PROMPT = b"Ann> "


def read_until(words: bytes, stdout: IO[bytes]) -> bytes:
    """Return what is printed up to and with these words, which need not end a line."""
    seen = b""
    while not seen.endswith(words):
        letter = stdout.read(1)
        assert letter, f"the demo ended before it printed {words!r}:\n{seen.decode()}"
        seen += letter
    return seen


@dataclass
class Demo:
    """A demo that was started: what it prints, what it complains of, and its number and exit code."""

    stdout: BinaryIO
    stderr: BinaryIO
    news: BinaryIO

    def __post_init__(self) -> None:
        self.pid = int(self.news.readline())
        self.code: int | None = None

    def read_until(self, words: bytes) -> bytes:
        """Return what is printed up to and with these words, which need not end a line."""
        return read_until(words, self.stdout)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.kill(self.pid, signal.SIGINT)

    def ended_well(self, folder: Path) -> str:
        """Return the rest of what it printed, once it has ended without a complaint and left nothing behind."""
        output = b"" if self.stdout.closed else self.stdout.read()
        self.code = int(self.news.readline())
        assert (self.code, self.stderr.read().decode()) == (0, "")
        assert list(folder.iterdir()) == []
        return output.decode()


@contextmanager
def demo(folder: Path, stdin: int, *arguments: str) -> Iterator[Demo]:
    """Start the demo with `folder` for everything temporary, and with CI, since nobody wants a browser opened."""
    plain = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    environment = plain | {"TMPDIR": str(folder), "CI": "true"}
    (stdout, out), (stderr, complaints), (news, ending) = os.pipe(), os.pipe(), os.pipe()
    order((os.dup(stdin), out, complaints, ending), ["demo", *arguments], environment, folder)
    with open(stdout, "rb") as output, open(stderr, "rb") as errors, open(news, "rb") as end:  # noqa: PTH123 (numbers)
        process = Demo(output, errors, end)
        try:
            yield process
        finally:
            if process.code is None:
                os.kill(process.pid, signal.SIGKILL)


@pytest.fixture
def keyboard() -> Iterator[int]:
    """A pipe into which nobody ever types."""
    reading, writing = os.pipe()
    yield reading
    os.close(reading)
    os.close(writing)


def bubble_after(words: str, output: str) -> tuple[str, str]:
    """Return the text and the lower edge of the first bubble below the line with these words."""
    lines = output.partition(words)[2].splitlines()[1:]
    end = next(number for number, line in enumerate(lines) if "╰" in line)
    return "\n".join(lines[:end]), lines[end]


@pytest.mark.process
def test_first_day_is_shown_and_typed_lines_are_answered(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    typed = tmp_path_factory.mktemp("typed") / "lines.txt"
    lines = ("/pause soon", "until i'm back", "#1", "!+11h", "!next", "#99", "!yesterday", "", "last words")
    typed.write_text("\n".join(lines))
    with typed.open("rb") as stdin, demo(tmp_path, stdin.fileno(), "--terminal") as process:
        output = process.ended_well(tmp_path)
    rehearsed, resume, improvised = output.partition(f"Ann presses [ {TEXTS.button_resume} ]")

    assert output.index("/start") < output.index(f"[ {TEXTS.button_adult} ]") < output.index("Ann presses")
    plan, edge = bubble_after(f"Ann presses [ {TEXTS.button_adult} ]", rehearsed)
    assert "09:00" in plan
    assert edge.endswith("08:40 (edited) ─╯")
    _, edge = bubble_after("the clock is moved on to Monday 18:00", rehearsed)
    assert edge.endswith("18:00 ─╯")
    _, edge = bubble_after("the clock is moved on to Tuesday 07:30", rehearsed)
    assert edge.startswith("╰")
    assert edge.endswith("07:30 ─╯")
    assert f"[ {TEXTS.button_other_time} ]" in rehearsed.partition("/time half past seven")[2]

    assert resume
    examples, _ = bubble_after("│ /pause soon │\n", improvised)
    assert "/pause 7" in examples
    assert f"Ann presses [ {TEXTS.button_until_resumed} ]" in improvised
    assert f"Ann presses [ {TEXTS.button_resume} ]" in improvised
    moments = re.findall("the clock is moved on to (.+) …", improvised)
    assert moments == ["Tuesday 18:00", "Tuesday 18:30", "Wednesday 07:30"]
    assert "There is no button #99" in improvised
    assert "That is no moment" in improvised
    assert "│ last words │" in improvised
    *_, seen, own_token = improvised.splitlines()
    assert "Monday 08:40 to Wednesday 07:30" in seen
    assert "README.md" in own_token


@pytest.mark.process
def test_interrupt_in_the_middle_of_the_day(tmp_path: Path, keyboard: int) -> None:
    with demo(tmp_path, keyboard, "--terminal") as process:
        process.read_until(b"Ann presses")
        process.interrupt()
        output = process.ended_well(tmp_path)
    assert "Monday 08:40 to Monday 08:4" in output
    assert "moved on" not in output


@pytest.mark.process
def test_reader_who_leaves_early(tmp_path: Path, keyboard: int) -> None:
    with demo(tmp_path, keyboard, "--terminal") as process:
        process.read_until(b"Ann presses")
        process.stdout.close()
        process.ended_well(tmp_path)


@pytest.mark.process
def test_prompt_on_a_terminal_until_interrupted(tmp_path: Path) -> None:
    keyboard, terminal = pty.openpty()
    try:
        with demo(tmp_path, terminal, "--terminal") as process:
            process.read_until(PROMPT)
            os.write(keyboard, b"/privacy\n")
            assert "│ /privacy │" in process.read_until(PROMPT).decode()
            process.interrupt()
            assert "README.md" in process.ended_well(tmp_path)
    finally:
        os.close(keyboard)
        os.close(terminal)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("+1h", "2026-03-28T13:30"),
        ("+90m", "2026-03-28T14:00"),
        ("+2d", "2026-03-30T12:30"),
        ("18:00", "2026-03-28T18:00"),
        ("7 pm", "2026-03-28T19:00"),
        # In London the clocks go forward in the night to 29 March 2026.
        ("12:30", "2026-03-29T11:30"),
        ("tomorrow 18:00", "2026-03-29T17:00"),
        ("Monday 09:00", "2026-03-30T08:00"),
        ("saturday 12:00", "2026-04-04T11:00"),
    ],
)
def test_moment_is_read_and_is_never_past(words: str, moment: str) -> None:
    now = datetime(2026, 3, 28, 12, 30, tzinfo=UTC)
    assert read_moment(words, zone="Europe/London", now=now) == datetime.fromisoformat(f"{moment}Z")


@pytest.mark.parametrize("words", ["", "tomorrow", "yesterday 09:00", "-1h", "+h", "+1y", "25:00", "monday"])
def test_what_is_no_moment(words: str) -> None:
    assert read_moment(words, zone="Europe/London", now=datetime(2026, 3, 28, 12, 30, tzinfo=UTC)) is None
