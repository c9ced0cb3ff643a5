"""When two entries of a feed are the same article, and when they are not."""

from dataclasses import replace

import pytest

from tipbot.domain.feed import FeedEntry, FeedFailure, FeedFault, identities, without_repeats

ONE = FeedEntry("42", "https://clinic.example/blog/sitting", "Sitting", "Move now and then.", None, None)
TWO = FeedEntry("43", "https://clinic.example/blog/standing", "Standing", "Move now and then.", None, None)


def is_same(one: FeedEntry, other: FeedEntry) -> bool:
    return bool(identities(one) & identities(other))


@pytest.mark.parametrize(
    "other",
    [
        replace(TWO, guid="42"),
        replace(TWO, link="http://www.Clinic.example:80/blog/sitting/?utm_source=feed&fbclid=1#more"),
        replace(ONE, guid=None, link="https://new.example/blog/sitting", title=" SITTING"),
        replace(ONE, guid="https://clinic.example/?p=7", title="Sitting better", summary="Move every hour."),
    ],
)
def test_the_same_article(other: FeedEntry) -> None:
    assert is_same(ONE, other)


@pytest.mark.parametrize(
    "other",
    [
        TWO,
        replace(TWO, guid=None),
        replace(TWO, guid="42", link="https://another.example/standing"),
        replace(ONE, guid=None, link="https://clinic.example/blog/sitting?page=2"),
        replace(ONE, guid=None, link="https://clinic.example/blog/sitting#!/two"),
    ],
)
def test_another_article(other: FeedEntry) -> None:
    assert not is_same(ONE, other)


def test_a_guid_that_is_an_address_is_known_on_every_host() -> None:
    guid = "https://clinic.example/?p=42"
    assert is_same(replace(ONE, guid=guid), replace(TWO, guid=guid, link="https://new.example/other"))


def test_the_order_of_parameters_means_nothing() -> None:
    one, other = "https://clinic.example/?a=1&b=2", "https://clinic.example?b=2&utm_medium=x&a=1"
    assert is_same(replace(ONE, guid=None, link=one), replace(TWO, guid=None, link=other))


def test_identities_are_short_and_stable() -> None:
    """They are stored: an article must be known again by those of years ago."""
    assert identities(ONE) == IDENTITIES
    assert ONE.fingerprint == FINGERPRINT


FINGERPRINT = "fcc389e2feb11e749985738bc4693ad3c7ed62f59b9c1ae717540bb3c1340643"
IDENTITIES = frozenset(
    {
        "d7b8867f711248e3e59bd6fc9085d841",
        "ebefafe1a620bc92fcfea9390bbdc834",
        "fcc389e2feb11e749985738bc4693ad3",
    }
)


def test_repeats_are_told_apart_from_articles() -> None:
    again = replace(TWO, guid="42")
    assert without_repeats([ONE, again, TWO]) == ((ONE,), (again, TWO))


@pytest.mark.parametrize("fault", FeedFault)
def test_every_failure_is_a_sentence_that_names_the_host(fault: FeedFault) -> None:
    failure = FeedFailure(fault, "clinic.example", "404")
    assert "clinic.example" in str(failure)
    assert "{" not in str(failure)
