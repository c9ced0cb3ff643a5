"""One broken sample for each rule on the privacy policy, and what the shipped one must say."""

from datetime import date
from pathlib import Path

import pytest

from tests.catalogue.changes import Broken, assert_blamed
from tests.content import shipped_catalogue
from tipbot.catalogue.passages import passages
from tipbot.domain.content import ENGLISH
from tipbot.storage.schema import metadata

PRIVACY, FRENCH = "en/privacy.toml", "fr/privacy.toml"

RULES = {
    "no version": Broken(PRIVACY, 'version = "1.0"\neff', "eff", "version", "missing"),
    "empty version": Broken(PRIVACY, '"1.0"', '"V 1"', "version", "small letters"),
    "no date": Broken(PRIVACY, "effective = 2026-01-05\n", "", "effective", "missing"),
    "date in quotes": Broken(PRIVACY, "= 2026-01-05", '= "soon"', "effective", "without quotes"),
    "no consent version": Broken(PRIVACY, 'consent_version = "2026-01"\n', "", "consent_version", "missing"),
    "consent version too long": Broken(PRIVACY, '"2026-01"', f'"{"1" * 17}"', "consent_version", "at most 16"),
    "nothing said to have changed": Broken(PRIVACY, '"We keep one number more."', '" "', "what_changed", "empty"),
    "unknown placeholder": Broken(
        PRIVACY, "Hosted by", "By {nobody}. Hosted by", "pages[#1].text", "{nobody} is not"
    ),
    "open bracket": Broken(PRIVACY, '"You agreed', '"} You agreed', "pages[#2].text", "do not fit together"),
    "nobody to write to": Broken(PRIVACY, "{privacy_contact}", "us", "pages", "{privacy_contact} stands nowhere"),
    "no host": Broken(PRIVACY, "{host}", "us", "pages", "{host} stands nowhere"),
    "no way to delete": Broken(PRIVACY, "/delete ends", "it ends", "pages", '"/delete" stands nowhere'),
    "no regulator": Broken(PRIVACY, "ico.org.uk", "a court", "pages", '"ico.org.uk" stands nowhere'),
    "no basis": Broken(PRIVACY, "9(2)(a)", "nine", "pages", '"9(2)(a)" stands nowhere'),
    "long page": Broken(PRIVACY, '"You agreed', f'"{"So. " * 400}You agreed', "pages[rights].text", "1600 fit"),
    "long button": Broken(
        PRIVACY, 'button = "Your rights"', f'button = "{"a" * 31}"', "pages[rights].button", "30 fit"
    ),
    "long summary": Broken(PRIVACY, "keeps little.", "keeps little. " * 60, "summary", "800 fit"),
    "page id with capitals": Broken(PRIVACY, 'id = "who"', 'id = "Who"', "pages[Who].id", "small letters"),
    "page id twice": Broken(PRIVACY, 'id = "who"', 'id = "rights"', "pages[rights].id", "taken"),
    "markup": Broken(PRIVACY, "Hosted by", "<b>Hosted</b> by", "pages[#1].text", '"<" cannot stand'),
    "a claim": Broken(PRIVACY, "Hosted by", "It cures. Hosted by", "pages[#1].text", '"cures" is a word to avoid'),
    "file missing a host in clinic.toml": Broken(
        "clinic.toml", 'host = "Leeds Machines Ltd, United Kingdom"\n', "", "host", "missing"
    ),
}


@pytest.mark.parametrize("broken", RULES.values(), ids=RULES.keys())
def test_a_broken_rule_is_blamed_at_its_key(content: Path, broken: Broken) -> None:
    assert_blamed(content, broken)


TRANSLATIONS = {
    "version": Broken(FRENCH, '"1.0"', '"1.1"', "version", "the same as in en/privacy.toml"),
    "date": Broken(FRENCH, "2026-01-05", "2026-01-06", "effective", "the same"),
    "consent version": Broken(FRENCH, '"2026-01"', '"2026-02"', "consent_version", "the same"),
    "pages": Broken(FRENCH, 'id = "who"', 'id = "qui"', "pages", "must be those of en/privacy.toml"),
}


@pytest.mark.parametrize("broken", TRANSLATIONS.values(), ids=TRANSLATIONS.keys())
def test_a_translation_is_of_the_same_version(bilingual: Path, broken: Broken) -> None:
    assert_blamed(bilingual, broken)


def test_every_language_needs_a_policy(bilingual: Path) -> None:
    (bilingual / FRENCH).unlink()
    assert_blamed(bilingual, Broken("fr/tips/desk.toml", "Been at", "Was at", "file", "missing", blamed=FRENCH))


def test_the_shipped_policy_carries_version_date_and_purpose() -> None:
    policy = shipped_catalogue().policy(ENGLISH)
    whole = "\n".join(text for _, text in passages(policy))
    assert policy.effective >= date(2026, 11, 22)
    assert "does not diagnose, monitor or treat any condition" in whole
    assert "article 6(1)(a)" in whole
    assert "18 or over" in whole


# What the policy says of each table that can name somebody; a new one must find words before it is added here.
SAID = {
    "subscribers": "time zone",
    "slots": "the next one is due",
    "outbox": "Messages to you",
    "consents": "What you agreed to",
    "favourites": "Favourites",
    "exclusions": "never want again",
    "audit": "what you did there",
    "operators": "if you work for the clinic",
    "invitations": "if you work for the clinic",
    "broadcasts": "if you work for the clinic",
    "watchers": "in which messages you watch it go out",
    "retired_items": "if you work for the clinic",
    "recipients": "which news went to you",
}
# Tables in which nobody is named.
NAMELESS = {"totals", "pace", "updates_in_hand", "feedback", "link_presses", "identity", "tallies", "chores"}
NAMELESS |= {"waves", "articles", "article_identities", "feed_state", "alarms_told", "witness", "recipient_ranges"}


def test_the_shipped_policy_speaks_of_every_table_there_is() -> None:
    policy = shipped_catalogue().policy(ENGLISH)
    kept = next(page.text for page in policy.pages if page.id == "kept")
    assert set(metadata.tables) == SAID.keys() | NAMELESS
    assert [table for table, words in SAID.items() if words not in kept] == []
