"""Which words are answered with help at once, which are a plain stop, and which are none of these."""

import pytest

from tests.content import shipped_texts
from tipbot.bot.conversations.alarms import sounds_like_crisis, sounds_worrying
from tipbot.bot.conversations.wording import after_one_of, is_one_of
from tipbot.domain.content import ENGLISH

TEXTS = shipped_texts()[ENGLISH]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "I dont want to live",
            "I don\N{RIGHT SINGLE QUOTATION MARK}t want to LIVE any more",
            "i want to kill  my self",
            "kms",
            "/want_to_die",
        ),
        *(
            "I might take my own life.",
            "I wish I was dead",
            "they are better off dead",
            "self-harm",
            "self harming",
        ),
        *(
            "I don't want to be here anymore",
            "there is no reason to live",
            "took an overdose",
            "can\N{RIGHT SINGLE QUOTATION MARK}t cope",
        ),
        *("I can not cope", "I cant go on!", "I feel unsafe", "I'm not safe", "thinking of ending\nit all"),
    ],
)
def test_somebody_in_crisis_is_heard(text: str) -> None:
    assert sounds_like_crisis(text, TEXTS)


@pytest.mark.parametrize(
    "text",
    [
        *("I can't feel my leg", "i cannot feel my foot", "tingly toes", "PINS-AND-NEEDLES", "I weed myself"),
        *(
            "pissed myself",
            "I can't go to the toilet",
            "numb/tingling",
            "/numb",
            "/emergency",
            "is it cauda equina?",
        ),
        *("pains in my back, chest pains too", "my chest is tight", "I cant breathe", "short of breath"),
        *("both legs", "my knee gave way", "cant walk", "she passed out", "call an ambulance", "999", "ring 111?"),
    ],
)
def test_worrying_signs_are_heard(text: str) -> None:
    assert sounds_worrying(text, TEXTS)


@pytest.mark.parametrize(
    "text",
    [
        *("number 7", "numbers", "tip please", "7:30", "1:11", "0113 496 0000", "London", "weekend", "needle"),
        *("/timezone london", "chester", "I sit all day", "stretch my legs", "11 11", "live in leeds"),
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert not sounds_like_crisis(text, TEXTS)
    assert not sounds_worrying(text, TEXTS)


@pytest.mark.parametrize("text", ["stop", "Stop!", " STOP IT ", "unsubscribe.", "/unsubscribe", "Quit", "end"])
def test_a_plain_stop_is_one(text: str) -> None:
    assert is_one_of(text, TEXTS.stop_words)


@pytest.mark.parametrize("text", ["stop by", "when does it end", "don't stop", "", "weekend"])
def test_a_stop_inside_other_words_is_none(text: str) -> None:
    assert not is_one_of(text, TEXTS.stop_words)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("I live in Leeds.", "leeds"),
        ("im in tokyo", "tokyo"),
        ("I\N{RIGHT SINGLE QUOTATION MARK}m in Paris", "paris"),
        ("i am living in nice", "nice"),
        ("in paris", ""),
        ("i live in", ""),
        ("i live inside", ""),
    ],
)
def test_the_place_after_a_beginning_is_found(text: str, place: str) -> None:
    assert after_one_of(text, TEXTS.place_beginnings) == place
