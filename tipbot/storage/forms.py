"""How compositions, audiences and tallies are written into one column: JSON that older versions can read."""

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any, TypeVar

from tipbot.domain.audience import Audience, Conditions
from tipbot.domain.broadcasts import Sweep, Tally
from tipbot.domain.composition import Composition, LinkButton, Part, PartKind
from tipbot.domain.content import Language
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatKind, Kind

Made = TypeVar("Made", Part, LinkButton)


# How a composition begins that says nothing yet.
NO_PARTS = '{"parts": []'


def write_composition(composition: Composition) -> str:
    """Return a composition as it is stored."""
    return json.dumps(asdict(composition), ensure_ascii=False)


def read_composition(stored: str) -> Composition:
    """Return a stored composition."""
    values = json.loads(stored)
    parts = tuple(_made(Part, {**part, "kind": PartKind(part["kind"])}) for part in values["parts"])
    links = tuple(_made(LinkButton, link) for link in values["links"])
    plain = ("album", "preview_url", "is_preview_above", "is_preview_large")
    return Composition(parts, links, **{name: values[name] for name in plain if name in values})


def _made(kind: type[Made], values: dict[str, Any]) -> Made:
    known = {one.name for one in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in known})


def write_audience(audience: Audience) -> str:
    """Return an audience as it is stored."""
    values = {
        "chats": sorted(audience.chats),
        "only": _conditions(audience.only),
        "minus": _conditions(audience.minus),
    }
    return json.dumps(values)


def read_audience(stored: str) -> Audience:
    """Return a stored audience."""
    values = json.loads(stored)
    chats = frozenset(ChatKind(chat) for chat in values["chats"])
    return Audience(chats, _read_conditions(values["only"]), _read_conditions(values["minus"]))


def _conditions(conditions: Conditions) -> dict[str, Any]:
    return {
        "ordered": sorted(conditions.ordered),
        "languages": sorted(conditions.languages),
        "zones": sorted(conditions.zones),
        "joined_since": None if conditions.joined_since is None else conditions.joined_since.isoformat(),
        "active_days": conditions.active_days,
        "got": conditions.got,
    }


def _read_conditions(values: dict[str, Any]) -> Conditions:
    since = values.get("joined_since")
    return Conditions(
        ordered=frozenset(Kind(kind) for kind in values.get("ordered", ())),
        languages=frozenset(Language(language) for language in values.get("languages", ())),
        zones=frozenset(values.get("zones", ())),
        joined_since=None if since is None else date.fromisoformat(since),
        active_days=values.get("active_days"),
        got=values.get("got"),
    )


def write_tally(tally: Tally) -> str:
    """Return a tally as it is stored."""
    counts = {status.value: number for status, number in tally.counts.items()}
    return json.dumps({"people": tally.people, "counts": counts})


def read_tally(stored: str | None) -> Tally:
    """Return a stored tally; nothing stored is nothing yet."""
    if stored is None:
        return Tally()
    values = json.loads(stored)
    counts = {DeliveryStatus(status): number for status, number in values["counts"].items()}
    return Tally(values["people"], counts)


def write_sweep(sweep: Sweep | None) -> str | None:
    """Return what a sweep does as it is stored; how far it has come stands beside it."""
    return None if sweep is None else ",".join((sweep.into, *sweep.of))


def read_sweep(stored: str | None, up_to: int | None) -> Sweep | None:
    """Return a stored sweep."""
    if stored is None:
        return None
    into, *of = map(DeliveryStatus, stored.split(","))
    return Sweep(into, tuple(of), up_to)
