"""The bot's words: faults are told all at once, and the shipped words keep the house rules."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tests.content import shipped_texts
from tipbot.catalogue.vocabulary import ALLOWED, AVOIDED
from tipbot.domain.content import ENGLISH, Language
from tipbot.domain.faults import ContentFaults
from tipbot.sandbox.markup import parse_html
from tipbot.shipped import shipped
from tipbot.texts import Plural, Texts, load_texts, texts_for

# Telegram's own limits: a button that is read on a phone, an answer to a press, and the profile.
MOST = {
    "button_": 30,
    "command_": 60,
    "old_button": 200,
    "last_day": 200,
    "offers_stopped": 200,
    "apology": 200,
    "check_changed": 200,
    "group_administrators": 200,
    **dict.fromkeys(("vote_", "kept", "let_go", "taken_back", "only_one", "item_retired", "channel_only"), 200),
    **dict.fromkeys(("vote_", "kept", "let_go", "taken_back", "only_one", "item_retired"), 200),
}
PROFILE = {"description": 512, "short_description": 120}

ENGLISH_FILE = shipped("content") / "en" / "texts.toml"


def words() -> dict[str, str]:
    texts = shipped_texts()[ENGLISH]
    values = {one.name: getattr(texts, one.name) for one in fields(Texts)}
    single = {name: value for name, value in values.items() if isinstance(value, str)}
    counted = {name: value for name, value in values.items() if isinstance(value, Plural)}
    return single | {f"{name}.{one}": form for name, value in counted.items() for one, form in value.forms.items()}


def copied(tmp_path: Path, change: tuple[str, str], language: str = "en") -> Path:
    old, new = change
    text = ENGLISH_FILE.read_text(encoding="utf-8")
    assert old in text
    for name in {"en", language}:
        (tmp_path / name).mkdir()
        written = text.replace(old, new) if name == language else text
        (tmp_path / name / "texts.toml").write_text(written, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def with_german(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Language, Texts]:
    """The shipped words, and beside them a German that differs in one of them."""
    return load_texts(copied(tmp_path_factory.mktemp("german"), ('order_off = "off"', 'order_off = "aus"'), "de"))


def faults_after(tmp_path: Path, old: str, new: str, language: str = "en") -> list[str]:
    with pytest.raises(ContentFaults) as caught:
        load_texts(copied(tmp_path, (old, new), language))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("button_tip =", "button_tipp =", "en/texts.toml: button_tipp: There is no such text. Check the spelling."),
        ("button_tip =", "button_tipp =", "en/texts.toml: button_tip: This is missing. Write a text."),
        (
            "{clock} there now",
            "{time} there now",
            "en/texts.toml: zone_proposal: {clock} is missing, {time} is not known here.",
        ),
        (
            'tomorrow = "tomorrow {time}"',
            'tomorrow = "tomorrow {time!r}"',
            "en/texts.toml: tomorrow: The curly brackets",
        ),
        ('today = "today {time}"', 'today = "today {time"', "en/texts.toml: today: The curly brackets do not fit"),
        ('"Sunday"]', '"Sunday", "Funday"]', "en/texts.toml: weekdays: This must be a list of 7 words."),
        (
            'order_off = "off"',
            'order_off = " "',
            "en/texts.toml: order_off: This must be a text that is not empty.",
        ),
        ('order_off = "off"', "order_off = 3", "en/texts.toml: order_off: This must be a text that is not empty."),
        (
            'order_off = "off"',
            'order_off = "<b>off"',
            "en/texts.toml: order_off: <b> is not closed. Write </b> where it ends.",
        ),
        (
            'order_off = "off"',
            'order_off = "off</i>"',
            "en/texts.toml: order_off: </i> closes nothing.",
        ),
        (
            'order_off = "off"',
            'order_off = "<b><i>off</b></i>"',
            "en/texts.toml: order_off: </b> closes nothing.",
        ),
        (
            'order_off = "off"',
            'order_off = "<big>off</big>"',
            "en/texts.toml: order_off: <big> is not known here.",
        ),
        ('order_off = "off"', 'order_off = "< 3"', 'en/texts.toml: order_off: "<" cannot stand alone. Write &lt;'),
        (
            'button_undo = "Undo"',
            'button_undo = "<b>Undo</b>"',
            "en/texts.toml: button_undo: Bold and the like cannot stand here.",
        ),
        (
            'old_button = "This',
            'old_button = "<i>Hm</i> This',
            "en/texts.toml: old_button: Bold and the like cannot stand here.",
        ),
        (
            'command_tip = "Today',
            f'command_tip = "{"x" * 256}Today',
            "en/texts.toml: command_tip: This is 267 characters long; Telegram takes 256.",
        ),
        (
            'minutes.one = "1 minute"\n',
            "",
            "en/texts.toml: minutes.one: This form is missing. It is for 1.",
        ),
        (
            'minutes.one = "1 minute"',
            'minutes.few = "1 minute"',
            "en/texts.toml: minutes.few: This language has no such form, only: one, other.",
        ),
        (
            'minutes.other = "{minutes} minutes"',
            'minutes.other = "some minutes"',
            "en/texts.toml: minutes.other: {minutes} is missing.",
        ),
        (
            'minutes.one = "1 minute"\nminutes.other = "{minutes} minutes"',
            'minutes = "{minutes} min"',
            "en/texts.toml: minutes: This counts, so it has forms of its own: one, other.",
        ),
        ('order_off = "off"', 'order_off = "off', "en/texts.toml: file: This is not valid TOML"),
    ],
)
def test_a_fault_names_file_and_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert any(one.startswith(fault) for one in faults_after(tmp_path, old, new))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    faults = faults_after(tmp_path, "button_", "knob_")
    assert len(faults) > 60


def test_every_language_is_checked(tmp_path: Path) -> None:
    assert faults_after(tmp_path, "{clock} there now", "now", language="de") == [
        "de/texts.toml: zone_proposal: {clock} is missing."
    ]


def test_a_translation_keeps_the_commands(tmp_path: Path) -> None:
    assert faults_after(tmp_path, "Change anything: /settings", "Change anything: /einstellungen", "de") == [
        "de/texts.toml: all_set: /settings is missing, /einstellungen is not in the English text."
    ]


def test_a_folder_must_be_named_after_a_language(tmp_path: Path) -> None:
    assert faults_after(tmp_path, "{clock} there now", "{clock} there now", "xx") == [
        "xx: folder: No such language is known. Name the folder by its ISO code."
    ]


def test_english_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ContentFaults, match=r"en/texts.toml: file: There is no such file"):
        load_texts(tmp_path)


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("de-CH", "de"), ("DE", "de"), ("en-GB", "en"), ("xx", "en"), ("", "en"), (None, "en")],
)
def test_words_come_in_the_language_there_is(
    with_german: Mapping[Language, Texts], code: str | None, language: str
) -> None:
    assert texts_for(with_german, code) == (Language(language), with_german[Language(language)])


def test_a_language_has_words_of_its_own(with_german: Mapping[Language, Texts]) -> None:
    assert with_german[Language("de")] == replace(with_german[ENGLISH], order_off="aus")


def test_shipped_words_avoid_what_the_house_avoids() -> None:
    found = [
        (key, match[0])
        for key, text in words().items()
        for one in AVOIDED
        if (match := one.pattern.search(ALLOWED.sub(" ", text)))
    ]
    assert found == []


def test_shipped_words_are_valid_markup_and_have_at_most_one_emoji() -> None:
    for key, text in words().items():
        shown, _ = parse_html(text.format_map(_Anything()))
        assert sum(ord(letter) > 0x2600 and letter != "✓" for letter in shown) <= 1, key


def test_shipped_words_fit() -> None:
    for key, text in words().items():
        most = PROFILE.get(key) or next((size for start, size in MOST.items() if key.startswith(start)), 900)
        assert len(text) <= most, key


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "x"


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "en" / "texts.toml").mkdir(parents=True)
    with pytest.raises(ContentFaults) as caught:
        load_texts(tmp_path)
    assert [(one.file, one.key) for one in caught.value.faults] == [("en/texts.toml", "file")]
