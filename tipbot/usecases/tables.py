"""What became of each recipient of a broadcast, as a table that opens in any spreadsheet program."""

import csv
import io
from collections.abc import AsyncIterator, Sequence

from tipbot.storage.broadcast_deliveries import Line

HEADING = ("chat_id", "zone", "status", "time_utc", "message_id", "attempts", "reason")
# A file of so many lines is far below what a bot may send (50 MB), and opens on any computer.
LINES_A_FILE = 200_000
# What a spreadsheet program would take for a formula, which could do anything on the reader's computer (OWASP).
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_NEVER = "not sent"


async def files_of(lines: AsyncIterator[list[Line]]) -> AsyncIterator[bytes]:
    """Yield the table, cut into files of at most 200,000 lines; nothing for no lines."""
    pieces, inside = [heading()], 0
    async for batch in lines:
        pieces.append(written(batch))
        inside += len(batch)
        if inside >= LINES_A_FILE:
            yield b"".join(pieces)
            pieces, inside = [heading()], 0
    if inside:
        yield b"".join(pieces)


def written(lines: Sequence[Line]) -> bytes:
    """Return lines of the table in UTF-8, without the heading; numbers stay numbers."""
    return _written([_cells(line) for line in lines])


def heading() -> bytes:
    """Return the heading of the table."""
    return _written([HEADING])


def _cells(line: Line) -> tuple[object, ...]:
    return (
        int(line.chat_id),
        _safe(line.zone),
        _NEVER if line.status is None else line.status.value,
        "" if line.at is None else f"{line.at:%Y-%m-%d %H:%M:%S}",
        line.message_id,
        line.attempts,
        _safe(line.reason or ""),
    )


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _written(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
