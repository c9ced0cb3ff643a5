"""What people type for a topic or a position, and what is understood by it."""

import pytest

from tests.content import shipped_catalogue, shipped_texts
from tipbot.bot.conversations.topics import Names, find_theme, names_of_all
from tipbot.bot.conversations.wording import plain
from tipbot.domain.content import ENGLISH, Position, Theme, Topic
from tipbot.domain.subscribers import Kind
from tipbot.usecases.library import Library

NAMES = names_of_all(shipped_texts()[ENGLISH])
TOPICS: Names = {theme: own for theme, own in NAMES.items() if isinstance(theme, Topic)}


@pytest.mark.parametrize(
    ("words", "theme"),
    [
        ("posture", Topic.POSTURE),
        ("Posture!", Topic.POSTURE),
        ("poture", Topic.POSTURE),
        ("posutre", Topic.POSTURE),
        ("mindfullness", Topic.MINDFULNESS),
        ("mindfulnes", Topic.MINDFULNESS),
        ("sleeep", Topic.SLEEP),
        ("at night", Topic.SLEEP),
        ("I sit at a desk", Topic.POSTURE),
        ("self care", Topic.CARE),
        ("good-to-know", Topic.KNOWLEDGE),
        ("elephants", None),
        ("sleep and stress", None),
        ("bad", None),
        ("", None),
        ("x" * 5_000, None),
    ],
)
def test_a_topic_is_understood(words: str, theme: Theme | None) -> None:
    assert find_theme(words, TOPICS) is theme


@pytest.mark.parametrize(
    ("words", "theme"),
    [
        ("sitting", Position.SITTING),
        ("siting", Position.SITTING),
        ("in my office chair", Position.SITTING),
        ("in bed", Position.LYING),
        ("lying down", Position.LYING),
        ("standng", Position.STANDING),
        ("on all fours", Position.KNEELING),
        ("strength", Topic.STRENGTH),
        ("sitting or standing", None),
    ],
)
def test_a_position_comes_before_a_topic(words: str, theme: Theme | None) -> None:
    assert find_theme(words, NAMES) is theme


def test_every_theme_has_words_and_no_two_topics_or_positions_share_one() -> None:
    assert set(NAMES) == {*Topic, *Position}
    for family in (Topic, Position):
        words = [plain(word) for theme, own in NAMES.items() if isinstance(theme, family) for word in own]
        assert len(words) == len(set(words))


def test_every_word_for_a_theme_is_understood() -> None:
    for theme, own in TOPICS.items():
        assert [find_theme(word, TOPICS) for word in own] == [theme] * len(own)


def test_the_shipped_content_has_tips_on_every_topic_and_stretches_in_every_position() -> None:
    library = Library(shipped_catalogue())
    assert all(library.on(ENGLISH, Kind.TIP, topic) for topic in Topic)
    assert all(library.on(ENGLISH, Kind.STRETCH, position) for position in Position)
