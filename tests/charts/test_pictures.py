"""The picture of the numbers: its size, that nothing on it is too small to read, and that it is drawn apart."""

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tipbot.charts import Amount, Liking, NotDrawn, Picture, Span, draw_apart
from tipbot.charts.canvas import Canvas
from tipbot.charts.drawing import canvas_of
from tipbot.charts.picture import HEIGHT, WIDTH

if TYPE_CHECKING:
    from matplotlib.text import Text

# A phone shows the picture at this width; ten pixels is the smallest that people read with ease.
PHONE, LEAST = 360, 10

WEEK = Picture(
    title="The last 7 days",
    subtitle="16/11 to 22/11",
    members="1,240 subscribers",
    came="14 came",
    left="5 left",
    spans=tuple(Span(day, number, number // 3, 1_200 + number, (str(number), "1", "1,200")) for number, day in
                enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))),
    messages="9,412 of 9,501 messages arrived",
    arrived=0.99,
    lost=(Amount("taken back", "73", 73), Amount("bot blocked", "12", 12)),
    none_lost="All of them arrived.",
    liked="Liked most, and least",
    likings=(Liking("One-knee hug \N{SPARKLES}", "94% of 51", 0.94), Liking("Chair fold", "0% of 16", 0.0)),
    no_likings="An item shows here once 10 people voted.",
)  # fmt: skip
EMPTY = replace(WEEK, spans=(Span("Sun", 0, 0, 0, ("0", "0", "0")),), arrived=None, lost=(), likings=())
MOST = "1,234,567,890"
HUGE = replace(
    WEEK,
    members=f"{MOST} subscribers",
    messages=f"{MOST} of {MOST} messages arrived, in a language with long words",
    spans=tuple(Span("24/11", 10**9, 10**8, 10**9 * day, (MOST, MOST, MOST)) for day in range(13)),
    lost=tuple(Amount("w" * 40, MOST, 10**9) for _ in range(4)),
    likings=tuple(Liking("W" * 60, f"100% of {MOST}", 1.0) for _ in range(4)),
)


def texts_of(canvas: Canvas) -> "list[Text]":
    from matplotlib.text import Text  # noqa: PLC0415 (slow to load, and every worker reads this module)

    return [text for text in canvas.figure.findobj(Text) if isinstance(text, Text) and text.get_text()]


@pytest.mark.parametrize("picture", [WEEK, EMPTY, HUGE], ids=["a week", "nothing yet", "huge"])
def test_every_word_can_be_read_on_a_phone_and_stands_on_the_picture(picture: Picture) -> None:
    canvas = canvas_of(picture)
    texts = texts_of(canvas)
    pixels = [float(text.get_fontsize()) * canvas.figure.dpi / 72 * PHONE / WIDTH for text in texts]
    assert min(pixels) >= LEAST
    boxes = [text.get_window_extent() for text in texts]
    assert all(box.x0 >= 0 and box.x1 <= WIDTH and box.y0 >= 0 and box.y1 <= HEIGHT for box in boxes)
    overlapping = [
        (one.get_text(), other.get_text())
        for number, (one, box) in enumerate(zip(texts, boxes, strict=True))
        for other, other_box in list(zip(texts, boxes, strict=True))[number + 1 :]
        if box.overlaps(other_box)
    ]
    assert overlapping == []
    assert all("\N{SPARKLES}" not in text.get_text() for text in texts), "the font has no such sign"


async def test_the_picture_is_drawn_in_a_process_of_its_own() -> None:
    png = await draw_apart(WEEK)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)
    assert len(png) > 20_000, "a blank sheet takes less"


async def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(NotDrawn):
        await draw_apart(WEEK, seconds=0.01)
