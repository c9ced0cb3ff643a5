"""The clinic's numbers: taken from the record, with what may not be known about checks left behind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tipbot.domain.broadcasts import Broadcast
from tipbot.domain.check import CheckCode
from tipbot.domain.content import BOOKING_ORIGINS, Origin
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.feedback import Opinion
from tipbot.domain.operators import Right
from tipbot.domain.retention import REACHABLE
from tipbot.domain.statistics import (
    PEOPLE,
    STARTED,
    Checks,
    Day,
    Finish,
    SentBroadcast,
    Statistics,
    Step,
    days_of,
    in_tens,
    members_by_day,
)
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.tallies import Happening, checks_only
from tipbot.usecases.staffing import allowed
from tipbot.usecases.standing import tally_of

A_WEEK = 7
LONGEST = 366

_NOT_FROM_CHECKS = frozenset(BOOKING_ORIGINS) - {Origin.CHECK}


@dataclass(frozen=True, slots=True)
class View:
    """The numbers, and whether whoever asked gets the weekly summary."""

    statistics: Statistics
    wants_summary: bool


class TakeStatistics:
    """Takes numbers for operators of any role; raises NotAnOperator for others.

    Days are UTC days, like those under which everything is counted when it happens.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_days(self, days: int, *, operator: int, now: datetime) -> View:
        """Return the numbers of so many days, today included; raises ValueError for fewer than 1 or too many."""
        if not 1 <= days <= LONGEST:
            message = f"statistics are for 1 to {LONGEST} days"
            raise ValueError(message)
        async with self._database.reading() as books:
            asking = await allowed(books, operator, Right.SEE)
            first = now.date() - timedelta(days=days - 1)
            taken = await take(books, first, now.date())
        return View(taken, wants_summary=asking is not None and asking.wants_summary)

    async def want_summary(self, operator: int, *, is_on: bool, now: datetime) -> None:
        """Let an operator get the weekly summary, or not; the same again changes nothing."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEE)
            known = await books.staff.find(operator, for_change=True)
            if known is None or known.wants_summary == is_on:
                return
            await books.staff.save(replace(known, wants_summary=is_on))
            await books.audit.note(Deed(operator, f"summary-{'on' if is_on else 'off'}", str(operator), now))


async def take(books: Books, first: date, last: date) -> Statistics:
    """Return the numbers from one UTC day to another, within a transaction."""
    days, tallies = days_of(first, last), await books.tallies.since(first)
    counts = await books.subscribers.count()
    steps = _steps(tallies)
    members = members_by_day(sum(counts.get(status, 0) for status in REACHABLE), steps, days)
    deliveries, votes = await books.numbers.deliveries(days), await books.numbers.votes(days)
    presses = await books.numbers.presses(days)
    checks = {key: times for key, times in checks_only(tallies).items() if first <= key[0] <= last}
    started = _started_by_day(checks)
    return Statistics(
        days=tuple(
            Day(
                day=day,
                members=members[day],
                steps=steps.get(day, {}),
                deliveries=deliveries.get(day, {}),
                helpful=votes.get((day, Opinion.HELPFUL), 0),
                unhelpful=votes.get((day, Opinion.UNHELPFUL), 0),
                presses={origin: n for origin, n in presses.get(day, {}).items() if origin in _NOT_FROM_CHECKS},
                checks_started=in_tens(started[day]),
            )
            for day in days
        ),
        subscribers=counts,
        opinions=await books.numbers.opinions(days),
        checks=_checks(checks, sum(of_day.get(Origin.CHECK, 0) for of_day in presses.values())),
        broadcasts=await _broadcasts(books, days),
    )


def _steps(tallies: Mapping[Happening, int]) -> dict[date, dict[Step, int]]:
    found: dict[date, dict[Step, int]] = {}
    for one, times in tallies.items():
        if one.subject == PEOPLE:
            found.setdefault(one.day, {})[Step(one.event)] = times
    return found


_Counted = Mapping[tuple[date, CheckCode, str], int]


def _started_by_day(checks: _Counted) -> Counter[date]:
    started: Counter[date] = Counter()
    for (day, _, event), times in checks.items():
        started[day] += times if event == STARTED else 0
    return started


def _checks(checks: _Counted, booking: int) -> Checks:
    """Return the numbers about checks as they may be seen; those of ten or more alone say which check."""
    by_check: Counter[CheckCode] = Counter()
    finishes: Counter[str] = Counter()
    for (_, check, event), times in checks.items():
        if event == STARTED:
            by_check[check] += times
        else:
            finishes[event] += times
    return Checks(
        started=in_tens(by_check.total()),
        booking=in_tens(booking),
        finishes={one: in_tens(finishes[one.value]) for one in Finish},
        by_check={check: tens for check, times in by_check.most_common() if (tens := in_tens(times))},
    )


async def _broadcasts(books: Books, days: Sequence[date]) -> tuple[SentBroadcast, ...]:
    return tuple([await _reach(books, one) for one in await books.numbers.broadcasts(days)])


async def _reach(books: Books, broadcast: Broadcast) -> SentBroadcast:
    tally, began = await tally_of(books, broadcast), broadcast.started_at or broadcast.changed_at
    return SentBroadcast(broadcast.composition.title, began.date(), tally.people, tally.of(DeliveryStatus.SENT))
