"""What TipBot set out to reach in the comparisons, and whether it did."""

from dataclasses import dataclass

from benchmarks.contenders import CONTENDERS
from benchmarks.results import Results

SQLITE, POSTGRES = CONTENDERS[0].name, CONTENDERS[1].name
MESSAGES_AT_LIMIT, MESSAGES_FREE, MESSAGES_POSTGRES, CPU_MS = 28.5, 4_000, 3_000, 0.25
TIMES_MEMORY, TIMES_DURABLE, UNKNOWN_A_KILL = 2.5, 6.0, 3


@dataclass(frozen=True)
class Target:
    """One promise and what became of it."""

    what: str
    figure: str
    wanted: str
    is_reached: bool


def targets(results: Results) -> list[Target]:
    """Return those for which there are figures."""
    return [*_strict(results), *_free(results), *_ratios(results), *_killed(results)]


def _strict(results: Results) -> list[Target]:
    found = []
    for name in (SQLITE, POSTGRES):
        for one in results.strict.get(name, [])[:1]:
            bad = (one.refused, one.lost, one.doubled)
            figure = f"{one.rate:.2f}/s · {' · '.join(map(str, bad))}"
            reached = one.rate >= MESSAGES_AT_LIMIT and not any(bad)
            what = f"{name}, strict 30/s at 60 ms: messages · 429s · lost · doubled"
            found.append(Target(what, figure, f"{MESSAGES_AT_LIMIT}/s · 0 · 0 · 0", reached))
    return found


def _free(results: Results) -> list[Target]:
    found = []
    for name, wanted in ((SQLITE, MESSAGES_FREE), (POSTGRES, MESSAGES_POSTGRES)):
        if rate := results.rate(name):
            what = f"{name}, no limit, every message written down"
            found.append(Target(what, f"{rate:,.0f}/s", f"{wanted:,}/s", rate >= wanted))
    if cpu := results.cpu(SQLITE):
        what = f"{SQLITE}: CPU of a message"
        found.append(Target(what, f"{cpu:.4f} ms", f"{CPU_MS} ms", cpu <= CPU_MS))
    return found


def _ratios(results: Results) -> list[Target]:
    found = []
    for is_durable, wanted, kind in ((False, TIMES_MEMORY, "in memory"), (True, TIMES_DURABLE, "durable")):
        peer, ours = results.fastest(durable=is_durable), results.rate(SQLITE)
        if peer is not None and ours:
            times = ours / results.rate(peer.name)
            what = f"{SQLITE} against the fastest {kind} ({peer.name})"
            found.append(Target(what, f"{times:.1f} times", f"{wanted} times", times >= wanted))
    return found


def _killed(results: Results) -> list[Target]:
    found = []
    for name in (SQLITE, POSTGRES):
        if kills := results.killed.get(name):
            worst = max(one.unknown for one in kills)
            doubled, lost = sum(one.doubled for one in kills), sum(one.lost for one in kills)
            figure = f"{doubled} · {lost} · at most {worst} a kill"
            reached = not doubled and not lost and worst <= UNKNOWN_A_KILL
            what = f"{name}, kill -9 at 29/s: doubled · lost · unknown"
            found.append(Target(what, figure, f"0 · 0 · {UNKNOWN_A_KILL} a kill", reached))
    return found
