"""The index itself: what counts more, what is forgiven, and what never happens whatever is typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipbot.domain.content import ENGLISH, Language
from tipbot.search import Document, Index

FRENCH = Language("fr")


def _index(*documents: Document) -> Index:
    return Index(documents, {ENGLISH: ["the", "I'm"], FRENCH: ["le"]})


def _document(name: str, title: str = "", body: str = "", **more: object) -> Document:
    return Document(name, ENGLISH, title, body, **more)  # type: ignore[arg-type]


def test_a_title_counts_more_than_a_body() -> None:
    index = _index(_document("a", "Rest", "a pillow helps"), _document("b", "A pillow", "rest"))
    assert index.find(ENGLISH, "pillow", most=9) == ("b", "a")


def test_words_it_shall_be_found_by_need_not_be_in_it() -> None:
    assert _index(_document("a", "Night", about="bed mattress")).find(ENGLISH, "beds", most=9) == ("a",)


def test_endings_do_not_matter() -> None:
    assert _index(_document("a", "Stretching hips")).find(ENGLISH, "hip stretches", most=9) == ("a",)


@pytest.mark.parametrize("typed", ["mattres", "matress", "mattrses", "nattress"])
def test_one_wrong_letter_is_forgiven_in_a_long_word(typed: str) -> None:
    assert _index(_document("a", "Your mattress")).find(ENGLISH, typed, most=9) == ("a",)


@pytest.mark.parametrize("typed", ["bad", "bd", "mutress"])
def test_short_words_and_two_wrong_letters_are_not(typed: str) -> None:
    assert _index(_document("a", "Your bed and mattress")).find(ENGLISH, typed, most=9) == ()


def test_a_word_that_is_known_is_not_taken_for_another() -> None:
    index = _index(_document("a", "Night light"), _document("b", "Right"), _document("c", "Sight"))
    assert index.find(ENGLISH, "right", most=9) == ("b",)


def test_a_tiny_weight_comes_after_everything_else_that_fits() -> None:
    index = _index(_document("a", "Massage", "massage massage", weight=1e-6), _document("b", "Rest", "massage"))
    assert index.find(ENGLISH, "massage", most=9) == ("b", "a")


def test_most_words_must_be_found_or_one_in_a_telling_place() -> None:
    index = _index(_document("a", "Rest", "plan a walk"), _document("b", "Plan ahead"))
    assert index.find(ENGLISH, "weekend plans abroad", most=9) == ("b",)


def test_words_that_say_nothing_find_nothing() -> None:
    index = _index(_document("a", "The I'm", "the im"))
    assert index.find(ENGLISH, "the I\N{RIGHT SINGLE QUOTATION MARK}m THE", most=9) == ()


def test_each_language_has_its_own_shelf_and_english_stands_in() -> None:
    index = _index(_document("a", "Pillow"), Document("b", FRENCH, "Chaises", "le"))
    assert index.find(FRENCH, "chaise", most=9) == ("b",)
    assert index.find(Language("fr-ca"), "chaise", most=9) == ("b",)
    assert index.find(Language("de"), "pillow", most=9) == ("a",)
    assert index.find(FRENCH, "pillow", most=9) == ()


def test_no_more_than_asked_for() -> None:
    index = _index(*(_document(str(number), "Pillow") for number in range(5)))
    assert index.find(ENGLISH, "pillow", most=3) == ("0", "1", "2")


def test_nothing_at_all_can_be_searched() -> None:
    assert Index((), {}).find(ENGLISH, "pillow", most=3) == ()
    assert _index().find(ENGLISH, "pillow", most=3) == ()


SOME = _index(_document("a", "Your bed"), _document("b", "Stretch", "slowly"))


@settings(deadline=None)
@given(st.text())
def test_no_words_break_it(words: str) -> None:
    assert set(SOME.find(ENGLISH, words, most=3)) <= {"a", "b"}
