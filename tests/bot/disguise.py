"""A language that exists only in tests: English in full-width letters, so that whatever was not translated shows.

It is made from the shipped content, whatever that holds by then, and can be read back letter by letter.
"""

import html
import json
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tipbot.catalogue import Catalogue
from tipbot.domain.check import Help
from tipbot.domain.content import ENGLISH, Language
from tipbot.places import _atlas, _zone_names
from tipbot.shipped import shipped

# A folder must be named after a language that has plural rules; those of Esperanto are the English ones.
DISGUISED = Language("eo")

_WIDER = 0xFEE0
_ASCII = [*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)]
_DISGUISE = {code: code + _WIDER for code in _ASCII}
_UNDISGUISE = {code + _WIDER: code for code in _ASCII}

# What stays as it is in every language: placeholders, tags, entities, commands and addresses.
_COMMAND = re.compile(r"(?<![\w<])/[a-z]+")
_KEPT = re.compile(rf"(\{{[^}}]*\}}|</?[a-z][^>]*>|&[a-z]+;|{_COMMAND.pattern}|https?://\S+)")
# What nobody reads: names that parts of the content call each other by.
_NAMES = frozenset({"id", "therapist", "therapists", "topic", "covers", "position", "review", "url"})
_NAMES |= {"code", "gate", "goto", "idea", "items"}
_MENTION = re.compile(r"@\w+")
_LINK = re.compile(r"https?://\S+")
_PEOPLE = frozenset({"Anna", "Ben", "Olive"})
_TAG = re.compile(r"</?[a-z][^>]*>")
_WORD = re.compile(r"[A-Za-z]+")


def disguised(text: str) -> str:
    """Return a text in the other language."""
    parts = _KEPT.split(text)
    return "".join(part if number % 2 else part.translate(_DISGUISE) for number, part in enumerate(parts))


def undisguised(text: str) -> str:
    """Return what a text says in English."""
    return text.translate(_UNDISGUISE)


def translated(value: Any) -> Any:  # noqa: ANN401 (what a TOML file may hold, and gives back)
    """Return a table, or a value of the domain, with every text that people read in the other language."""
    if type(value) is str:
        return disguised(value)
    if isinstance(value, list | tuple):
        return type(value)(translated(one) for one in value)
    if isinstance(value, Mapping):
        kept = {key: one if key in _NAMES or _is_help(key, one) else translated(one) for key, one in value.items()}
        return MappingProxyType(kept) if isinstance(value, MappingProxyType) else kept
    if is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in fields(value) if one.name not in _NAMES]
        return replace(value, **{name: translated(getattr(value, name)) for name in names})
    return value


def _is_help(key: str, value: object) -> bool:
    """Say whether this names whom an ending of a check sends people to; a text is called help as well."""
    return key == "help" and value in set(Help)


def in_both(catalogue: Catalogue) -> Catalogue:
    """Return a catalogue with a second shelf, in the other language."""
    shelf = catalogue.shelves[ENGLISH]
    return replace(catalogue, shelves=MappingProxyType({**catalogue.shelves, DISGUISED: translated(shelf)}))


def write_content(folder: Path) -> Path:
    """Write the shipped content into a folder, and beside the English all of it in the other language."""
    shutil.copytree(shipped("content"), folder, dirs_exist_ok=True)
    english = folder / ENGLISH
    for path in sorted(english.rglob("*")):
        if path.is_file():
            target = folder / DISGUISED / path.relative_to(english)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8")
            target.write_text(
                as_toml(translated(tomllib.loads(text))) if path.suffix == ".toml" else _article(text)
            )
    return folder


def _article(text: str) -> str:
    """Return an article's file with what people read of it in the other language."""
    _, table, sections = text.split("+++\n", 2)
    return f"+++\n{as_toml(translated(tomllib.loads(table)))}+++\n{disguised(sections)}"


def as_toml(table: Mapping[str, Any]) -> str:
    """Return a table as TOML; lists of tables, which are the entries of content files, come last."""
    lists = {key: value for key, value in table.items() if value and _is_entries(value)}
    lines = [f"{key} = {_literal(value)}" for key, value in table.items() if key not in lists]
    for key, entries in lists.items():
        for entry in entries:
            lines += [f"[[{key}]]", *(f"{inner} = {_literal(value)}" for inner, value in entry.items())]
    return "\n".join(lines) + "\n"


def _is_entries(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _literal(value: object) -> str:
    match value:
        case Mapping():
            return "{ " + ", ".join(f"{json.dumps(key)} = {_literal(one)}" for key, one in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_literal, value)) + "]"
        case date():
            return value.isoformat()
        case _:  # JSON and TOML write texts, numbers, true and false alike
            return json.dumps(value, ensure_ascii=False)


def left_in_english(shown: str, catalogue: Catalogue) -> list[str]:
    """Return the words of a screen that did not come out of the other language, names of all sorts apart.

    A word of the bot's own English is a finding even where it is the name of a town as well.
    """
    plain = _LINK.sub("", html.unescape(_TAG.sub("", shown)))
    plain = _MENTION.sub("", _COMMAND.sub("", plain))
    if _names().issuperset(_WORD.findall(plain)):
        return []
    for country in _atlas().country_names.values():
        plain = plain.replace(country, "")
    # Who the therapists are stands beside the languages, in the clinic's own words.
    own = {word for one in (catalogue.clinic, *catalogue.therapists.values()) for word in _words_of(one)}
    return [word for word in _WORD.findall(plain) if word not in own and word not in _names()]


def _words_of(value: object) -> set[str]:
    return {word for text in vars_of(value) for word in _WORD.findall(text)}


def vars_of(value: object) -> Iterator[str]:
    """Go through the texts of a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from vars_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from vars_of(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from vars_of(getattr(value, field.name))


@cache
def _names() -> frozenset[str]:
    """Return the words in names of places, and of the people of the transcripts."""
    atlas = _atlas()
    names = [*(city.name for city in atlas.cities), *_zone_names()]
    words = {word for name in names for word in _WORD.findall(name)}
    texts = tomllib.loads((shipped("content") / ENGLISH / "texts.toml").read_text(encoding="utf-8"))
    english = [text for value in texts.values() if not isinstance(value, list) for text in vars_of(value)]
    spoken = {word for text in english for word in _WORD.findall(_KEPT.sub(" ", text))}
    return frozenset((words - spoken) | _PEOPLE)
