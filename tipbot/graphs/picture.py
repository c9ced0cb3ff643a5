"""A check as a picture to print or to hang up; matplotlib is loaded only when one is drawn."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from tipbot.domain.walking import AtEnding, AtScreen, Course, Node, unfold
from tipbot.graphs.layout import Layout, arrange
from tipbot.graphs.words import heading, is_urgent, text, ways

DOTS_PER_INCH = 130
_LETTERS = 32
_LINE = 0.17
_WIDTH = 2.75
_BETWEEN = 0.75
_MARGIN = 0.4
_SIZE = 8.5


@dataclass(frozen=True, slots=True)
class _Box:
    """The lines of a box; the first is its heading, and `choices` are the last so many of them."""

    lines: tuple[str, ...]
    choices: int

    @property
    def height(self) -> float:
        """Inches, with some air above and below."""
        return len(self.lines) * _LINE + 0.22


def draw_picture(course: Course, file: Path) -> None:
    """Write a picture of a check: buttons are numbered in the boxes, and the arrows carry the numbers."""
    from matplotlib.figure import Figure  # noqa: PLC0415 (slow to load, and only this function needs it)

    nodes = unfold(course.check, course.screens).nodes
    boxes = {str(name): _box(node) for name, node in nodes.items()}
    edges = [(str(node.id), str(way.goto)) for node in nodes.values() for way in ways(node)]
    layout = arrange(list(boxes), edges, dict.fromkeys(boxes, _WIDTH))
    tops = _tops(layout, boxes)
    width, height = layout.width + 2 * _MARGIN, -min(tops.values()) + _BETWEEN + 2 * _MARGIN + 1.2
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-_MARGIN, layout.width + _MARGIN)
    axes.set_ylim(_MARGIN - height + 0.5, _MARGIN + 0.5)
    axes.axis("off")
    axes.text(0, 0.35, f"{course.check.name} ({course.check.id})", fontsize=14, fontweight="bold")
    for node in nodes.values():
        _draw_ways(axes, node, layout, tops, boxes)
    for node in nodes.values():
        _draw_box(axes, node, boxes[str(node.id)], layout.middle[str(node.id)], tops[str(node.id)])
    figure.savefig(file, format="png", facecolor="white")


def _box(node: Node) -> _Box:
    choices = [
        line
        for number, way in enumerate(node.exits, start=1)
        for line in wrap(f"{number}  {way.says}" + (f" (+ {way.idea})" if way.idea else ""), _LETTERS)
    ]
    return _Box((*wrap(heading(node), _LETTERS), *wrap(text(node), _LETTERS), *choices), len(choices))


def _tops(layout: Layout, boxes: dict[str, _Box]) -> dict[str, float]:
    """Return the upper edge of every box and bend: each row begins below the highest box of the one above."""
    rows = sorted(set(layout.row.values()))
    top, start = {}, 0.0
    for row in rows:
        top[row] = start
        start -= max(box.height for name, box in boxes.items() if layout.row[name] == row) + _BETWEEN
    return {name: top[row] for name, row in layout.row.items()}


def _draw_box(axes: Any, node: Node, box: _Box, middle: float, top: float) -> None:  # noqa: ANN401 (matplotlib's)
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415 (see above)

    colour, edge = _colours(node)
    corner = (middle - _WIDTH / 2, top - box.height)
    axes.add_patch(
        FancyBboxPatch(corner, _WIDTH, box.height, boxstyle="round,pad=0,rounding_size=0.1", fc=colour, ec=edge)
    )
    heading_lines = len(wrap(heading(node), _LETTERS))
    for number, line in enumerate(box.lines):
        axes.text(
            corner[0] + 0.12,
            top - 0.12 - number * _LINE,
            line,
            fontsize=_SIZE,
            va="top",
            fontweight="bold" if number < heading_lines else "normal",
            color="#1d4ed8" if number >= len(box.lines) - box.choices else "black",
        )


def _draw_ways(
    axes: Any,  # noqa: ANN401 (matplotlib's)
    node: Node,
    layout: Layout,
    tops: dict[str, float],
    boxes: dict[str, _Box],
) -> None:
    """Draw the arrows of one box, side by side at its lower edge in the order of where they lead."""
    name = str(node.id)
    found = sorted(
        ways(node), key=lambda way: layout.middle[(*layout.bends[name, str(way.goto)], str(way.goto))[0]]
    )
    foot = tops[name] - boxes[name].height
    for number, way in enumerate(found, start=1):
        start = layout.middle[name] - _WIDTH / 2 + _WIDTH * number / (len(found) + 1)
        corners = [(start, foot)]
        for bend in layout.bends[name, str(way.goto)]:
            low = min(tops[one] - box.height for one, box in boxes.items() if layout.row[one] == layout.row[bend])
            corners += [(layout.middle[bend], tops[bend] + 0.1), (layout.middle[bend], low - 0.1)]
        end = (layout.middle[str(way.goto)], tops[str(way.goto)])
        axes.plot(*zip(*corners, strict=True), color="#6b7280", linewidth=1, zorder=0)
        arrow = {"arrowstyle": "-|>", "color": "#6b7280", "linewidth": 1, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", xy=end, xytext=corners[-1], arrowprops=arrow, zorder=0)
        label = ", ".join(map(str, way.numbers))
        box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "#1d4ed8", "lw": 0.6}
        axes.text(start, foot - 0.13, label, fontsize=7, ha="center", va="center", color="#1d4ed8", bbox=box)


def _colours(node: Node) -> tuple[str, str]:
    if is_urgent(node):
        return "#fde8e8", "#b91c1c"
    match node.place:
        case AtScreen():
            return "#fef3c7", "#b45309"
        case AtEnding():
            return "#e7f6ec", "#15803d"
        case _:
            return "#ffffff", "#374151"
