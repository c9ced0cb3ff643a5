"""One TOML table → one domain value, with every fault of the table in words an operator understands."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from tipbot.catalogue.draft import Place
from tipbot.domain.faults import Fault

Shape_co = TypeVar("Shape_co", covariant=True)

_ADVICE = {
    "missing": "This is missing. Add it.",
    "string_type": 'This must be text in quotes, such as "word".',
    "bool_type": "This must be true or false, without quotes.",
    "bool_parsing": "This must be true or false, without quotes.",
    "tuple_type": "This must be a list in square brackets.",
    "dict_type": "This must be a table of its own, with a name and a value on each line.",
    "dataclass_type": "This must be a table of its own, with a name and a value on each line.",
    "too_long": "This list has too many entries: leave {max_length}.",
    "enum": "{value!r} is not known here. Use one of: {expected}.",
}


class Form(Generic[Shape_co]):
    """The shape a table must have: the keys and types of one dataclass of the domain."""

    def __init__(self, shape: type[Shape_co]) -> None:
        self._shape = shape
        self._adapter = TypeAdapter(shape)

    def fill(self, table: Mapping[str, object], place: Place) -> tuple[Shape_co | None, list[Fault]]:
        """Return the value, or None, and everything that is wrong with the table at `place`."""
        faults = [place.fault(key, message) for key, message in _unknown_keys(self._shape, table)]
        try:
            value = self._adapter.validate_python(table)
        except ValidationError as error:
            details = error.errors(include_url=False)
            faults.extend(place.fault(_key(detail["loc"]), _sentence(detail)) for detail in details)
            return None, faults
        return value, faults


def _unknown_keys(shape: type, table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    """Find misspelt keys: pydantic ignores them, as the dataclasses of the domain carry no settings for it."""
    hints = _hints(shape)
    known = list(hints)
    for key, value in table.items():
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
            yield above + key, f"There is no such key. {hint}"
        elif is_dataclass(hints[key]) and isinstance(value, Mapping):
            yield from _unknown_keys(hints[key], value, f"{above}{key}.")
        elif isinstance(value, list) and (listed := _listed_shape(hints[key])):
            for number, entry in enumerate(value, start=1):
                if isinstance(entry, Mapping):
                    yield from _unknown_keys(listed, entry, f"{above}{key}[#{number}].")


@cache
def _hints(shape: type) -> Mapping[str, Any]:
    """Return the types of a dataclass's fields, which take long to find out, by their names."""
    hints = get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}


@cache
def _listed_shape(hint: object) -> type | None:
    """Return the dataclass that a list holds, if it holds one."""
    return next((part for part in get_args(hint) if isinstance(part, type) and is_dataclass(part)), None)


def _key(location: tuple[int | str, ...]) -> str:
    """Write a place inside a table as people count: steps[#1] is the first step."""
    key = ""
    for part in location:
        key += f"[#{part + 1}]" if isinstance(part, int) else f".{part}"
    return key.removeprefix(".")


def _sentence(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind.startswith("date"):
        return "This must be a date, without quotes, such as 2026-01-31."
    if kind.startswith("int"):
        return "This must be a whole number, without quotes, such as 3."
    advice = _ADVICE.get(kind, detail["msg"] + ".")
    return advice.format(value=detail["input"], **detail.get("ctx", {})) if kind in _ADVICE else advice
