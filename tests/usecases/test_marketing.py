"""What makes a message look like an offer: links to a booking first, then words."""

import pytest

from tipbot.domain.composition import Composition, LinkButton, Part, PartKind
from tipbot.domain.content import Clinic, TherapistId
from tipbot.usecases.marketing import OfferSigns, Sign

CLINIC = Clinic(
    name="Harbour Clinic",
    address="1 Quay",
    contact="hello@harbour.example",
    website="https://harbour.example/",
    booking_url="https://www.harbour.example/book",
    booking_urls={TherapistId("asad"): "https://bookings.example/asad"},
    privacy_contact="privacy@harbour.example",
    host="A host",
)
SIGNS = OfferSigns(CLINIC, "HarbourBot", "https://tips.example", ("discount", "% off", "half price"))


def saying(html: str, *links: str) -> Composition:
    return Composition((Part(PartKind.TEXT, html),), tuple(LinkButton("Look", url) for url in links))


@pytest.mark.parametrize(
    "composition",
    [
        saying("Look", "https://www.harbour.example/book"),
        saying("Look", "https://harbour.example/book/lore?utm_source=x#y"),
        saying("Look", "https://bookings.example/anything"),
        saying("Look", "https://tips.example/go/clinic/tip"),
        saying("Look", "https://t.me/harbourbot?start=book"),
        saying("Look", "tg://resolve?domain=HarbourBot&start=book"),
        saying("Come to harbour.example/book."),
        saying('<a href="https://bookings.example/?a=1&amp;b=2">here</a>'),
    ],
)
def test_a_booking_link_is_the_clearest_sign(composition: Composition) -> None:
    assert SIGNS.of(composition) is Sign.BOOKING
    assert SIGNS(composition)


@pytest.mark.parametrize(
    "html", ["A DISCOUNT for you", "Now 20% off", "half\nprice", "<b>Half</b> price on Mondays", "10 % off"]
)
def test_words_of_offers_are_a_sign(html: str) -> None:
    assert SIGNS.of(saying(html)) is Sign.WORDS


@pytest.mark.parametrize(
    "composition",
    [
        saying("Sleep and your back", "https://harbour.example/blog/sleep"),
        saying("The bookshop is closed", "https://harbour.example/bookshop"),
        saying("Get your own tips", "https://t.me/HarbourBot?start=blog"),
        saying("Discounted worries", "https://elsewhere.example/go/clinic"),
    ],
)
def test_an_article_is_none(composition: Composition) -> None:
    assert SIGNS.of(composition) is None
