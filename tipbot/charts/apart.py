"""Draws in a process of its own: in a thread, drawing would hold up every conversation for tenths of a second."""

import asyncio
import json
import os
import sys
from dataclasses import asdict

from tipbot.charts.picture import Picture

DRAW_SECONDS = 20
# Where matplotlib keeps what it knows of the fonts; nothing else of ours goes there.
_PASSED_ON = ("HOME", "MPLCONFIGDIR", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")


class NotDrawn(Exception):  # noqa: N818 (an answer: the numbers can be told in words)
    """There is no picture: drawing took too long or failed."""


async def draw_apart(picture: Picture, *, seconds: float = DRAW_SECONDS) -> bytes:
    """Return the picture as PNG; raises NotDrawn."""
    painter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "tipbot.charts"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    )
    try:
        async with asyncio.timeout(seconds):
            png, _ = await painter.communicate(json.dumps(asdict(picture)).encode())
    except TimeoutError:
        raise NotDrawn from None
    finally:
        if painter.returncode is None:
            painter.kill()
            await painter.wait()
    if painter.returncode != 0:
        raise NotDrawn
    return png
