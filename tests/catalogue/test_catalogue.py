"""What a loaded catalogue answers, and that nobody can change it."""

from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from tests.catalogue.changes import change
from tipbot.catalogue import Coverage, load_catalogue, remarks
from tipbot.domain.content import ENGLISH, Item, ItemId, Language, Position, TherapistId, Topic, Verdict
from tipbot.shipped import shipped

FRENCH = Language("fr")
TIPS = "en/tips/desk.toml"
SOON = date(2026, 2, 1)


def test_the_shipped_content_passes_every_rule() -> None:
    catalogue = load_catalogue(shipped("content"))
    coverage = catalogue.coverage
    assert coverage.items == coverage.covered + coverage.omitted
    assert catalogue.tips(ENGLISH)
    assert catalogue.cards(ENGLISH)
    assert catalogue.stretches(ENGLISH)


def test_values_have_the_types_of_the_domain(content: Path) -> None:
    catalogue = load_catalogue(content)
    (stretch,) = catalogue.stretches(ENGLISH)
    assert stretch.position is Position.LYING
    assert stretch.topic is Topic.STRETCHING
    assert stretch.steps == ("Bend one knee.", "Hold it with both hands.", "Swap legs.")
    assert stretch.review.due == date(2026, 7, 5)
    (source,) = catalogue.sources
    assert source.published == date(2024, 5, 1)
    assert [item.verdict for item in source.items] == list(Verdict)
    assert [item.therapist for item in source.items] == ["lore", None, "lore", None]


def test_items_are_found_by_id_whatever_their_kind(content: Path) -> None:
    catalogue = load_catalogue(content)
    items: list[Item] = [*catalogue.tips(ENGLISH), *catalogue.cards(ENGLISH), *catalogue.stretches(ENGLISH)]
    for item in items:
        assert catalogue.item(ENGLISH, item.id) is item
    assert catalogue.item(ENGLISH, ItemId("retired")) is None
    assert catalogue.therapists[TherapistId("asad")].name == "Asad"
    assert catalogue.clinic.name == "Back in Town"


def test_coverage_counts_items_covered_and_omitted(content: Path) -> None:
    assert load_catalogue(content).coverage == Coverage(items=4, covered=3, omitted=1)


def test_entries_keep_the_order_of_the_files(content: Path) -> None:
    first = (content / TIPS).read_text(encoding="utf-8")
    (content / "en/tips/aaa.toml").write_text(first.replace("sit-then-shift", "walk"), encoding="utf-8")
    assert [tip.id for tip in load_catalogue(content).tips(ENGLISH)] == ["walk", "sit-then-shift"]


def test_a_language_answers_in_its_own_words_and_others_in_english(bilingual: Path) -> None:
    change(bilingual, "fr/tips/desk.toml", "Sit, then shift", "Assis, puis debout")
    change(bilingual, "fr/urgent.toml", "When to get help now", "Au secours")
    catalogue = load_catalogue(bilingual)
    titles = {code: catalogue.tips(Language(code))[0].title for code in ("en", "fr", "fr-ca", "de")}
    french, english = "Assis, puis debout", "Sit, then shift"
    assert titles == {"en": english, "fr": french, "fr-ca": french, "de": english}
    assert catalogue.urgent(FRENCH).title == "Au secours"
    assert catalogue.languages == (ENGLISH, FRENCH)


def test_nothing_can_be_changed(content: Path) -> None:
    catalogue = load_catalogue(content)
    with pytest.raises(FrozenInstanceError):
        catalogue.clinic = None  # type: ignore[misc, assignment]
    with pytest.raises(TypeError):
        catalogue.shelves[FRENCH] = catalogue.shelves[ENGLISH]  # type: ignore[index]
    with pytest.raises(TypeError):
        del catalogue.therapists[TherapistId("lore")]  # type: ignore[attr-defined]
    assert isinstance(catalogue.tips(ENGLISH), tuple)


def test_finished_content_leaves_nothing_to_remark(content: Path) -> None:
    assert remarks(load_catalogue(content), SOON) == ()


def test_placeholders_are_remarked(content: Path) -> None:
    change(content, "clinic.toml", "Back in Town", "CHANGE ME: your name")
    change(content, "clinic.toml", "https://backintown.uk/book/lore", "https://example.org/lore")
    name, link = remarks(load_catalogue(content), SOON)
    assert name.startswith("clinic.toml: name: ")
    assert link.startswith("clinic.toml: booking_urls.lore: ")


def test_items_no_clinician_has_seen_are_remarked(content: Path) -> None:
    change(content, TIPS, "Dr Grey", "Awaiting clinician")
    (remark,) = remarks(load_catalogue(content), SOON)
    assert "no clinician has reviewed 1 item (sit-then-shift)" in remark


def test_urgent_signs_no_clinician_has_seen_are_remarked(content: Path) -> None:
    change(content, "en/urgent.toml", "Dr Grey", "Awaiting clinician")
    (remark,) = remarks(load_catalogue(content), SOON)
    assert remark.startswith("en/urgent.toml: no clinician has reviewed the urgent signs")


def test_reviews_are_remarked_from_the_day_after_they_were_due(content: Path) -> None:
    catalogue = load_catalogue(content)
    assert remarks(catalogue, date(2026, 7, 5)) == ()
    urgent, screens, items = remarks(catalogue, date(2026, 7, 6))
    assert urgent.startswith("en/urgent.toml: the review of the urgent signs is overdue")
    assert screens.startswith("en/checks/screens.toml: the review of the safety screens is overdue")
    assert "7 items (sit-then-shift, know-rest, know-discs and others)" in items


def test_a_language_whose_words_are_not_checked_is_remarked(bilingual: Path) -> None:
    (remark,) = remarks(load_catalogue(bilingual), SOON)
    assert remark.startswith("fr: words to avoid are only known in English")


def test_an_article_is_read_page_by_page(content: Path) -> None:
    (article,) = load_catalogue(content).articles(ENGLISH)
    assert article.id == "all-about-chairs"
    assert article.therapists == ("lore", "asad")
    assert [section.heading for section in article.sections] == ["Sit and shift", "Stand up"]
    assert article.sections[0].text == (
        "No one way to sit is right. Change often.\n\n- Get up now and then.\n- Walk a little."
    )
    assert load_catalogue(content).article(ENGLISH, article.id) == article


def test_a_clinic_need_not_have_any_article(content: Path) -> None:
    (content / "en/articles/chairs.md").unlink()
    assert load_catalogue(content).articles(ENGLISH) == ()


def test_an_article_reads_the_same_with_the_line_ends_of_windows(content: Path) -> None:
    expected = load_catalogue(content).articles(ENGLISH)
    path = content / "en/articles/chairs.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_catalogue(content).articles(ENGLISH) == expected
