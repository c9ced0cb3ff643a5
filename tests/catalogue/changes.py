"""Break one thing in a content folder and see what is said about it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tipbot.catalogue import ContentFaults, Fault, load_catalogue


@dataclass(frozen=True)
class Broken:
    """A change to one file, and the one fault that must come of it."""

    file: str
    old: str
    new: str
    key: str
    message: str
    blamed: str = ""
    """The file that gets the fault, when it is not the changed one."""


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the one place where `old` stands in a file; `old` must be there, or the test proves nothing."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(ContentFaults) as caught:
        load_catalogue(folder)
    return caught.value.faults


def assert_blamed(folder: Path, broken: Broken) -> None:
    """Make the change and expect exactly one fault, at the right place, with the right advice."""
    change(folder, broken.file, broken.old, broken.new)
    faults = faults_of(folder)
    assert [(fault.file, fault.key) for fault in faults] == [(broken.blamed or broken.file, broken.key)], faults
    assert broken.message in faults[0].message
