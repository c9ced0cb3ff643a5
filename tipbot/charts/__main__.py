"""The process that `apart.py` starts: draws the one picture that its input describes."""

import json
import resource
import sys
from typing import Any

from tipbot.charts.apart import DRAW_SECONDS
from tipbot.charts.drawing import draw
from tipbot.charts.picture import Amount, Liking, Picture, Span


def _picture(given: dict[str, Any]) -> Picture:
    given["spans"] = tuple(Span(**{**one, "texts": tuple(one["texts"])}) for one in given["spans"])
    given["lost"] = tuple(Amount(**one) for one in given["lost"])
    given["likings"] = tuple(Liking(**one) for one in given["likings"])
    return Picture(**given)


# The system ends it even when its parent is killed meanwhile and cannot.
resource.setrlimit(resource.RLIMIT_CPU, (DRAW_SECONDS, DRAW_SECONDS))
sys.stdout.buffer.write(draw(_picture(json.load(sys.stdin.buffer))))
