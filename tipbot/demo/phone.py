"""Draws a chat into the terminal as it happens: bubbles left and right, buttons below, and a prompt."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.align import Align
from rich.console import Console, Group, RenderableType
from rich.control import Control
from rich.panel import Panel
from rich.segment import ControlType
from rich.text import Text

from tipbot.preview import PHONE_WIDTH, styled
from tipbot.sandbox.events import Event
from tipbot.sandbox.formatting import Formatted, as_html
from tipbot.sandbox.messages import MEDIA

READING_SECONDS = 0.25
# The two sides of a chat stand a little apart; the frame of a bubble takes four columns.
CHAT_WIDTH, FRAME = PHONE_WIDTH + 14, 4
PROMPT = "Ann> "
COMMANDS = r"(?<!\S)/[a-z]+"
BACK_TO_MARGIN = Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2))
LINE_ABOVE = Control((ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2))


def numbered(labels: Sequence[str]) -> str:
    """Return buttons in one line, each with the number that presses it."""
    return " · ".join(f"#{number} {label}" for number, label in enumerate(labels, start=1))


class Phone:
    """Shows one person's chat by the clock of their IANA zone; `most_lines` cuts long messages short.

    It sets `stop` when nobody reads what is printed any more.
    """

    def __init__(self, out: Console, events: asyncio.Queue[Event], zone: str, stop: asyncio.Event) -> None:
        self.zone = zone
        self.most_lines: int | None = None
        self._out = out
        self._events = events
        self._stop = stop
        self._width = min(CHAT_WIDTH, out.width)
        self._choices: Callable[[], Sequence[str]] | None = None

    async def follow(self) -> None:
        """Show what happens until cancelled; where somebody watches, at a pace that can be read."""
        while True:
            self._show(await self._events.get())
            if self._out.is_terminal:
                await asyncio.sleep(READING_SECONDS)
            self._events.task_done()

    async def caught_up(self) -> None:
        """Wait until everything that has happened was shown."""
        await self._events.join()

    def tell(self, words: str) -> None:
        """Say something that is not part of the chat."""
        self._print(Text(words, style="dim"), width=self._out.width)

    def note(self, words: str) -> None:
        """Say what happens between two messages."""
        self._print(Align.center(Text(words, style="dim", justify="center"), width=self._width))

    def ask(self, choices: Callable[[], Sequence[str]]) -> None:
        """Show the buttons that can be pressed, and a prompt that stays below whatever arrives meanwhile."""
        self._choices = choices
        self._prompt(choices())

    def take(self) -> None:
        """Replace the line that was typed; it is shown as a bubble instead."""
        self._choices = None
        self._out.control(LINE_ABOVE)

    def leave(self) -> None:
        """Take a prompt away that was not answered."""
        if self._choices is not None:
            self._choices = None
            self._out.control(BACK_TO_MARGIN)

    def spoken(self, moment: datetime) -> str:
        """Return a moment as weekday and clock."""
        return f"{moment.astimezone(ZoneInfo(self.zone)):%A %H:%M}"

    def _show(self, event: Event) -> None:
        match event.kind:
            case "sent" | "edited":
                self._bubble(event.details, is_edited=event.kind == "edited")
            case "deleted":
                self.note("(a message was deleted)")
            case "toast" if event.details["text"]:
                self.note(f"({event.details['text']})")

    def _bubble(self, message: dict[str, Any], *, is_edited: bool) -> None:
        is_bot = message["from"]["is_bot"]
        moment = datetime.fromtimestamp(message["edit_date" if is_edited else "date"], UTC)
        clock = f"{moment.astimezone(ZoneInfo(self.zone)):%H:%M}" + (" (edited)" if is_edited else "")
        lines = self._wrapped(_words(message))
        bubble = Panel(
            Text("\n").join(lines),
            width=max([len(clock) + 2, *(line.cell_len for line in lines)]) + FRAME,
            subtitle=clock,
            subtitle_align="right",
            border_style="blue" if is_bot else "green",
        )
        rows = message.get("reply_markup", {}).get("inline_keyboard", ())
        buttons = [Text(" " + "  ".join(f"[ {button['text']} ]" for button in row), style="cyan") for row in rows]
        self._print(Group(bubble if is_bot else Align.right(bubble), *buttons))

    def _wrapped(self, words: Text) -> list[Text]:
        lines = list(words.wrap(self._out, min(PHONE_WIDTH, self._width) - FRAME))
        if self.most_lines is None or len(lines) <= self.most_lines:
            return lines
        rest = Text(f"… and {len(lines) - self.most_lines} more lines", style="dim")
        return [*lines[: self.most_lines], rest]

    def _print(self, what: RenderableType, *, width: int | None = None) -> None:
        if self._choices is not None:
            self._out.control(BACK_TO_MARGIN)
        self._put(what, width=width or self._width)
        if self._choices is not None:
            self._prompt(self._choices())

    def _prompt(self, choices: Sequence[str]) -> None:
        if choices:
            self._put(Text(numbered(choices), style="dim"), width=self._width)
        self._put(Text(PROMPT, style="bold green"), width=self._width, end="")

    def _put(self, what: RenderableType, *, width: int, end: str = "\n") -> None:
        try:
            self._out.print(what, width=width, end=end, soft_wrap=False)
        except SystemExit:
            # This is how rich says that a pipe was closed, as by `tipbot demo | head`; it is silent from then on.
            self._stop.set()


def _words(message: dict[str, Any]) -> Text:
    """Return what a message says; for what a terminal cannot show, what it is."""
    text = message.get("text", message.get("caption", ""))
    entities = message.get("entities", message.get("caption_entities", ()))
    words = styled(as_html(Formatted(text, tuple(entities))))
    words.highlight_regex(COMMANDS, "cyan")
    seen = [Text(f"({kind})", style="dim") for kind in MEDIA if kind in message]
    return Text("\n").join([*seen, words] if text else seen)
