"""The clinic's numbers over some days: who came and went, what arrived, what was liked. No number is a person.

How checks ended says something about health. So these numbers leave here in full tens only: whatever two of them
are compared, over days, kinds or weeks, no group of fewer than ten comes to light.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NewType, TypeVar

from tipbot.domain.check import CheckCode, Help, Outcome, Screens
from tipbot.domain.content import ItemId, Origin
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.retention import REACHABLE
from tipbot.domain.subscribers import Status

FEWEST = 10
PEOPLE = "people"
STARTED = "started"
# An item is compared with others only when this many people have said what they think of it.
FEWEST_VOTES = 10

_Sort = TypeVar("_Sort", bound=StrEnum)

Tens = NewType("Tens", int)
"""A number about checks, cut down to full tens; 0 stands for anything below ten."""


def in_tens(number: int) -> Tens:
    """Cut a number down to full tens."""
    return Tens(number // FEWEST * FEWEST)


class Step(StrEnum):
    """What people do with their subscription; `erased` is somebody forgotten who was still with us."""

    JOINED = "joined"
    RETURNED = "returned"
    PAUSED = "paused"
    STOPPED = "stopped"
    BLOCKED = "blocked"
    GONE = "gone"
    DELETED = "deleted"
    ERASED = "erased"


COMING = (Step.JOINED, Step.RETURNED)
LEAVING = (Step.STOPPED, Step.BLOCKED, Step.GONE, Step.ERASED)
_LEFT_AS = {Status.STOPPED: Step.STOPPED, Status.BLOCKED: Step.BLOCKED, Status.GONE: Step.GONE}


def step(before: Status, after: Status) -> Step | None:
    """Return what a change of status counts as; None for one that brings nobody nearer or further."""
    if after in REACHABLE:
        if before not in REACHABLE:
            return Step.RETURNED
        return Step.PAUSED if after is Status.PAUSED and before is not Status.PAUSED else None
    return _LEFT_AS[after] if before in REACHABLE else None


class Finish(StrEnum):
    """How a check ended, as coarse as can be: never which sign or which answer."""

    URGENT = "urgent"
    SOON = "soon"
    SELF = "self"
    NOT_TODAY = "not-today"
    STOPPED = "stopped"


def finish(outcome: Outcome, screens: Screens) -> Finish:
    """Return as what an ending counts."""
    if outcome.help.is_urgent:
        return Finish.URGENT
    if outcome.id == screens.stopped.id:
        return Finish.STOPPED
    if outcome.id == screens.body.outcome.id:
        return Finish.NOT_TODAY
    return Finish.SOON if outcome.help is Help.GP else Finish.SELF


@dataclass(frozen=True, slots=True)
class Opinions:
    """How often an item was called helpful, and how often not."""

    item: ItemId
    helpful: int
    unhelpful: int

    @property
    def votes(self) -> int:
        """How many votes there were."""
        return self.helpful + self.unhelpful

    @property
    def share(self) -> float:
        """How many of the votes said helpful, from 0 to 1."""
        return self.helpful / self.votes


@dataclass(frozen=True, slots=True)
class Checks:
    """Checks that were begun, how they ended, and which were begun most; only in full tens.

    `booking` are the presses on booking links that came from a check.
    """

    started: Tens = Tens(0)
    booking: Tens = Tens(0)
    finishes: Mapping[Finish, Tens] = field(default_factory=dict)
    by_check: Mapping[CheckCode, Tens] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SentBroadcast:
    """A broadcast that began on this UTC day: how many it was for, and how many got it."""

    title: str
    day: date
    people: int
    reached: int


@dataclass(frozen=True, slots=True)
class Day:
    """The numbers of one UTC day; `members` is how many had a subscription at its end, breaks included.

    `presses` on booking links are without those that came from a check.
    """

    day: date
    members: int
    steps: Mapping[Step, int]
    deliveries: Mapping[DeliveryStatus, int]
    helpful: int
    unhelpful: int
    presses: Mapping[Origin, int]
    checks_started: Tens

    @property
    def came(self) -> int:
        """How many joined or came back."""
        return sum(self.steps.get(one, 0) for one in COMING)

    @property
    def left(self) -> int:
        """How many left, in whatever way."""
        return sum(self.steps.get(one, 0) for one in LEAVING)


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of a range of UTC days; `subscribers` are those of the moment they were taken at."""

    days: tuple[Day, ...]
    subscribers: Mapping[Status, int]
    opinions: tuple[Opinions, ...]
    checks: Checks
    broadcasts: tuple[SentBroadcast, ...]

    @property
    def members(self) -> int:
        """How many had a subscription at the end, breaks included."""
        return self.days[-1].members

    @property
    def steps(self) -> Mapping[Step, int]:
        """What people did, over all days."""
        return _sum(day.steps for day in self.days)

    @property
    def came(self) -> int:
        """How many joined or came back."""
        return sum(day.came for day in self.days)

    @property
    def left(self) -> int:
        """How many left, in whatever way."""
        return sum(day.left for day in self.days)

    @property
    def deliveries(self) -> Mapping[DeliveryStatus, int]:
        """What became of messages, over all days."""
        return _sum(day.deliveries for day in self.days)

    @property
    def presses(self) -> Mapping[Origin, int]:
        """Presses on booking links, over all days."""
        return _sum(day.presses for day in self.days)

    @property
    def votes(self) -> int:
        """How many votes there were, over all days."""
        return sum(day.helpful + day.unhelpful for day in self.days)

    def best(self, most: int) -> tuple[Opinions, ...]:
        """Return the items that were liked most."""
        return self._judged[:most]

    def least(self, most: int) -> tuple[Opinions, ...]:
        """Return the items that were liked least, the least first; none that is among the `most` best."""
        return self._judged[most:][::-1][:most]

    @property
    def _judged(self) -> tuple[Opinions, ...]:
        enough = (one for one in self.opinions if one.votes >= FEWEST_VOTES)
        return tuple(sorted(enough, key=lambda one: (-one.share, -one.votes, one.item)))


def days_of(first: date, last: date) -> list[date]:
    """Return all dates from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def members_by_day(now: int, steps: Mapping[date, Mapping[Step, int]], days: Sequence[date]) -> dict[date, int]:
    """Return how many had a subscription at the end of each day, reckoned back from how many have one now.

    `steps` reach from the first of the days to today.
    """
    members, ends = now, dict[date, int]()
    for day in sorted({*steps, *days}, reverse=True):
        ends[day] = max(members, 0)
        taken = steps.get(day, {})
        members -= sum(taken.get(one, 0) for one in COMING) - sum(taken.get(one, 0) for one in LEAVING)
    return {day: ends[day] for day in days}


def _sum(counts: Iterable[Mapping[_Sort, int]]) -> Counter[_Sort]:
    total: Counter[_Sort] = Counter()
    for one in counts:
        total.update(one)
    return total
