"""What cannot be read as content is reported with its file, its key and what to do."""

import os
from pathlib import Path

import pytest

from tests.catalogue.changes import Broken, assert_blamed, change, faults_of
from tipbot.catalogue import ContentFaults, Fault, load_catalogue
from tipbot.domain.content import ENGLISH

TIPS, STRETCHES, SOURCE = "en/tips/desk.toml", "en/stretches/lying.toml", "sources/article.toml"

UNREADABLE = {
    "broken TOML": Broken(TIPS, 'title = "Sit, then shift"', 'title = "Sit', "line 4", "not valid TOML"),
    "TOML that stops": Broken(
        "clinic.toml", '"https://backintown.uk/book/lore"', "[", "last line", "not valid TOML"
    ),
    "missing key": Broken(TIPS, 'title = "Sit, then shift"', "", "tips[sit-then-shift].title", "missing"),
    "missing id": Broken(TIPS, 'id = "sit-then-shift"', "", "tips[#1].id", "missing"),
    "unknown key with a near one": Broken(
        SOURCE, "published =", "publish =", "publish", 'Did you mean "published"?'
    ),
    "unknown key": Broken(
        TIPS, "covers", 'zebra = "x"\ncovers', "tips[sit-then-shift].zebra", "Known here: id, title"
    ),
    "unknown key inside": Broken(
        TIPS, "2026-07-05 }", '2026-07-05, at = "x" }', "tips[sit-then-shift].review.at", "There is no such key"
    ),
    "number for text": Broken(
        TIPS, '"Sit, then shift"', "5", "tips[sit-then-shift].title", "must be text in quotes"
    ),
    "text for a number": Broken(
        STRETCHES, "minutes = 2", 'minutes = "two"', "stretches[knee-hug].minutes", "must be a whole number"
    ),
    "text for a list": Broken(TIPS, '["A1"]', '"A1"', "tips[sit-then-shift].covers", "must be a list"),
    "no date": Broken(TIPS, "2026-01-05", '"soon"', "tips[sit-then-shift].review.on", "must be a date"),
    "text for a table": Broken(
        "clinic.toml",
        '[booking_urls]\nlore = "https://backintown.uk/book/lore"',
        'booking_urls = "x"',
        "booking_urls",
        "table",
    ),
    "unknown topic": Broken(
        TIPS,
        '"posture"',
        '"sitting"',
        "tips[sit-then-shift].topic",
        "'sitting' is not known here. Use one of: 'move",
    ),
    "two steps": Broken(STRETCHES, ', "Swap legs."', "", "stretches[knee-hug].steps[#3]", "missing"),
    "four steps": Broken(
        STRETCHES, '"Swap legs."', '"Swap legs.", "Rest."', "stretches[knee-hug].steps", "too many entries: leave 3"
    ),
    "single brackets": Broken(TIPS, "[[tips]]", "[tips]", "tips", "[[tips]]"),
    "list of something else": Broken(TIPS, "[[tips]]", "[[tip]]", "tips", "[[tips]]"),
    "unknown verdict": Broken(SOURCE, '"omit"', '"drop"', "items[A4].verdict", "Use one of: 'keep'"),
    "urgent without a note": Broken("en/urgent.toml", "note =", "notes =", "note", "missing"),
}


@pytest.mark.parametrize("broken", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_blamed_on_its_key(content: Path, broken: Broken) -> None:
    change(content, broken.file, broken.old, broken.new)
    blamed = {(fault.file, fault.key): fault.message for fault in faults_of(content)}
    assert (broken.file, broken.key) in blamed
    assert broken.message in blamed[broken.file, broken.key]


def test_an_entry_that_cannot_be_read_is_one_fault_and_not_a_trail_of_them(content: Path) -> None:
    assert_blamed(content, Broken(TIPS, 'topic = "posture"', "topic = 3", "tips[sit-then-shift].topic", "3 is not"))


def test_something_else_beside_the_entries_is_refused(content: Path) -> None:
    change(content, TIPS, "[[tips]]", 'language = "en"\n[[tips]]')
    assert faults_of(content) == (Fault(TIPS, "language", "Only [[tips]] may stand here."),)


@pytest.mark.parametrize("file", ["clinic.toml", "therapists.toml", "en/urgent.toml"])
def test_a_missing_file_is_named(content: Path, file: str) -> None:
    (content / file).unlink()
    assert faults_of(content) == (Fault(file, "file", "This file is missing."),)


@pytest.mark.parametrize("file", ["en/tips/desk.toml", "en/stretches/lying.toml", "sources/article.toml"])
def test_an_empty_folder_is_named(content: Path, file: str) -> None:
    (content / file).unlink()
    assert [(fault.file, fault.key) for fault in faults_of(content)] == [(str(Path(file).parent), "folder")]


def test_a_missing_content_folder_is_one_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "nowhere")
    assert (fault.file, fault.key) == (str(tmp_path / "nowhere"), "folder")
    assert "TIPBOT_CONTENT_DIR" in fault.message


def test_english_may_not_be_missing(bilingual: Path) -> None:
    (bilingual / "en").rename(bilingual / "de")
    assert ("en/urgent.toml", "file") in {(fault.file, fault.key) for fault in faults_of(bilingual)}


def test_a_file_that_is_not_text_is_named(content: Path) -> None:
    (content / TIPS).write_bytes(b'[[tips]]\ntitle = "caf\xe9"\n')
    assert faults_of(content) == (Fault(TIPS, "file", "This file is not plain text. Save it as UTF-8."),)


def test_a_folder_where_a_file_should_be_is_named(content: Path) -> None:
    (content / "clinic.toml").unlink()
    (content / "clinic.toml").mkdir()
    (fault,) = faults_of(content)
    assert (fault.file, fault.key) == ("clinic.toml", "file")
    assert os.strerror(21) in fault.message


def test_files_saved_by_windows_notepad_are_read(content: Path) -> None:
    text = (content / TIPS).read_text(encoding="utf-8")
    (content / TIPS).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert [tip.id for tip in load_catalogue(content).tips(ENGLISH)] == ["sit-then-shift"]


def test_faults_of_several_files_come_together_one_on_a_line(content: Path) -> None:
    change(content, TIPS, 'topic = "posture"', 'topic = "sitting"')
    change(content, TIPS, 'title = "Sit, then shift"', "")
    change(content, STRETCHES, '"Stop if you feel sharp pain."', '"Stop when tired."')
    change(content, "clinic.toml", '"https://backintown.uk/"', '"backintown.uk"')
    with pytest.raises(ContentFaults) as caught:
        load_catalogue(content)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["clinic.toml", "website"],
        ["en/stretches/lying.toml", "stretches[knee-hug].stop"],
        ["en/tips/desk.toml", "tips[sit-then-shift].title"],
        ["en/tips/desk.toml", "tips[sit-then-shift].topic"],
    ]
