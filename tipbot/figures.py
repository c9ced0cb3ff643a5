"""Statistics for a shell: tables to read, and rows for a spreadsheet. What may not be known is not in them."""

import csv
from collections.abc import Sequence
from io import StringIO

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from tipbot.catalogue import Catalogue
from tipbot.domain.content import BOOKING_ORIGINS, ENGLISH, ItemId, Origin, title_of
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.statistics import FEWEST, Day, Finish, Opinions, Statistics, Step, Tens
from tipbot.domain.subscribers import Status

_OUTCOMES = (
    *(DeliveryStatus.SENT, DeliveryStatus.BLOCKED, DeliveryStatus.GONE, DeliveryStatus.FAILED),
    *(DeliveryStatus.UNKNOWN, DeliveryStatus.EXPIRED, DeliveryStatus.CANCELLED),
)
_ORIGINS = tuple(origin for origin in BOOKING_ORIGINS if origin is not Origin.CHECK)
_MOST_ITEMS = 5

Row = tuple[str, int | str]
"""A name, and its number or what stands for it."""


def tables(statistics: Statistics, catalogue: Catalogue) -> RenderableType:
    """Return the numbers as tables, one below the other."""
    first, last = statistics.days[0].day, statistics.days[-1].day
    presses: list[Row] = [(origin.value, statistics.presses.get(origin, 0)) for origin in _ORIGINS]
    broadcasts: list[Row] = [(one.title, f"{one.reached:,} of {one.people:,}") for one in statistics.broadcasts]
    parts = (
        _table("Subscribers now", [(status.value, statistics.subscribers.get(status, 0)) for status in Status]),
        _table("Coming and going", [(step.value, statistics.steps.get(step, 0)) for step in Step]),
        _table("Messages", [(one.value, statistics.deliveries.get(one, 0)) for one in _OUTCOMES]),
        _liked(statistics, catalogue),
        _checks(statistics),
        _table("Presses on booking links", [*presses, (Origin.CHECK.value, _tens(statistics.checks.booking))]),
        _table("Broadcasts", broadcasts),
    )
    heading = f"{len(statistics.days)} days, {first} to {last} (UTC)"
    return Group(heading, *(part for part in parts if part.row_count))


def _table(title: str, rows: Sequence[Row]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in rows:
        table.add_row(escape(name), f"{number:,}" if isinstance(number, int) else number)
    return table


def _liked(statistics: Statistics, catalogue: Catalogue) -> Table:
    table = Table(title="Liked most, and least", title_justify="left")
    for column, justify in (("item", "left"), ("helpful", "right"), ("votes", "right")):
        table.add_column(column, justify="right" if justify == "right" else "left")
    for one in (*statistics.best(_MOST_ITEMS), *statistics.least(_MOST_ITEMS)[::-1]):
        table.add_row(escape(_name(one.item, catalogue)), _share(one), f"{one.votes:,}")
    return table


def _name(name: ItemId, catalogue: Catalogue) -> str:
    item = catalogue.item(ENGLISH, name)
    return name if item is None else title_of(item)


def _share(one: Opinions) -> str:
    return f"{one.share:.0%}"


def _checks(statistics: Statistics) -> Table:
    checks = statistics.checks
    rows: list[Row] = [("begun", _tens(checks.started))]
    rows += [(f"ended: {one.value}", _tens(checks.finishes[one])) for one in Finish]
    rows += [(f"begun: {check}", _tens(tens)) for check, tens in checks.by_check.items()]
    return _table("Checks, in full tens", rows)


def _tens(tens: Tens) -> str:
    return f"{tens}+" if tens else f"fewer than {FEWEST}"


def as_csv(statistics: Statistics) -> str:
    """Return one row for each UTC day, under a row of headings."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        [
            *("day", "subscribers", *(step.value for step in Step)),
            *(f"messages_{one.value}" for one in _OUTCOMES),
            *("votes_helpful", "votes_unhelpful", *(f"presses_{origin.value}" for origin in _ORIGINS)),
            "checks_begun",
        ]
    )
    writer.writerows(_row(day) for day in statistics.days)
    return file.getvalue()


def _row(day: Day) -> list[object]:
    return [
        *(day.day.isoformat(), day.members, *(day.steps.get(step, 0) for step in Step)),
        *(day.deliveries.get(one, 0) for one in _OUTCOMES),
        *(day.helpful, day.unhelpful, *(day.presses.get(origin, 0) for origin in _ORIGINS)),
        _tens(day.checks_started),
    ]
