"""Where the boxes of a drawing stand: in rows by how far from the start they are, with few crossings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Edge = tuple[str, str]

GAP = 0.35
"""Inches between two boxes of a row."""
_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """`middle` is where each box stands across (inches), `row` how far down, `bends` an arrow's corners."""

    middle: Mapping[str, float]
    row: Mapping[str, int]
    bends: Mapping[Edge, tuple[str, ...]]
    width: float


def arrange(nodes: Sequence[str], edges: Sequence[Edge], widths: Mapping[str, float]) -> Layout:
    """Lay out a drawing without circles; an arrow over several rows gets a place of its own in each."""
    row = _rows(nodes, edges)
    bends: dict[Edge, tuple[str, ...]] = {}
    pieces: list[Edge] = []
    for start, end in edges:
        between = tuple(f"{start}>{end}>{number}" for number in range(row[start] + 1, row[end]))
        row |= {name: row[start] + 1 + number for number, name in enumerate(between)}
        bends[start, end] = between
        pieces += zip((start, *between), (*between, end), strict=True)
    rows: list[list[str]] = [[] for _ in range(max(row.values()) + 1)]
    for name, number in row.items():
        rows[number].append(name)
    _untangle(rows, pieces)
    middle, width = _spread(rows, widths)
    return Layout(middle, row, bends, width)


def _rows(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Put each box one row below the lowest that leads to it."""
    row = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for start, end in edges:
            row[end] = max(row[end], row[start] + 1)
    return row


def _untangle(rows: list[list[str]], pieces: Sequence[Edge]) -> None:
    """Order each row by the middle of what its boxes hang on, down and up in turn."""
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for start, end in pieces:
        above.setdefault(end, []).append(start)
        below.setdefault(start, []).append(end)
    for sweep in range(_SWEEPS):
        near = above if sweep % 2 == 0 else below
        place = {name: number / len(one) for one in rows for number, name in enumerate(one)}
        for one in rows if sweep % 2 == 0 else reversed(rows):
            order = {name: _mean([place[other] for other in near.get(name, ())], place[name]) for name in one}
            one.sort(key=order.__getitem__)
            place |= {name: number / len(one) for number, name in enumerate(one)}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _spread(rows: Sequence[Sequence[str]], widths: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """Set the boxes of a row side by side, each row in the middle."""
    lengths = [sum(widths.get(name, 0.0) + GAP for name in one) for one in rows]
    total = max(lengths)
    middle: dict[str, float] = {}
    for one, length in zip(rows, lengths, strict=True):
        here = (total - length) / 2
        for name in one:
            width = widths.get(name, 0.0) + GAP
            middle[name] = here + width / 2
            here += width
    return middle, total
