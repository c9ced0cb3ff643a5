"""What a run found: every single measurement, the medians of them, and what could not be measured and why."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.trials import Free, Killed, Strict


@dataclass
class Results:
    """Measurements by the name of who was measured."""

    chats_free: int
    chats_strict: int
    chats_killed: int
    free: dict[str, list[Free]] = field(default_factory=dict)
    strict: dict[str, list[Strict]] = field(default_factory=dict)
    killed: dict[str, list[Killed]] = field(default_factory=dict)
    faults: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ceiling: float = 0.0
    conditions: dict[str, str] = field(default_factory=dict)

    def note_fault(self, table: str, name: str, reason: str) -> None:
        """Remember why there is no figure."""
        self.faults.setdefault(table, {})[name] = reason

    def keep(self, file: Path) -> None:
        """Write everything down, raw, for whoever wants to look closer."""
        file.write_text(json.dumps(asdict(self), indent=1))

    def rate(self, name: str) -> float:
        """Return messages a second without a limit."""
        return middle(one.rate for one in self.free.get(name, []))

    def cpu(self, name: str) -> float:
        """Return milliseconds of processor time for each message without a limit."""
        return middle(one.cpu_ms for one in self.free.get(name, []))

    def fastest(self, *, durable: bool) -> Contender | None:
        """Return the peer that sends most without a limit among those that do or do not remember what they sent."""
        peers = [
            one for one in CONTENDERS if not one.is_ours and one.is_durable is durable and one.name in self.free
        ]
        return max(peers, key=lambda one: self.rate(one.name), default=None)


def middle(values: Iterable[float]) -> float:
    """Return the median, 0 of nothing."""
    found = list(values)
    return statistics.median(found) if found else 0.0


def mean(values: Sequence[float]) -> float:
    """Return the mean, 0 of nothing."""
    return statistics.fmean(values) if values else 0.0
