"""The content folder → a draft: finds the files, reads the TOML, and notes what cannot be read."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tipbot.catalogue.draft import Draft, Found, Place
from tipbot.catalogue.forms import Form
from tipbot.catalogue.manuscripts import read_article, toml_fault
from tipbot.catalogue.shelves import Source
from tipbot.domain.check import Check, Screens
from tipbot.domain.content import (
    ENGLISH,
    Article,
    Card,
    Clinic,
    Item,
    Language,
    Policy,
    PolicyPage,
    SourceItem,
    Stretch,
    Therapist,
    Tip,
    Urgent,
)
from tipbot.domain.faults import Fault

Shape = TypeVar("Shape")
Table = Mapping[str, object]

_CLINIC = Form(Clinic)
_THERAPIST = Form(Therapist)
_SOURCE = Form(Source)
_SOURCE_ITEM = Form(SourceItem)
_TIP = Form(Tip)
_CARD = Form(Card)
_STRETCH = Form(Stretch)
_URGENT = Form(Urgent)
_POLICY = Form(Policy)
_POLICY_PAGE = Form(PolicyPage)
_ARTICLE = Form(Article)
_CHECK = Form(Check)
_SCREENS = Form(Screens)

SCREENS = "checks/screens.toml"
"""Where a language keeps what all its checks share."""

_LANGUAGE_FOLDER = re.compile(r"[a-z]{2}(-[a-z]{2})?")


def read_draft(folder: Path) -> tuple[Draft, list[Fault]]:
    """Read everything below `folder`; what could not be read is left out of the draft and has a fault."""
    reader = _Reader(folder)
    return reader.draft(), reader.faults


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []

    def draft(self) -> Draft:
        languages = self.languages()
        sources, source_items = self.sources()
        urgent = {language: self.document(f"{language}/urgent.toml", _URGENT) for language in languages}
        policies = {language: self.policy(f"{language}/privacy.toml") for language in languages}
        screens = {language: self.document(f"{language}/{SCREENS}", _SCREENS) for language in languages}
        return Draft(
            clinic=self.document("clinic.toml", _CLINIC),
            therapists=self.entries(["therapists.toml"], "therapists", _THERAPIST),
            sources=sources,
            source_items=source_items,
            items=self.items(languages),
            urgent={language: found for language, found in urgent.items() if found is not None},
            policies={language: found for language, found in policies.items() if found is not None},
            articles={language: self.articles(language) for language in languages},
            checks={language: self.checks(language) for language in languages},
            screens={language: found for language, found in screens.items() if found is not None},
        )

    def languages(self) -> list[Language]:
        folders = sorted(path.name for path in self.folder.glob("*") if path.is_dir())
        languages = [Language(name) for name in folders if _LANGUAGE_FOLDER.fullmatch(name)]
        return languages if ENGLISH in languages else [ENGLISH, *languages]

    def items(self, languages: Iterable[Language]) -> dict[Language, tuple[Found[Item], ...]]:
        return {
            language: (
                *self.entries(self.files(f"{language}/tips"), "tips", _TIP),
                *self.entries(self.files(f"{language}/cards"), "cards", _CARD),
                *self.entries(self.files(f"{language}/stretches"), "stretches", _STRETCH),
            )
            for language in languages
        }

    def articles(self, language: Language) -> tuple[Found[Article], ...]:
        """Read the long reads of a language; there need not be any."""
        found: list[Found[Article]] = []
        for path in sorted((self.folder / language / "articles").glob("*.md")):
            place = Place(path.relative_to(self.folder).as_posix())
            text = self.text(place.file)
            table, faults = ({}, []) if text is None else read_article(text, place)
            self.faults.extend(faults)
            article = self.filled(_ARTICLE, table, place) if table else None
            if article is not None:
                found.append(Found(place, article))
        return tuple(found)

    def checks(self, language: Language) -> tuple[Found[Check], ...]:
        """Read the checks of a language, one in each file, in the order of their codes: t1 comes first."""
        files = [file for file in self.files(f"{language}/checks") if file != f"{language}/{SCREENS}"]
        found = [check for file in files if (check := self.document(file, _CHECK)) is not None]
        return tuple(sorted(found, key=lambda check: (len(check.value.code), check.value.code)))

    def sources(self) -> tuple[tuple[Found[Source], ...], tuple[Found[SourceItem], ...]]:
        sources: list[Found[Source]] = []
        found: list[Found[SourceItem]] = []
        for file in self.files("sources"):
            table = self.table(file)
            if table is None:
                continue
            place = Place(file)
            items = self.listed(table, place, "items", _SOURCE_ITEM, {"therapist": None})
            source = self.filled(_SOURCE, {key: table[key] for key in table if key != "items"}, place)
            found.extend(items)
            if source:
                sources.append(Found(place, replace(source, items=tuple(item.value for item in items))))
        return tuple(sources), tuple(found)

    def policy(self, file: str) -> Found[Policy] | None:
        """Read a privacy policy with its pages."""
        table = self.table(file)
        if table is None:
            return None
        place = Place(file)
        pages = self.listed(table, place, "pages", _POLICY_PAGE)
        policy = self.filled(_POLICY, {key: table[key] for key in table if key != "pages"}, place)
        return None if policy is None else Found(place, replace(policy, pages=tuple(page.value for page in pages)))

    def document(self, file: str, form: Form[Shape]) -> Found[Shape] | None:
        """Read a file that holds one value."""
        table = self.table(file)
        place = Place(file)
        value = None if table is None else self.filled(form, table, place)
        return None if value is None else Found(place, value)

    def entries(self, files: Iterable[str], name: str, form: Form[Shape]) -> tuple[Found[Shape], ...]:
        """Read files that hold lists of `[[name]]`."""
        found: list[Found[Shape]] = []
        for file in files:
            table = self.table(file)
            if table is None:
                continue
            place = Place(file)
            found.extend(self.listed(table, place, name, form))
            strangers = (key for key in table if key != name)
            self.faults.extend(place.fault(key, f"Only [[{name}]] may stand here.") for key in strangers)
        return tuple(found)

    def listed(
        self, table: Table, place: Place, name: str, form: Form[Shape], defaults: Table | None = None
    ) -> list[Found[Shape]]:
        entries = table.get(name)
        if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
            advice = f"Begin each entry with a line [[{name}]], in double square brackets."
            self.faults.append(place.fault(name, advice))
            return []
        found: list[Found[Shape]] = []
        for number, entry in enumerate(entries, start=1):
            name_of_entry = entry.get("id") or f"#{number}"
            entry_place = replace(place, entry=f"{name}[{name_of_entry}]")
            value = self.filled(form, {**(defaults or {}), **entry}, entry_place)
            if value is not None:
                found.append(Found(entry_place, value))
        return found

    def filled(self, form: Form[Shape], table: Table, place: Place) -> Shape | None:
        value, faults = form.fill(table, place)
        self.faults.extend(faults)
        return value

    def files(self, folder: str) -> list[str]:
        """Name the TOML files of a folder in order, for a stable catalogue on every machine."""
        found = sorted((self.folder / folder).glob("*.toml"))
        if not found:
            self.faults.append(Fault(folder, "folder", "There must be at least one .toml file in this folder."))
        return [path.relative_to(self.folder).as_posix() for path in found]

    def table(self, file: str) -> Table | None:
        text = self.text(file)
        if text is None:
            return None
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.faults.append(toml_fault(error, Place(file)))
        return None

    def text(self, file: str) -> str | None:
        try:
            # "utf-8-sig": Windows Notepad may put an invisible mark at the front, which TOML does not allow.
            return (self.folder / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.faults.append(Fault(file, "file", "This file is missing."))
        except UnicodeDecodeError:
            self.faults.append(Fault(file, "file", "This file is not plain text. Save it as UTF-8."))
        except OSError as error:
            self.faults.append(Fault(file, "file", f"This file cannot be read: {error.strerror}."))
        return None
