"""What the feed of the clinic's blog brings: articles, how one is known again, and why a feed may bring nothing."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

# What newsletters, advertisements and statistics put behind an address without changing where it leads.
_TRACKING = re.compile("utm_.*|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(enc|mi)", re.IGNORECASE)
# 128 bits: short enough for a column, long enough never to meet by chance.
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An article as the feed announces it: plain words without markup, and absolute http(s) addresses in ASCII.

    `published` is in UTC, and None where the feed's date cannot be true.
    """

    guid: str | None
    link: str
    title: str
    summary: str
    picture: str | None
    published: datetime | None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of title, summary and the link's path, whatever the case of letters and the host.

        Without the host an article stays the same when the blog moves to another domain and renews its guids.
        """
        path = _address(self.link).partition("/")[2]
        return _hash("words", _plain(self.title), path, _plain(self.summary))


@dataclass(frozen=True, slots=True)
class FeedVersion:
    """What a server said about the feed as it was last read; sent back, it saves reading the same again."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class FeedNews:
    """A feed as it was read: its entries in its own order, and the reasons why others were left out."""

    entries: tuple[FeedEntry, ...]
    left_out: tuple[str, ...]
    version: FeedVersion


class FeedFault(StrEnum):
    """Why a feed could not be read; the value is stable and may be stored."""

    ADDRESS = "address"
    CREDENTIALS = "credentials"
    PRIVATE = "private"
    UNKNOWN_NAME = "unknown-name"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TOO_SLOW = "too-slow"
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    STATUS = "status"
    BROKEN = "broken"
    WEB_PAGE = "web-page"
    DOCTYPE = "doctype"
    NO_FEED = "no-feed"
    TOO_HARD = "too-hard"


_SENTENCES = {
    FeedFault.ADDRESS: "{host}: no feed can be fetched from this address; it must begin with https:// or http://",
    FeedFault.CREDENTIALS: "{host}: the address holds a user name or a password, and TipBot sends neither",
    FeedFault.PRIVATE: "{host} is on a private network, or this very machine; TIPBOT_FEED_PRIVATE=on allows that",
    FeedFault.UNKNOWN_NAME: "{host}: no machine of this name was found",
    FeedFault.UNREACHABLE: "{host} could not be reached",
    FeedFault.CERTIFICATE: "{host} could not prove who it is: its TLS certificate is not in order",
    FeedFault.TOO_SLOW: "{host} took too long to answer",
    FeedFault.TOO_LARGE: "{host}: the feed is larger than 2 MB; let it show fewer articles",
    FeedFault.REDIRECTS: "{host} sends TipBot from one address to the next without an end",
    FeedFault.STATUS: "{host} answered with HTTP status {detail}",
    FeedFault.BROKEN: "{host} broke its answer off, or sent what is no HTTP",
    FeedFault.WEB_PAGE: "{host}: this is a web page, not a feed{detail}",
    FeedFault.DOCTYPE: "{host}: the feed defines entities of its own (DOCTYPE), which may hide an attack",
    FeedFault.NO_FEED: "{host}: neither RSS nor Atom was found at this address",
    FeedFault.TOO_HARD: "{host}: the feed took too long or too much memory to be read",
}


class FeedFailure(Exception):  # noqa: N818 (named for what happened)
    """The feed could not be read; its text is a sentence for operators that names the host and nothing secret.

    `detail` is the status of the answer, or the address at which a web page says that its feed is.
    """

    def __init__(self, fault: FeedFault, host: str, detail: str = "") -> None:
        shown = f"; its feed is probably at {detail}" if detail and fault is FeedFault.WEB_PAGE else detail
        super().__init__(_SENTENCES[fault].format(host=host, detail=shown))
        self.fault = fault
        self.host = host
        self.detail = detail


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """Why the feed could not be read at the last check, as a FeedFailure told it; it can be stored."""

    fault: FeedFault
    host: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """How things stand with the feed at one address, of which only a digest is kept; all moments are UTC.

    `version` is what was last read and `read_at` when that could be done, None for never; `failing_since` is when
    the first of the failures in a row was noticed.
    """

    url_digest: str
    checked_at: datetime
    version: FeedVersion = FeedVersion()
    read_at: datetime | None = None
    failing_since: datetime | None = None
    trouble: FeedTrouble | None = None


def digest_of(url: str) -> str:
    """Return what is kept of the feed's address, to notice another one: an address may hold a secret."""
    return _hash("feed", url)


def link_identity(link: str) -> str:
    """Return the identity of an article that only has an address: one written by hand."""
    return _hash("link", _address(link))[:_DIGITS]


def identities(entry: FeedEntry) -> frozenset[str]:
    """Return what an article is known by, as short hashes: whatever shares one of them is the same article."""
    address = _address(entry.link)
    known = {_hash("link", address), entry.fingerprint[:_DIGITS]}
    if entry.guid:
        # A bare number is a name within its blog only; an address or a urn is one everywhere.
        blog = "" if ":" in entry.guid else address.partition("/")[0]
        known.add(_hash("guid", blog, entry.guid))
    return frozenset(one[:_DIGITS] for one in known)


def without_repeats(entries: Iterable[FeedEntry]) -> tuple[tuple[FeedEntry, ...], tuple[FeedEntry, ...]]:
    """Return the articles, each once, and apart from them those that were there already further up."""
    seen: set[str] = set()
    first: list[FeedEntry] = []
    again: list[FeedEntry] = []
    for entry in entries:
        known = identities(entry)
        (again if known & seen else first).append(entry)
        seen |= known
    return tuple(first), tuple(again)


def _address(link: str) -> str:
    """Return what an address means: host, path and query without scheme, "www.", tracking and fragment."""
    parts = urlsplit(link)
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")
    query = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])
    )
    # Some sites are one page, and name the article behind "#!" or "#/".
    route = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    return f"{host}{parts.path.rstrip('/') or '/'}{'?' if query else ''}{urlencode(query)}{route}"


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
