"""From content/<language>/texts.toml to checked texts; what is wrong is told all at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, fields
from pathlib import Path
from string import Formatter
from typing import Any

from tipbot.domain.content import ENGLISH, Language
from tipbot.domain.faults import ContentFaults, Fault
from tipbot.texts.messages import Texts

FILE = "texts.toml"

_LANGUAGE_FOLDER = re.compile(r"[a-z]{2}(-[a-z]{2})?")


def load_texts(folder: Path) -> Mapping[Language, Texts]:
    """Return the texts of every language in the content folder; raises ContentFaults with all faults at once."""
    found = {ENGLISH: folder / ENGLISH / FILE}
    for path in sorted(folder.glob("*/")):
        if _LANGUAGE_FOLDER.fullmatch(path.name):
            found[Language(path.name)] = path / FILE
    faults: list[Fault] = []
    texts: dict[Language, Texts] = {}
    for language, path in found.items():
        table, new_faults = _read(path, f"{language}/{FILE}")
        faults += new_faults
        if not new_faults:
            texts[language] = Texts(**table)
    if faults:
        raise ContentFaults(faults)
    return texts


def texts_for(texts: Mapping[Language, Texts], language_code: str | None) -> tuple[Language, Texts]:
    """Return the texts for an IETF tag such as "fr-CA": those of "fr" where there are none, else English."""
    code = (language_code or ENGLISH).replace("_", "-").lower()
    for language in (Language(code), Language(code.partition("-")[0])):
        if language in texts:
            return language, texts[language]
    return ENGLISH, texts[ENGLISH]


def _read(path: Path, file: str) -> tuple[dict[str, Any], list[Fault]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [Fault(file, "file", "There is no such file. Every language needs one.")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [Fault(file, "file", f"This is not valid TOML: {error}.")]
    known = {one.name: one for one in fields(Texts)}
    unknown = [Fault(file, key, "There is no such text. Check the spelling.") for key in table.keys() - known]
    faults = sorted(unknown, key=lambda fault: fault.key)
    for name, declared in known.items():
        message = _wrong(declared, table[name]) if name in table else "This is missing. Write a text."
        if message:
            faults.append(Fault(file, name, message))
    return {name: _tidy(value) for name, value in table.items()}, faults


def _tidy(value: object) -> object:
    """Return a list as a tuple, and a text without the line breaks around it."""
    if isinstance(value, list):
        return tuple(value)
    return value.strip() if isinstance(value, str) else value


def _wrong(declared: "Field[Any]", value: object) -> str:
    """Return what is wrong with a value, or nothing."""
    length = declared.metadata.get("length")
    if length is not None:
        return _wrong_list(value, length)
    if not isinstance(value, str) or not value.strip():
        return "This must be a text that is not empty."
    try:
        used = set(_placeholders(value))
    except ValueError as error:
        return f"The curly brackets do not fit together: {error}. Write {{{{ for a bracket that stays."
    wanted = declared.metadata["placeholders"]
    parts = [f"{{{name}}} is missing" for name in sorted(wanted - used)]
    parts += [f"{{{name}}} is not known here" for name in sorted(used - wanted)]
    return f"{', '.join(parts)}." if parts else ""


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
