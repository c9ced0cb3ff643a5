"""The three charts: subscribers with who came and left, messages by what became of them, what people liked."""

from collections.abc import Sequence

from tipbot.charts.canvas import BLUE, BOLD, FAINT, GREY, HEADING, INK, PALE, TITLE, VERMILION, Canvas, Pen
from tipbot.charts.picture import HEIGHT, WIDTH, Amount, Liking, Picture, Span

_LEFT, _RIGHT = 56, WIDTH - 56
_ROOM = _RIGHT - _LEFT
# More dates than these cannot be read side by side.
_MOST_DATES = 7
# A change of one in a thousand people must not look like a cliff.
_LEAST_RANGE = 0.08
_AIR = 12
# Pixels that a digit takes, with a little to spare.
_DIGIT = 22


def draw(picture: Picture) -> bytes:
    """Return the picture as PNG of 1080 by 1350 pixels; never on the event loop, which would wait for it."""
    return canvas_of(picture).as_png()


def canvas_of(picture: Picture) -> Canvas:
    """Return the picture before it becomes a file."""
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.text(picture.title, _LEFT, 60, Pen(TITLE, is_bold=True), room=_ROOM)
    canvas.text(picture.subtitle, _LEFT, 112, FAINT, room=_ROOM)
    _members(canvas, picture, top=152)
    _messages(canvas, picture, top=652)
    _likings(canvas, picture, top=960)
    return canvas


def _heading(canvas: Canvas, words: str, top: float) -> None:
    canvas.line([(_LEFT, top), (_RIGHT, top)], PALE, width=2)
    canvas.text(words, _LEFT, top + 42, Pen(HEADING, is_bold=True), room=_ROOM)


def _members(canvas: Canvas, picture: Picture, *, top: float) -> None:
    """Draw how many there are as a line, and below it who came, upwards, and who left, downwards."""
    _heading(canvas, picture.members, top)
    spans = picture.spans
    step = _ROOM / len(spans)
    middles = [_LEFT + step * (number + 0.5) for number in range(len(spans))]
    _line(canvas, spans, middles, top + 136, top + 212)
    _coming_and_going(canvas, picture, middles, top + 240)
    _dates(canvas, spans, middles, step, top + 470)


def _line(canvas: Canvas, spans: Sequence[Span], middles: Sequence[float], top: float, bottom: float) -> None:
    members = [span.members for span in spans]
    low, high = min(members), max(members)
    reach = max(high - low, high * _LEAST_RANGE, 1)
    middle = (low + high) / 2
    heights = [(top + bottom) / 2 - (bottom - top) * (number - middle) / reach for number in members]
    canvas.line(list(zip(middles, heights, strict=True)), INK)
    ends = ((0, "left", -14), (-1, "right", 14))
    for number, align, aside in ends[-len(spans) :]:
        x, y = middles[number], heights[number]
        canvas.mark(x, y, "o", INK, size=14)
        canvas.text(spans[number].texts[2], x + aside, y - 36, align=align, room=_ROOM / 2 - _AIR)


def _coming_and_going(canvas: Canvas, picture: Picture, middles: Sequence[float], top: float) -> None:
    _legend(canvas, picture, top + 22)
    slot = _ROOM / len(middles)
    texts = [text for span in picture.spans for text in span.texts[:2]]
    is_written = len(middles) <= _MOST_DATES and max(map(len, texts)) * _DIGIT < slot
    up, down = max(span.came for span in picture.spans), max(span.left for span in picture.spans)
    above, height = (top + 84, 80) if is_written else (top + 54, 136)
    base = above + height * (up / (up + down) if up + down else 0.5)
    width = min(slot * 0.62, 72)
    for span, middle in zip(picture.spans, middles, strict=True):
        rise, fall = (height * number / max(up + down, 1) for number in (span.came, span.left))
        canvas.bar(middle - width / 2, base - rise, width, rise, BLUE)
        canvas.bar(middle - width / 2, base, width, fall, VERMILION, is_hatched=True)
        for number, text, y in ((span.came, 0, base - rise - 22), (span.left, 1, base + fall + 22)):
            if number and is_written:
                canvas.text(span.texts[text], middle, y, align="center")
    canvas.line([(_LEFT, base), (_RIGHT, base)], GREY, width=2)


def _legend(canvas: Canvas, picture: Picture, y: float) -> None:
    canvas.mark(_LEFT + 14, y, "^", BLUE)
    width = canvas.text(picture.came, _LEFT + 38, y, Pen(colour=BLUE, is_bold=True), room=_ROOM / 2 - 60)
    at = _LEFT + 38 + width + 60
    canvas.mark(at, y, "v", VERMILION)
    canvas.text(picture.left, at + 24, y, Pen(colour=VERMILION, is_bold=True), room=_RIGHT - at - 24)


def _dates(canvas: Canvas, spans: Sequence[Span], middles: Sequence[float], step: float, y: float) -> None:
    if len(spans) <= _MOST_DATES:
        for span, middle in zip(spans, middles, strict=True):
            canvas.text(span.label, middle, y, FAINT, align="center", room=step - _AIR)
        return
    canvas.text(spans[0].label, _LEFT, y, FAINT, room=_ROOM / 2 - _AIR)
    canvas.text(spans[-1].label, _RIGHT, y, FAINT, align="right", room=_ROOM / 2 - _AIR)


def _messages(canvas: Canvas, picture: Picture, *, top: float) -> None:
    """Draw the share that arrived as one strip, and below it why the rest did not."""
    _heading(canvas, picture.messages, top)
    if picture.arrived is None:
        return
    strip = top + 82
    canvas.bar(_LEFT, strip, _ROOM, 34, VERMILION, is_hatched=True)
    canvas.bar(_LEFT, strip, _ROOM * picture.arrived, 34, BLUE)
    if not picture.lost:
        canvas.text(picture.none_lost, _LEFT, strip + 80, FAINT, room=_ROOM)
    most = max((amount.number for amount in picture.lost), default=1)
    for number, amount in enumerate(picture.lost):
        _amount(canvas, amount, most, picture, strip + 66 + number * 46)


def _amount(canvas: Canvas, amount: Amount, most: int, picture: Picture, y: float) -> None:
    begins, ends = _LEFT + 400, _RIGHT - max(len(one.text) for one in picture.lost) * _DIGIT - 2 * _AIR
    canvas.text(amount.label, _LEFT, y, room=begins - _LEFT - _AIR)
    width = max((ends - begins) * amount.number / most, 4)
    canvas.bar(begins, y - 13, width, 26, VERMILION, is_hatched=True)
    canvas.text(amount.text, begins + width + _AIR, y, room=_RIGHT - begins - width - _AIR)


def _likings(canvas: Canvas, picture: Picture, *, top: float) -> None:
    _heading(canvas, picture.liked, top)
    if not picture.likings:
        canvas.text(picture.no_likings, _LEFT, top + 100, FAINT, room=_ROOM)
    for number, liking in enumerate(picture.likings):
        _liking(canvas, liking, top + 94 + number * 74)


def _liking(canvas: Canvas, liking: Liking, y: float) -> None:
    """Draw the share of votes that liked an item; what is left of the strip are those that did not."""
    width = canvas.text(liking.text, _RIGHT, y, BOLD, align="right", room=_ROOM / 2)
    canvas.text(liking.label, _LEFT, y, room=_ROOM - width - 2 * _AIR)
    canvas.bar(_LEFT, y + 23, _ROOM, 16, VERMILION, is_hatched=True)
    canvas.bar(_LEFT, y + 23, _ROOM * liking.share, 16, BLUE)
