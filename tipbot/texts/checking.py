"""What may be wrong with one text of texts.toml, in words for whoever wrote it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field
from string import Formatter
from typing import Any

from tipbot.texts.markup import wrong_markup
from tipbot.texts.plurals import PluralRules

Complaint = tuple[str, str]
"""A key, and what is wrong there."""

_COMMAND = re.compile(r"(?<![\w/<])/[a-z]+\b")


def complaints(declared: "Field[Any]", value: object, rules: PluralRules) -> Iterator[Complaint]:
    """Find what is wrong with the value of a declared text."""
    if "length" in declared.metadata:
        message = _wrong_list(value, declared.metadata["length"])
    elif "counted" in declared.metadata:
        yield from _wrong_forms(declared, value, rules)
        return
    else:
        message = _wrong_text(value, declared.metadata["placeholders"]) or _wrong_place(
            declared, str(value).strip()
        )
    if message:
        yield declared.name, message


def other_commands(name: str, value: object, original: object) -> Iterator[Complaint]:
    """Find commands that a translation lost or added: a screen without its /urgent would be a dead end."""
    here, there = _commands(value), _commands(original)
    parts = [f"{command} is missing" for command in sorted(there - here)]
    parts += [f"{command} is not in the English text" for command in sorted(here - there)]
    if parts:
        yield name, f"{', '.join(parts)}."


def _commands(value: object) -> set[str]:
    if isinstance(value, Mapping):
        return set().union(*(_commands(form) for form in value.values()))
    return set(_COMMAND.findall(value)) if isinstance(value, str) else set()


def _wrong_text(value: object, wanted: frozenset[str], *, may_lack: str = "") -> str:
    """Return what is wrong with a text, or nothing."""
    if not isinstance(value, str) or not value.strip():
        return "This must be a text that is not empty."
    try:
        used = set(_placeholders(value))
    except ValueError as error:
        return f"The curly brackets do not fit together: {error}. Write {{{{ for a bracket that stays."
    parts = [f"{{{name}}} is missing" for name in sorted(wanted - used - {may_lack})]
    parts += [f"{{{name}}} is not known here" for name in sorted(used - wanted)]
    if parts:
        return f"{', '.join(parts)}."
    return wrong_markup(value)


def _wrong_place(declared: "Field[Any]", text: str) -> str:
    """Return why a text that is right in itself cannot stand on a button, in a menu, a note or the profile."""
    most = declared.metadata["most"]
    if most and len(text) > most:
        return f"This is {len(text)} characters long; Telegram takes {most}."
    if "<" in text and (most or declared.name.startswith("button_")):
        return "Bold and the like cannot stand here. Write plain words."
    return ""


def _wrong_forms(declared: "Field[Any]", value: object, rules: PluralRules) -> Iterator[Complaint]:
    """Compare the forms with those of the language; one that is for a single number need not repeat it."""
    name, wanted, counted = declared.name, declared.metadata["placeholders"], declared.metadata["counted"]
    if not isinstance(value, Mapping):
        yield (
            name,
            f"This counts, so it has forms of its own: {', '.join(rules.categories)}. Write {name}.other = …",
        )
        return
    for category in rules.categories:
        if category not in value:
            yield f"{name}.{category}", f"This form is missing. It is for {rules.meaning(category)}."
    for category, form in value.items():
        if category not in rules.categories:
            message = f"This language has no such form, only: {', '.join(rules.categories)}."
        else:
            is_for_one = len(rules.numbers(category)) == 1
            message = _wrong_text(form, wanted, may_lack=counted if is_for_one else "")
        if message:
            yield f"{name}.{category}", message


def _wrong_list(value: object, length: int) -> str:
    words = value if isinstance(value, list) else []
    is_right = words and all(isinstance(word, str) and word.strip() for word in words)
    if not is_right or len(words) != (length or len(words)):
        return f"This must be a list of {length or 'some'} words."
    return ""


def _placeholders(text: str) -> Iterator[str]:
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            reason = f'"{{{name}}}" is more than a name'
            raise ValueError(reason)
        yield name
