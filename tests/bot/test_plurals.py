"""Texts that count, in languages with more forms than English has."""

import json
import tomllib
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from tipbot.domain.content import ENGLISH, Language
from tipbot.domain.faults import ContentFaults
from tipbot.shipped import shipped
from tipbot.texts import Texts, load_texts
from tipbot.texts.plurals import plural_rules

ENGLISH_FORMS = 'minutes.one = "1 minute"\nminutes.other = "{minutes} minutes"\n'
POLISH = {"one": "minuta", "few": "{minutes} minuty", "many": "{minutes} minut", "other": "{minutes} minuty"}
ARABIC = {
    "zero": "لا دقائق",
    "one": "دقيقة",
    "two": "دقيقتان",
    "few": "{minutes} دقائق",
    "many": "{minutes} دقيقة",
    "other": "{minutes} دقيقة.",
}


def loaded(tmp_path: Path, language: str, forms: dict[str, str]) -> Texts:
    """The shipped words as those of another language, with forms of its own for minutes."""
    rules = plural_rules(Language(language))
    assert rules is not None
    own = "".join(f'minutes.{category} = "{form}"\n' for category, form in forms.items())
    english, uncounted, others = shipped_words()
    text = uncounted.replace(ENGLISH_FORMS, own)
    text += "".join(
        f"{name}.{category} = {form}\n" for name, form in others.items() for category in rules.categories
    )
    for name, content in (("en", english), (language, text)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "texts.toml").write_text(content, encoding="utf-8")
    return load_texts(tmp_path)[Language(language)]


@cache
def shipped_words() -> tuple[str, str, dict[str, str]]:
    """The shipped words; those without counted texts other than minutes; and a form for each of these."""
    english = (shipped("content") / ENGLISH / "texts.toml").read_text(encoding="utf-8")
    assert ENGLISH_FORMS in english
    table, uncounted, others = tomllib.loads(english), english, {}
    for one in fields(Texts):
        if "counted" in one.metadata and one.name != "minutes":
            others[one.name] = json.dumps(table[one.name]["other"], ensure_ascii=False)
            uncounted = "".join(_without(uncounted, one.name))
    return english, uncounted, others


def _without(text: str, name: str) -> list[str]:
    """Return the lines of a TOML text but for those of one counted text."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        begins = line.startswith(f"{name}.")
        ends = inside and line.startswith('"""')
        if not (begins or inside):
            kept.append(line)
        inside = (begins and line.count('"""') == 1) or (inside and not ends)
    return kept


@pytest.fixture(scope="module")
def polish(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    return loaded(tmp_path_factory.mktemp("polish"), "pl", POLISH)


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    return loaded(tmp_path_factory.mktemp("arabic"), "ar", ARABIC)


def _but(category: str) -> dict[str, str]:
    return {key: form for key, form in POLISH.items() if key != category}


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "minuta"), (2, "2 minuty"), (4, "4 minuty"), (5, "5 minut"), (12, "12 minut"), (22, "22 minuty")],
)
def test_polish_has_a_form_for_few_and_one_for_many(polish: Texts, count: int, said: str) -> None:
    assert polish.minutes.format(minutes=count) == said


@pytest.mark.parametrize(
    ("count", "category"),
    [(0, "zero"), (1, "one"), (2, "two"), (3, "few"), (10, "few"), (11, "many"), (99, "many"), (100, "other")],
)
def test_arabic_has_six_forms(arabic: Texts, count: int, category: str) -> None:
    minutes = arabic.minutes
    assert minutes.form(count) == ARABIC[category]
    assert minutes.format(minutes=count) == ARABIC[category].format(minutes=count)


def test_japanese_has_one_form_for_all_numbers(tmp_path: Path) -> None:
    minutes = loaded(tmp_path, "ja", {"other": "{minutes}分"}).minutes
    assert [minutes.format(minutes=count) for count in (1, 2)] == ["1分", "2分"]


NO_SUCH_FORM = "This language has no such form, only: one, few, many, other."
# Letters of another script are the point here.
RUSSIAN = {"one": "минута", "few": "{minutes} минуты", "many": "{minutes} минут", "other": "{minutes} минуты"}


@pytest.mark.parametrize(
    ("language", "forms", "fault"),
    [
        ("pl", _but("few"), "few: This form is missing. It is for 2, 3, 4, 22 …."),
        ("pl", _but("many"), "many: This form is missing. It is for 0, 5, 6, 7 …."),
        ("pl", _but("other"), "other: This form is missing. It is for numbers with a fraction."),
        ("pl", POLISH | {"two": "{minutes}"}, f"two: {NO_SUCH_FORM}"),
        ("pl", POLISH | {"few": "minuty"}, "few: {minutes} is missing."),
        ("pl", POLISH | {"other": "minuty"}, "other: {minutes} is missing."),
        ("pl", POLISH | {"one": "{hours}"}, "one: {hours} is not known here."),
        ("pl", POLISH | {"one": " "}, "one: This must be a text that is not empty."),
        # In Russian 21 and 31 take the form of 1, so it has to say which number it is.
        ("ru", RUSSIAN, "one: {minutes} is missing."),
    ],
)
def test_exactly_the_forms_of_the_language_are_wanted(
    tmp_path: Path, language: str, forms: dict[str, str], fault: str
) -> None:
    with pytest.raises(ContentFaults) as caught:
        loaded(tmp_path, language, forms)
    assert [str(one) for one in caught.value.faults] == [f"{language}/texts.toml: minutes.{fault}"]


def test_a_region_has_the_rules_of_its_language() -> None:
    plain, region = plural_rules(Language("pt")), plural_rules(Language("pt-zz"))
    assert plain is not None
    assert region is not None
    assert region.categories == plain.categories
    assert plural_rules(Language("xx")) is None


def test_only_a_whole_number_can_be_counted(polish: Texts) -> None:
    with pytest.raises(TypeError, match="minutes"):
        polish.minutes.format(minutes="2")
