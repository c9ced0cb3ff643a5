"""Reads RSS and Atom into feed entries; called through `apart.py`, because hostile bytes may keep it for ever.

feedparser searches some fields with expressions that take hours on purpose-made text (decision 0013).
"""

import calendar
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import feedparser
from yarl import URL

from tipbot.domain.feed import FeedEntry, FeedFailure, FeedFault, without_repeats
from tipbot.feed.addresses import host_of
from tipbot.feed.decoding import text_of_feed
from tipbot.feed.words import cut, one_line, teaser, words_and_pictures

MOST_ENTRIES = 50
# What the process that reads may take.
READ_SECONDS = 20
MOST_MEMORY = 1_000_000_000
LONGEST_TITLE = 200
LONGEST_SUMMARY = 300
LONGEST_ADDRESS = 2000
# A title made of the first words of an article that has none.
_MADE_TITLE = 80
# No blog is older, so an older date is a mistake; clocks of servers are a little ahead at times.
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
# Telegram takes these as photos.
_PICTURE_TYPE = re.compile("image/(jpe?g|png|gif|webp)", re.IGNORECASE)
_PICTURE_NAME = re.compile(r"\.(jpe?g|png|gif|webp)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a feed: its entries in their order, and a sentence for each that was left out."""

    entries: tuple[FeedEntry, ...]
    left_out: tuple[str, ...]


def read_feed(body: bytes, *, content_type: str, url: str, now: datetime) -> Reading:
    """Return the entries of a feed that was fetched from `url`, the newest 50 at most; raises FeedFailure."""
    text = text_of_feed(body, content_type=content_type, url=url)
    try:
        parsed = feedparser.parse(
            # As a stream: feedparser would take plain bytes for the name of a file first.
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:
        # Whatever its many guesses stumble over, it is the feed that is at fault.
        raise FeedFailure(FeedFault.NO_FEED, host_of(url)) from error
    if not parsed.version and not parsed.entries:
        raise FeedFailure(FeedFault.NO_FEED, host_of(url))
    return _reading(parsed, url, now)


def _reading(parsed: feedparser.FeedParserDict, url: str, now: datetime) -> Reading:
    is_atom, entries, left_out = parsed.version.startswith("atom"), [], []
    for number, raw in enumerate(parsed.entries, start=1):
        entry = _Entry(raw, is_atom=is_atom, url=url).read(now)
        if isinstance(entry, FeedEntry):
            entries.append(entry)
        else:
            left_out.append(f"entry {number} has {entry}")
    once, again = without_repeats(entries)
    left_out += [f"{entry.link} comes more than once" for entry in again]
    return Reading(_newest(once), tuple(left_out[:MOST_ENTRIES]))


def _newest(entries: tuple[FeedEntry, ...]) -> tuple[FeedEntry, ...]:
    """Return the newest in the feed's order; one without a date counts as new, for nobody knows better."""
    ranked = sorted(entries, key=lambda entry: entry.published or datetime.max.replace(tzinfo=UTC), reverse=True)
    kept = set(map(id, ranked[:MOST_ENTRIES]))
    return tuple(entry for entry in entries if id(entry) in kept)


class _Entry:
    """One entry as feedparser read it, with its guesses put right."""

    def __init__(self, raw: feedparser.FeedParserDict, *, is_atom: bool, url: str) -> None:
        self._raw = raw
        self._is_atom = is_atom
        self._url = url

    def read(self, now: datetime) -> FeedEntry | str:
        """Return the entry, or what it lacks."""
        link = self._link()
        if link is None:
            return "no link to an article on the web"
        summary, pictures = self._summary()
        title = self._plain(self._raw.get("title"), self._raw.get("title_detail"))
        if not title and not summary:
            return f"neither a title nor words ({link})"
        return FeedEntry(
            guid=one_line(_text(self._raw.get("id"))) or None,
            link=link,
            title=cut(title, LONGEST_TITLE) or cut(summary, _MADE_TITLE),
            summary=cut(summary, LONGEST_SUMMARY),
            picture=self._picture(pictures),
            published=self._published(now),
        )

    def _link(self) -> str | None:
        link = _text(self._raw.get("link")).strip()
        # A guid takes the place of a missing link only if it is an address, whatever isPermaLink says.
        is_guid = link == _text(self._raw.get("id")).strip() and not link.startswith(("http://", "https://"))
        return None if is_guid else _absolute(link, self._url)

    def _summary(self) -> tuple[str, list[str]]:
        """Return the summary in plain words, from the content where it has none, and all pictures there are."""
        details = [*_dicts(self._raw.get("content")), *_dicts([self._raw.get("summary_detail")])]
        summary = self._plain(self._raw.get("summary"), self._raw.get("summary_detail"))
        pictures: list[str] = []
        for detail in details:
            words, found = words_and_pictures(_text(detail.get("value")))
            base = _text(detail.get("base"))
            pictures += [_joined(base, source) for source in found]
            summary = summary or (one_line(_text(detail.get("value"))) if self._is_plain(detail) else words)
        return teaser(summary), pictures

    def _plain(self, value: object, detail: object) -> str:
        text = _text(value)
        return one_line(text) if self._is_plain(detail) else words_and_pictures(text)[0]

    def _is_plain(self, detail: object) -> bool:
        # Only Atom says what it means; RSS is full of HTML that calls itself plain.
        return self._is_atom and isinstance(detail, dict) and detail.get("type") == "text/plain"

    def _picture(self, in_words: Iterable[str]) -> str | None:
        for source in [*self._announced_pictures(), *in_words]:
            if (address := _absolute(source, self._url)) and not address.lower().endswith(".svg"):
                return address
        return None

    def _announced_pictures(self) -> Iterator[str]:
        for link in _dicts(self._raw.get("links")):
            if link.get("rel") == "enclosure" and _is_picture(link, "href"):
                yield _text(link.get("href"))
        for media in _dicts(self._raw.get("media_content")):
            if _is_picture(media, "url") or media.get("medium") == "image":
                yield _text(media.get("url"))
        for thumbnail in _dicts(self._raw.get("media_thumbnail")):
            yield _text(thumbnail.get("url"))

    def _published(self, now: datetime) -> datetime | None:
        # Not asked for by name: feedparser would answer with the one in the place of the other, and warn.
        dates = dict(self._raw.items())
        for key in ("published_parsed", "updated_parsed"):
            try:
                seconds = calendar.timegm(dates[key])
                published = datetime.fromtimestamp(seconds, UTC)
            except (KeyError, TypeError, ValueError, OverflowError, OSError):
                continue
            if _EARLIEST <= published <= now + _AHEAD:
                return published
        return None


def _is_picture(given: feedparser.FeedParserDict, key: str) -> bool:
    kind = _text(given.get("type"))
    by_name = not kind or kind in {"text/html", "application/octet-stream"}
    name = _text(given.get(key)).partition("?")[0]
    return bool(_PICTURE_TYPE.match(kind) or (by_name and _PICTURE_NAME.search(name)))


def _absolute(address: str, base: str) -> str | None:
    """Return an http(s) address in ASCII, or None where it is none or holds a password."""
    try:
        url = URL(_joined(base, one_line(address)))
        is_usable = url.scheme in {"http", "https"} and url.host and url.user is None and url.password is None
    except ValueError:
        return None
    shown = str(url)
    return shown if address.strip() and is_usable and shown.isascii() and len(shown) <= LONGEST_ADDRESS else None


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dicts(values: object) -> list[feedparser.FeedParserDict]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
