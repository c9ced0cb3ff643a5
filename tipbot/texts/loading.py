"""From content/<language>/texts.toml to checked texts; what is wrong is told all at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from tipbot.domain.content import ENGLISH, Language
from tipbot.domain.faults import ContentFaults, Fault
from tipbot.texts.checking import complaints, other_commands
from tipbot.texts.messages import Texts
from tipbot.texts.plurals import Plural, PluralRules, plural_rules

FILE = "texts.toml"

_LANGUAGE_FOLDER = re.compile(r"[a-z]{2}(-[a-z]{2})?")


def load_texts(folder: Path) -> Mapping[Language, Texts]:
    """Return the texts of every language in the content folder; raises ContentFaults with all faults at once."""
    languages = [Language(path.name) for path in sorted(folder.glob("*/")) if _LANGUAGE_FOLDER.fullmatch(path.name)]
    faults: list[Fault] = []
    tables: dict[Language, dict[str, Any]] = {}
    texts: dict[Language, Texts] = {}
    for language in dict.fromkeys((ENGLISH, *languages)):
        file, rules = f"{language}/{FILE}", plural_rules(language)
        if rules is None:
            faults.append(Fault(language, "folder", "No such language is known. Name the folder by its ISO code."))
            continue
        table, new_faults = _read(folder / language / FILE, file, rules)
        if not new_faults:
            new_faults.extend(_faults_beside(table, tables.get(ENGLISH, {}), file))
        faults += new_faults
        if not new_faults:
            tables[language], texts[language] = table, _texts(table, rules)
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


def _read(path: Path, file: str, rules: PluralRules) -> tuple[dict[str, Any], list[Fault]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [Fault(file, "file", "There is no such file. Every language needs one.")]
    except OSError as error:
        return {}, [Fault(file, "file", f"This file cannot be read: {error.strerror}.")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [Fault(file, "file", f"This is not valid TOML: {error}.")]
    known = {one.name: one for one in fields(Texts)}
    unknown = [Fault(file, key, "There is no such text. Check the spelling.") for key in table.keys() - known]
    faults = sorted(unknown, key=lambda fault: fault.key)
    for name, declared in known.items():
        if name not in table:
            faults.append(Fault(file, name, "This is missing. Write a text."))
        else:
            faults += [Fault(file, key, message) for key, message in complaints(declared, table[name], rules)]
    return table, faults


def _faults_beside(table: Mapping[str, object], original: Mapping[str, object], file: str) -> Iterator[Fault]:
    """Compare a translation that is right in itself with the English."""
    for name, value in table.items():
        for key, message in other_commands(name, value, original.get(name, value)):
            yield Fault(file, key, message)


def _texts(table: Mapping[str, Any], rules: PluralRules) -> Texts:
    values: dict[str, Any] = {}
    for one in fields(Texts):
        value = table[one.name]
        if "counted" in one.metadata:
            forms = {category: form.strip() for category, form in value.items()}
            values[one.name] = Plural(one.metadata["counted"], forms, rules)
        else:  # a list, or a text without the line breaks around it
            values[one.name] = tuple(value) if isinstance(value, list) else value.strip()
    return Texts(**values)
