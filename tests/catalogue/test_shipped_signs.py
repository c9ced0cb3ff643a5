"""The shipped urgent signs name what must never be missing from them (UK: NHS, cauda equina; NICE NG59)."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.content import shipped_catalogue
from tipbot.domain.content import ENGLISH, Urgent

RED = ("genitals", "wiping", "pee", "both legs", "chest", "accident")
AMBER = ("fever", "weight", "cancer", "immune|infection")
EACH = [*(("red_signs", words) for words in RED), *(("amber_signs", words) for words in AMBER)]


@pytest.fixture(scope="module")
def urgent() -> Urgent:
    return shipped_catalogue().urgent(ENGLISH)


def names(sign: str, words: str) -> bool:
    return re.search(rf"\b(?:{words})\b", sign, re.IGNORECASE) is not None


def missing(urgent: Urgent) -> Sequence[tuple[str, str]]:
    return [(key, words) for key, words in EACH if not any(names(sign, words) for sign in getattr(urgent, key))]


def test_no_sign_is_missing(urgent: Urgent) -> None:
    assert missing(urgent) == []


@pytest.mark.parametrize(("key", "words"), EACH)
def test_a_sign_that_is_taken_out_is_missed(urgent: Urgent, key: str, words: str) -> None:
    kept = tuple(sign for sign in getattr(urgent, key) if not names(sign, words))
    shorter = replace(urgent, red_signs=kept) if key == "red_signs" else replace(urgent, amber_signs=kept)
    assert (key, words) in missing(shorter)
