"""Reads a feed in a process of its own, which may take too long or too much memory without anybody noticing."""

import asyncio
import json
import os
import sys
from datetime import datetime
from typing import Any

from tipbot.domain.feed import FeedEntry, FeedFailure, FeedFault
from tipbot.feed.addresses import host_of
from tipbot.feed.reading import READ_SECONDS, Reading


async def read_apart(
    body: bytes, *, content_type: str, url: str, now: datetime, seconds: float = READ_SECONDS
) -> Reading:
    """Return what `read_feed` returns; whatever the bytes do, it ends after `seconds` and raises FeedFailure."""
    asked = {"content_type": content_type, "url": url, "now": now.isoformat()}
    answer = await _answer(json.dumps(asked).encode() + b"\n" + body, seconds)
    if answer is None:
        raise FeedFailure(FeedFault.TOO_HARD, host_of(url))
    if "fault" in answer:
        raise FeedFailure(FeedFault(answer["fault"]), answer["host"], answer["detail"])
    return Reading(tuple(map(_entry, answer["entries"])), tuple(answer["left_out"]))


async def _answer(question: bytes, seconds: float) -> dict[str, Any] | None:
    reader = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "tipbot.feed"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        # Neither the token nor anything else of ours; only where the code is.
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        async with asyncio.timeout(seconds):
            written, _ = await reader.communicate(question)
    except TimeoutError:
        return None
    finally:
        if reader.returncode is None:
            reader.kill()
            await reader.wait()
    answer: dict[str, Any] | None = json.loads(written) if reader.returncode == 0 else None
    return answer


def _entry(given: dict[str, Any]) -> FeedEntry:
    published = given.pop("published")
    return FeedEntry(**given, published=datetime.fromisoformat(published) if published else None)
