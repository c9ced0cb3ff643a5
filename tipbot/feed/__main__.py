"""The process that `apart.py` starts: reads one feed from its input, and may not take more than its share."""

import json
import os
import resource
import sys
from dataclasses import asdict
from datetime import datetime

from tipbot.domain.feed import FeedFailure
from tipbot.feed.reading import MOST_MEMORY, READ_SECONDS, read_feed


def _answer(question: bytes) -> bytes:
    """Return the answer to a question of `read_apart`."""
    asked, _, body = question.partition(b"\n")
    given = json.loads(asked)
    now = datetime.fromisoformat(given.pop("now"))
    try:
        reading = read_feed(body, now=now, **given)
    except FeedFailure as failure:
        return json.dumps({"fault": failure.fault, "host": failure.host, "detail": failure.detail}).encode()
    entries = [asdict(entry) | {"published": _moment(entry.published)} for entry in reading.entries]
    return json.dumps({"entries": entries, "left_out": reading.left_out}).encode()


def _moment(published: datetime | None) -> str | None:
    return published.isoformat() if published else None


# People come before the feed.
os.nice(10)
# The system ends it even when its parent is killed meanwhile and cannot.
resource.setrlimit(resource.RLIMIT_CPU, (READ_SECONDS, READ_SECONDS))
resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))
