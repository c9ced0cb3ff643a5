"""Advice as messages: everything shipped is valid for Telegram, and nothing in it can break the markup."""

from dataclasses import replace

import pytest

from tests.bot import samples
from tests.content import shipped_catalogue, shipped_texts
from tipbot.bot.rendering import render_delivery, render_urgent
from tipbot.catalogue import Catalogue
from tipbot.domain.content import ENGLISH, Item, Stretch
from tipbot.domain.subscribers import Kind
from tipbot.sandbox.markup import parse_html
from tipbot.texts import Texts

MOST_CHARACTERS = 4096
# What a phone shows without much scrolling; the list in the folded quote is not counted.
COMFORTABLE = {Kind.TIP: 600, Kind.STRETCH: 900}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.fixture(scope="module")
def texts() -> Texts:
    return shipped_texts()[ENGLISH]


def everything(catalogue: Catalogue) -> list[tuple[Kind, Item]]:
    tips: list[tuple[Kind, Item]] = [(Kind.TIP, tip) for tip in catalogue.tips(ENGLISH)]
    cards: list[tuple[Kind, Item]] = [(Kind.TIP, card) for card in catalogue.cards(ENGLISH)]
    return [*tips, *cards, *((Kind.STRETCH, stretch) for stretch in catalogue.stretches(ENGLISH))]


def test_every_shipped_item_is_a_message_that_telegram_takes(catalogue: Catalogue, texts: Texts) -> None:
    items = everything(catalogue)
    assert items
    for kind, item in items:
        screen = render_delivery(item, texts, catalogue, kind)
        shown, entities = parse_html(screen.text)
        folded = sum(entity["length"] for entity in entities if entity["type"] == "expandable_blockquote")
        assert len(shown) <= MOST_CHARACTERS, item.id
        assert len(shown) - folded <= COMFORTABLE[kind], item.id
        assert "{" not in shown, item.id


def test_every_shipped_stretch_folds_its_limits_and_points_to_the_urgent_signs(
    catalogue: Catalogue, texts: Texts
) -> None:
    for stretch in catalogue.stretches(ENGLISH):
        shown, entities = parse_html(render_delivery(stretch, texts, catalogue, Kind.STRETCH).text)
        quotes = [one for one in entities if one["type"] == "expandable_blockquote"]
        assert len(quotes) == 1
        quote = shown[quotes[0]["offset"] : quotes[0]["offset"] + quotes[0]["length"]]
        assert all(line in quote for line in stretch.not_for), stretch.id
        assert stretch.stop in shown
        assert "/urgent" in shown


def test_shipped_urgent_signs_are_complete_and_lead_nowhere_else(catalogue: Catalogue) -> None:
    urgent = catalogue.urgent(ENGLISH)
    screen = render_urgent(urgent)
    shown, _ = parse_html(screen.text)
    assert len(shown) <= MOST_CHARACTERS
    assert all(line in shown for line in (*urgent.red_signs, *urgent.amber_signs, urgent.crisis, urgent.note))
    assert screen.keyboard is None


def test_words_from_outside_cannot_break_a_message(texts: Texts) -> None:
    wild = "<b>A & B</b> {x}"
    catalogue = samples.catalogue()
    tip = replace(samples.tip(1), title=wild, body=wild)
    card = replace(samples.card(), title=wild, fact=wild, so_what=wild, source=wild)
    stretch: Stretch = replace(
        samples.stretch(1),
        name=wild,
        why=wild,
        setup=wild,
        steps=(wild, wild, wild),
        dose=wild,
        easier=wild,
        stop=wild,
        not_for=(wild,),
    )
    for kind, item in ((Kind.TIP, tip), (Kind.TIP, card), (Kind.STRETCH, stretch)):
        shown, _ = parse_html(render_delivery(item, texts, catalogue, kind).text)
        assert wild in shown
    shown, _ = parse_html(render_urgent(replace(samples.URGENT, title=wild, red_signs=(wild,), note=wild)).text)
    assert shown.count(wild) == 3
