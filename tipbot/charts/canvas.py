"""A sheet of paper measured in pixels; matplotlib is loaded only when somebody draws."""

import unicodedata
from io import BytesIO
from typing import Any, NamedTuple

INK, GREY, PALE = "#1f2933", "#52606d", "#e4e7eb"
# Blue and vermilion are told apart by colour-blind people; the hatching and the triangles say the same again.
BLUE, VERMILION = "#0072b2", "#d55e00"
# Of a third of this size, as on a phone 360 pixels wide, people can still read the smallest.
TITLE, HEADING, TEXT = 46, 38, 32
_DOTS_PER_INCH = 100
_POINTS_PER_INCH = 72
_ELLIPSIS = "…"


class Pen(NamedTuple):
    """How words look; `size` in pixels."""

    size: int = TEXT
    colour: str = INK
    is_bold: bool = False


PLAIN, FAINT, BOLD = Pen(), Pen(colour=GREY), Pen(is_bold=True)


class Canvas:
    """Draws by pixels from the upper left corner, and keeps every text inside the room it is given."""

    def __init__(self, width: int, height: int) -> None:
        # Neither pyplot nor its global state: several threads may draw.
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 (slow to load)
        from matplotlib.figure import Figure  # noqa: PLC0415 (same)

        self.figure = Figure(figsize=(width / _DOTS_PER_INCH, height / _DOTS_PER_INCH), dpi=_DOTS_PER_INCH)
        FigureCanvasAgg(self.figure)
        self._axes: Any = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.axis("off")

    def text(
        self, words: str, x: float, y: float, pen: Pen = PLAIN, *, align: str = "left", room: float | None = None
    ) -> float:
        """Write words with their middle at the height `y`; return how wide they are, at most `room`.

        What is too long is written smaller first, and cut only where it would become too small to read.
        """
        written = self._axes.text(
            x,
            y,
            drawable(words),
            fontsize=pen.size * _POINTS_PER_INCH / _DOTS_PER_INCH,
            fontweight="bold" if pen.is_bold else "normal",
            color=pen.colour,
            ha=align,
            va="center",
            parse_math=False,
        )
        width = float(written.get_window_extent().width)
        if room is not None and width > room and pen.size > TEXT:
            written.set_fontsize(max(TEXT, pen.size * room / width) * _POINTS_PER_INCH / _DOTS_PER_INCH)
            width = float(written.get_window_extent().width)
        while room is not None and width > room and len(written.get_text()) > 1:
            kept = written.get_text().removesuffix(_ELLIPSIS)
            keep = min(len(kept) - 1, int(len(kept) * room / width))
            written.set_text(kept[: max(keep, 1)].rstrip() + _ELLIPSIS)
            width = float(written.get_window_extent().width)
        return width

    def bar(
        self, x: float, y: float, width: float, height: float, colour: str, *, is_hatched: bool = False
    ) -> None:
        """Fill a rectangle; a hatched one is told from a plain one without its colour."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415 (see above)

        hatch = {"hatch": "//", "edgecolor": "white", "linewidth": 0} if is_hatched else {"linewidth": 0}
        self._axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, **hatch))

    def line(self, points: list[tuple[float, float]], colour: str, *, width: float = 5) -> None:
        """Draw a line through points."""
        self._axes.plot(*zip(*points, strict=True), color=colour, linewidth=width, solid_joinstyle="round")

    def mark(self, x: float, y: float, shape: str, colour: str, *, size: float = 18) -> None:
        """Draw a small mark: "o", "^" or "v"."""
        self._axes.plot([x], [y], marker=shape, color=colour, markersize=size, linestyle="none")

    def as_png(self) -> bytes:
        """Return the sheet as PNG."""
        file = BytesIO()
        self.figure.savefig(file, format="png", facecolor="white")
        return file.getvalue()


def drawable(words: str) -> str:
    """Return words without the signs that the font lacks, emoji for instance, which would be drawn as boxes."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415 (see above)

    known = get_font(findfont("DejaVu Sans")).get_charmap()
    return "".join(letter for letter in unicodedata.normalize("NFKC", words) if ord(letter) in known).strip()
