"""The one door from content files to a catalogue: read, check, and only then put on the shelves."""

from pathlib import Path
from types import MappingProxyType

from tipbot.catalogue.draft import Draft
from tipbot.catalogue.reading import read_draft
from tipbot.catalogue.rules import faults_of_entries, faults_of_whole
from tipbot.catalogue.shelves import Catalogue, Shelf
from tipbot.domain.content import Card, Language, Stretch, Tip
from tipbot.domain.faults import ContentFaults, Fault


def load_catalogue(folder: Path) -> Catalogue:
    """Return the checked content of `folder`; raises ContentFaults with all that is wrong at once.

    Only when every entry could be read are they compared with each other: one misspelt key would otherwise be
    followed by a dozen faults about the entry that it hides.
    """
    if not folder.is_dir():
        raise ContentFaults([Fault(str(folder), "folder", "There is no such folder. See TIPBOT_CONTENT_DIR.")])
    draft, unreadable = read_draft(folder)
    faults = [*unreadable, *faults_of_entries(draft)]
    if not unreadable:
        faults.extend(faults_of_whole(draft))
    if faults or draft.clinic is None:
        raise ContentFaults(faults)
    return Catalogue(
        clinic=draft.clinic.value,
        therapists=MappingProxyType({found.value.id: found.value for found in draft.therapists}),
        sources=tuple(found.value for found in draft.sources),
        shelves=MappingProxyType({language: _shelf(draft, language) for language in draft.items}),
    )


def _shelf(draft: Draft, language: Language) -> Shelf:
    items = [found.value for found in draft.items[language]]
    return Shelf(
        tips=tuple(item for item in items if isinstance(item, Tip)),
        cards=tuple(item for item in items if isinstance(item, Card)),
        stretches=tuple(item for item in items if isinstance(item, Stretch)),
        urgent=draft.urgent[language].value,
        by_id=MappingProxyType({item.id: item for item in items}),
        policy=draft.policies[language].value,
        articles=tuple(found.value for found in draft.articles[language]),
        checks=tuple(found.value for found in draft.checks[language]),
        screens=draft.screens[language].value,
    )
