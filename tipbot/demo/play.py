"""What happens in the demo: the first day by heart, and then whatever is typed."""

import asyncio
import sys
from datetime import timedelta

from tipbot.demo.moments import read_moment
from tipbot.demo.phone import numbered
from tipbot.demo.stage import Stage
from tipbot.demo.typed import typed_lines
from tipbot.texts import Texts

LINES_OF_A_LONG_MESSAGE = 12
FARTHEST = timedelta(days=14)
YOUR_TURN = "Now you are Ann. Type to the bot; #1 presses a button, !next moves the clock on, !help tells more."
HELP = """\
Type as Ann: words, or commands such as /tip, /settings and /help.
#1 presses the first button of the newest message that has some; so do its words.
!next moves the clock on to what comes next; !+1h, !18:00, !tomorrow 09:00 or !friday 7pm to that moment.
!quit or Ctrl-D ends the demo."""
UNKNOWN_MOMENT = "That is no moment. Like this: !next  !+1h  !+2d  !18:00  !tomorrow 09:00  !friday 7pm"
TOO_FAR = f"That is too far: at most {FARTHEST.days} days at a time."


async def first_day(stage: Stage, texts: Texts) -> None:
    """Join in the morning, get the evening's stretch and the next morning's tip, and look around."""
    await stage.types("/start")
    await stage.presses(texts.button_adult)
    await stage.presses(texts.button_looks_right)
    await stage.types("/time tip 07:30")
    await stage.waits()
    await stage.waits()
    await stage.types("/stretch")
    await stage.presses(texts.button_another)
    await stage.types("/settings")
    await stage.presses(texts.button_tip)
    await stage.presses(texts.button_time)
    await stage.types("/time half past seven")
    stage.phone.most_lines = LINES_OF_A_LONG_MESSAGE
    await stage.types("/urgent")
    stage.phone.most_lines = None
    await stage.types("/pause 7")
    await stage.presses(texts.button_resume)


async def converse(stage: Stage) -> None:
    """Do what is typed, line by line, until there is no more; prompt where somebody sits at the keyboard."""
    is_watched = sys.stdin is not None and sys.stdin.isatty()
    if is_watched:
        stage.phone.tell(YOUR_TURN)
    with typed_lines() as lines:
        while line := await _next_line(stage, lines, is_watched=is_watched):
            words = line.decode(errors="replace").strip()
            if words == "!quit":
                return
            if words:
                await _do(stage, words)


async def _next_line(stage: Stage, lines: asyncio.StreamReader, *, is_watched: bool) -> bytes:
    if not is_watched:
        return await lines.readline()
    stage.phone.ask(stage.labels)
    try:
        line = await lines.readline()
        if line:
            stage.phone.take()
        return line
    finally:
        stage.phone.leave()


async def _do(stage: Stage, words: str) -> None:
    labels = stage.labels()
    known = {label.casefold(): label for label in labels}
    known |= {f"#{number}": label for number, label in enumerate(labels, start=1)}
    if label := known.get(words.casefold()):
        await stage.presses(label)
    elif words.startswith("#"):
        stage.phone.tell(f"There is no button {words}, only: {numbered(labels)}")
    elif words == "!help":
        stage.phone.tell(HELP)
    elif words == "!next":
        await stage.waits()
    elif words.startswith("!"):
        await _move(stage, words.removeprefix("!"))
    else:
        await stage.types(words)


async def _move(stage: Stage, words: str) -> None:
    now = stage.clock.now()
    moment = read_moment(words, zone=stage.phone.zone, now=now)
    if moment is None:
        stage.phone.tell(UNKNOWN_MOMENT)
    elif moment > now + FARTHEST:
        stage.phone.tell(TOO_FAR)
    else:
        await stage.waits(until=moment)
