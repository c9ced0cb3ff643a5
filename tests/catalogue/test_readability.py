"""The reading level: syllables word by word, and grades of texts that were worked out by hand."""

import pytest

from tipbot.catalogue.readability import grade, sentences, syllables, words

SYLLABLES = {
    1: "the she back stretch move moves moved knees shoes breathe whole miles walked called hour you're don't "
    "clothes 30",
    2: "muscle muscles little tables needed settled stretches places closely careful movement sometimes "
    "someone every being trying playing quiet people doesn't massage fatigue technique spasm cushion "
    "beyond centre worried",
    3: "exercise awareness element idea area serious period position usual pilates familiar",
    4: "actually sciatica experience anxiety initially exercises diabetes scoliosis",
    5: "sacroiliac associated",
    6: "osteoporosis physiotherapist",
}
WORDS = [(word, count) for count, listed in SYLLABLES.items() for word in listed.split()]


@pytest.mark.parametrize(("word", "count"), WORDS)
def test_syllables_are_counted_as_people_speak(word: str, count: int) -> None:
    assert syllables(word) == count


def test_capitals_and_curly_apostrophes_make_no_difference() -> None:
    assert [syllables(word) for word in ("Muscles", "doesn\u2019t", "ASAD")] == [2, 2, 2]


# The numbers are words, sentences and syllables, counted by hand.
GRADES = [
    ("The cat sat on the mat.", 0.39 * 6 / 1 + 11.8 * 6 / 6 - 15.59),
    ("Stand up after an hour of sitting. Your back likes a change.", 0.39 * 12 / 2 + 11.8 * 14 / 12 - 15.59),
    (
        "Intervertebral stability necessitates muscular activity.",
        0.39 * 5 / 1 + 11.8 * (5 + 4 + 4 + 3 + 4) / 5 - 15.59,
    ),
]


@pytest.mark.parametrize(("text", "expected"), GRADES)
def test_grades_follow_the_formula(text: str, expected: float) -> None:
    assert grade(text) == pytest.approx(expected)


def test_a_text_without_words_has_grade_0() -> None:
    assert grade("… !") == 0.0


def test_sentences_end_at_marks_quotes_and_new_lines_but_not_inside_numbers() -> None:
    assert sentences('Rest 2.5 hours. "Stand up!" Walk\nBreathe?') == [
        "Rest 2.5 hours.",
        '"Stand up!',
        "Walk",
        "Breathe?",
    ]


def test_hyphens_part_words_and_apostrophes_do_not() -> None:
    assert words("Don't over-do it, you\u2019re fine") == ["Don't", "over", "do", "it", "you\u2019re", "fine"]
