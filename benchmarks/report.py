"""The report of a run as Markdown: the words are in template.md, the tables are made here."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from string import Template
from typing import TypeVar

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.others import OTHERS
from benchmarks.results import Results, mean, middle
from benchmarks.targets import targets
from benchmarks.trials import KILLED, STRICT, Free, Killed, Strict

FOLDER = Path(__file__).parent
NOTHING = "Not measured in this run.\n"
OTHER_COLUMNS = ("what", "engine", "figure", "unit", "target")
ENOUGH_DIGITS = 100

Found = TypeVar("Found", bound=Free | Strict | Killed)


def report(results: Results) -> str:
    """Return the whole report."""
    template = Template((FOLDER / "template.md").read_text())
    words = _circumstances(results) | {
        "targets": _targets(results),
        "strict": _strict(results),
        "free": _free(results),
        "killed": _killed(results),
        **{name: _other(name, results) for name in OTHERS},
        "profiles": (FOLDER / "profiles.md").read_text().strip(),
        "conditions": _conditions(results),
        "left_out": _left_out(results),
    }
    return template.substitute(words)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; all but the first column hold figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _circumstances(results: Results) -> dict[str, str]:
    rounds = _most(results.free)
    fewest = min((len(one) for one in results.free.values()), default=0)
    strict_rounds = _most(results.strict)
    return {
        "ceiling": f"{results.ceiling:,.0f}",
        "limit": str(STRICT.limit),
        "strict_delay": str(STRICT.delay_ms),
        "one_in": str(STRICT.block_one_in),
        "strict_chats": str(results.chats_strict),
        "deliverable": str(next((each[0].deliverable for each in results.strict.values()), 0)),
        "strict_rounds": f"Medians of {strict_rounds}"
        if strict_rounds > 1
        else "Measured once, since it takes long",
        "free_chats": f"{results.chats_free:,}",
        "free_rounds": str(rounds),
        "spared": f" (of {fewest} for those that take longest)" if fewest < rounds else "",
        "killed_chats": str(results.chats_killed),
        "killed_delay": str(KILLED.delay_ms),
    }


def _most(measured: dict[str, list[Found]]) -> int:
    return max(map(len, measured.values()), default=0)


def _targets(results: Results) -> str:
    found = targets(results)
    rows = [[one.what, one.figure, one.wanted, "yes" if one.is_reached else "**no**"] for one in found]
    return table(["What", "measured", "target", "reached"], rows) if rows else NOTHING


def _table(
    name: str,
    results: Results,
    measured: dict[str, list[Found]],
    head: Sequence[str],
    figures: Callable[[Contender, list[Found]], list[str]],
) -> str:
    """Return a table with a row for everybody who was measured, or the reason why there are no figures."""
    rows: list[list[str]] = []
    for one in CONTENDERS:
        label = _label(one)
        fault = results.faults.get(name, {}).get(one.name)
        if one.name in measured:
            rows.append([label, *figures(one, measured[one.name])])
        elif fault is not None:
            rows.append([label, f"no figures: {fault}", *[""] * (len(head) - 2)])
    return table(head, rows) if rows else NOTHING


def _label(one: Contender) -> str:
    return f"**{one.name}**" if one.is_ours else one.name


def _strict(results: Results) -> str:
    def figures(_: Contender, found: list[Strict]) -> list[str]:
        counts = ([each.refused for each in found], [each.lost for each in found], [each.doubled for each in found])
        return [f"{middle(each.rate for each in found):.1f}", *(f"{middle(count):.0f}" for count in counts)]

    head = ["Sender", "messages/s", "429s", "lost", "doubled"]
    return _table("strict", results, results.strict, head, figures)


def _free(results: Results) -> str:
    ours = results.cpu(CONTENDERS[0].name)

    def figures(one: Contender, found: list[Free]) -> list[str]:
        cpu, all_cpu = results.cpu(one.name), [each.cpu_ms for each in found]
        times = f"{cpu / ours:.1f}" if ours else ""
        rate, span = f"{results.rate(one.name):,.0f}", f"{min(all_cpu):.2f} to {max(all_cpu):.2f}"
        if doubled := sum(each.doubled for each in found):
            rate += f" ({doubled} doubled)"
        return [rate, f"{cpu:.2f}", span, times, one.keeps]

    head = ["Sender", "messages/s", "CPU ms each", "lowest to highest", "CPU, TipBot = 1", "remembers"]
    return _table("free", results, results.free, head, figures)


def _killed(results: Results) -> str:
    def figures(one: Contender, found: list[Killed]) -> list[str]:
        columns = [
            [each.doubled for each in found],
            [each.lost for each in found],
            [each.unknown for each in found],
        ]
        silence = mean([each.dead_seconds for each in found])
        unreadable = sum(bool(each.remark) for each in found)
        kept = one.keeps + (f"; {unreadable} of {len(found)} times unreadable" if unreadable else "")
        return [*(f"{mean(column):.1f}" for column in columns), f"{silence:.1f}", str(len(found)), kept]

    head = ["Sender", "got it twice", "never got it", "called unknown", "longest silence, s", "kills", "remembers"]
    return _table("killed", results, results.killed, head, figures)


def _other(name: str, results: Results) -> str:
    rows = results.others.get(name)
    fault = results.faults.get("others", {}).get(name)
    if fault:
        return f"Not measured in this run: {fault}.\n"
    if not rows:
        return NOTHING
    lines = ([_figure(row.get(key, "")) for key in OTHER_COLUMNS] for row in rows)
    return table([column.capitalize() for column in OTHER_COLUMNS], lines)


def _figure(value: object) -> str:
    """Return a number as short as it can be read, and anything else as it is."""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,.0f}" if value >= ENOUGH_DIGITS else f"{value:.3g}"


def _conditions(results: Results) -> str:
    peers = {one.versions: None for one in CONTENDERS if not one.is_ours}
    rows = [*([name, value] for name, value in results.conditions.items()), ["Peers", "; ".join(peers)]]
    return "\n".join(f"- {name}: {value}" for name, value in rows) + "\n"


def _left_out(results: Results) -> str:
    lines = [f"- {name}: {reason}" for name, reason in results.left_out.items()]
    return (
        "\nLeft out, because it could not be set up on this machine:\n" + "\n".join(lines) + "\n" if lines else ""
    )
