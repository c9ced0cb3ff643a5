"""Whether a message looks like an offer: it leads to a booking, or it speaks like one."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from urllib.parse import SplitResult, urlsplit

from tipbot.domain.composition import Composition, plain
from tipbot.domain.content import Clinic, Language
from tipbot.texts import Texts
from tipbot.usecases.booking import BookingLinks

_ADDRESS = re.compile(r"(?:https?://|tg://|(?<![\w@./])(?=[\w-]+\.))[^\s\"'<>]+", re.IGNORECASE)
_GO = re.compile(r"/go/[a-z0-9-]+/[a-z-]+/?$")


class Sign(StrEnum):
    """What makes a message look like an offer."""

    BOOKING = "booking"
    WORDS = "words"


# Says by what a composition is recognised as an offer, None where it looks like none.
SignOf = Callable[[Composition], Sign | None]


@dataclass(frozen=True, slots=True)
class OfferSigns:
    """What to look for: the clinic's booking links, the bot's own name, and words of offers."""

    clinic: Clinic
    bot: str
    public_url: str | None
    words: Collection[str]

    def __call__(self, composition: Composition) -> bool:
        """Say whether a composition looks like an offer."""
        return self.of(composition) is not None

    def of(self, composition: Composition) -> Sign | None:
        """Return the clearest sign that a composition is an offer, None where there is none."""
        if any(map(self._leads_to_booking, _addresses(composition))):
            return Sign.BOOKING
        said = " ".join([*(plain(part.html) for part in composition.parts), *_labels(composition)])
        return Sign.WORDS if _mentions(said, self.words) else None

    def _leads_to_booking(self, address: str) -> bool:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = (parts.hostname or "").removeprefix("www.")
        if host in {"t.me", "telegram.me"}:
            name, query = parts.path.strip("/").casefold(), f"&{parts.query.casefold()}"
            return name == self.bot.casefold() and "&start=book" in query
        if parts.scheme == "tg":
            return f"domain={self.bot.casefold()}" in address.casefold() and "start=book" in address.casefold()
        if _GO.search(parts.path) and (self.public_url is None or host == _host(self.public_url)):
            return True
        return any(_is_below(parts, urlsplit(url), self.clinic) for url in self._booking())

    def _booking(self) -> tuple[str, ...]:
        return (self.clinic.booking_url, *self.clinic.booking_urls.values())


def signs_in_articles(links: BookingLinks, texts: Mapping[Language, Texts]) -> SignOf:
    """Return what recognises an offer in an article, by the booking links and words there are at that moment."""

    def sign_of(composition: Composition) -> Sign | None:
        words = [word for known in texts.values() for word in known.offer_words]
        return OfferSigns(links.clinic, "", links.public_url, words).of(composition)

    return sign_of


def _is_below(address: SplitResult, booking: SplitResult, clinic: Clinic) -> bool:
    """Say whether an address is the clinic's booking; on the clinic's own site other pages are not."""
    host = _host(booking.geturl())
    if _host(address.geturl()) != host:
        return False
    path = booking.path.rstrip("/")
    if host != _host(clinic.website) or not path:
        return True
    return address.path.rstrip("/") == path or address.path.startswith(f"{path}/")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _addresses(composition: Composition) -> Iterable[str]:
    yield from (link.url for link in composition.links)
    for part in composition.parts:
        yield from (found.group().rstrip(".,;:!?)") for found in _ADDRESS.finditer(unescape(part.html)))


def _labels(composition: Composition) -> Iterable[str]:
    return (link.label for link in composition.links)


def _mentions(text: str, words: Collection[str]) -> bool:
    said = " ".join(text.casefold().split())
    return any(_in_whole_words(word.casefold()).search(said) for word in words if word)


def _in_whole_words(word: str) -> re.Pattern[str]:
    """Return a pattern for a word that is no part of another; a sign such as % stands directly after a number."""
    begins = r"(?<!\w)" if word[0].isalnum() else ""
    ends = r"(?!\w)" if word[-1].isalnum() else ""
    return re.compile(f"{begins}{re.escape(word)}{ends}")
