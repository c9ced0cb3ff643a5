"""The chart of a run: three questions, one bar for each sender, ours in a colour of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.results import Results, mean, middle

OURS, THEIRS, INK, FAINT = "#00695c", "#b0bec5", "#263238", "#eceff1"
SIZE, DOTS = (13.0, 5.4), 130
ROOM = 1.35


@dataclass(frozen=True)
class Bar:
    """How long, and what is written at its end."""

    length: float
    words: str


UNKNOWN = Bar(0, "not measured")


def draw(results: Results, file: Path) -> None:
    """Write the chart as a picture."""
    mpl.rcParams.update({"font.size": 9, "text.color": INK, "axes.labelcolor": INK, "svg.fonttype": "none"})
    known = (results.free, results.strict, results.killed)
    senders = [one for one in CONTENDERS if any(one.name in table for table in known)]
    figure = Figure(figsize=SIZE, dpi=DOTS, facecolor="white", layout="constrained")
    panels = figure.subplots(1, 3, sharey=True)
    _panel(
        panels[0],
        senders,
        [_strict(results, one) for one in senders],
        "At Telegram's limit\nmessages a second of 30",
    )
    _panel(panels[1], senders, [_free(results, one) for one in senders], "Without a limit\nCPU of a message, ms")
    title = f"Killed halfway through {results.chats_killed}\ngot it twice, for each kill"
    _panel(panels[2], senders, [_killed(results, one) for one in senders], title)
    figure.savefig(file, metadata={"Software": ""})


def _panel(axes: Axes, senders: Sequence[Contender], bars: Sequence[Bar], title: str) -> None:
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    places = range(len(senders))
    colours = [OURS if one.is_ours else THEIRS for one in senders]
    axes.barh(places, [bar.length for bar in bars], color=colours, height=0.7)
    longest = max((bar.length for bar in bars), default=0) or 1
    for place, bar in zip(places, bars, strict=True):
        axes.text(bar.length + longest * 0.02, place, bar.words, va="center")
    axes.set_xlim(0, longest * ROOM)
    axes.set_yticks(places, [one.name for one in senders])
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.axvline(0, color=FAINT)


def _strict(results: Results, one: Contender) -> Bar:
    found = results.strict.get(one.name)
    if not found:
        return UNKNOWN
    lost, rate = middle(each.lost for each in found), middle(each.rate for each in found)
    if lost * 2 > found[0].deliverable:
        return Bar(0, f"lost {lost:.0f} of {found[0].deliverable}")
    return Bar(rate, f"{rate:.1f}" + (f", lost {lost:.0f}" if lost else ""))


def _free(results: Results, one: Contender) -> Bar:
    return Bar(results.cpu(one.name), f"{results.cpu(one.name):.2f}") if one.name in results.free else UNKNOWN


def _killed(results: Results, one: Contender) -> Bar:
    found = results.killed.get(one.name)
    if not found:
        return UNKNOWN
    doubled, unknown = mean([each.doubled for each in found]), mean([each.unknown for each in found])
    return Bar(doubled, f"{doubled:.0f}" + (f", unknown {unknown:.1f}" if unknown else ""))
