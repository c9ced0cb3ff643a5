"""Fetches a feed over HTTP from a server that is not trusted: within limits, and only from public addresses.

Every connection passes `_Guard`, which sees the address it is about to go to. A name that changes its address
between a check and the connection gains nothing, because there is no earlier check.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address

import aiohttp
from yarl import URL

from tipbot.domain.feed import FeedFailure, FeedFault, FeedVersion
from tipbot.feed.addresses import MayConnect, host_of, is_public
from tipbot.feed.decoding import MOST_BYTES

MOST_REDIRECTS = 5
TOTAL_SECONDS = 20
# A longer ETag is a mistake or a prank, and we would have to keep it.
LONGEST_HEADER = 500
_HEADERS = {
    "User-Agent": "TipBot",
    "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
}
_REDIRECTS = (301, 302, 303, 307, 308)
_OK, _NOT_MODIFIED = 200, 304

SocketAddress = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The body of an answer, decompressed, at most MOST_BYTES; `content_type` as it came, `url` after redirects."""

    body: bytes
    content_type: str
    url: str
    version: FeedVersion


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing has changed since that version."""


class _Guard:
    """Makes the sockets of a fetch, and none for an address that may not be connected to."""

    def __init__(self, may_connect: MayConnect) -> None:
        self._may_connect = may_connect
        self.has_refused = False

    def socket_for(self, info: SocketAddress) -> socket.socket:
        """Return a socket for one address; raises ConnectionRefusedError when it is none of ours to talk to."""
        family, kind, protocol, _, address = info
        if not self._may_connect(ip_address(address[0])):
            self.has_refused = True
            raise ConnectionRefusedError("this address may not be connected to")
        return socket.socket(family, kind, protocol)


async def fetch(
    url: str,
    version: FeedVersion = FeedVersion(),  # noqa: B008 (frozen)
    *,
    may_connect: MayConnect = is_public,
    seconds: float = TOTAL_SECONDS,
) -> Fetched | NotModified:
    """Return what is at `url`, or that it is still `version`; takes `seconds` at most and raises FeedFailure."""
    try:
        async with asyncio.timeout(seconds):
            return await _following_redirects(_usable(url), version, may_connect)
    except TimeoutError:
        raise FeedFailure(FeedFault.TOO_SLOW, host_of(url)) from None


async def _following_redirects(url: URL, version: FeedVersion, may_connect: MayConnect) -> Fetched | NotModified:
    first = url
    for _ in range(MOST_REDIRECTS + 1):
        async with _answer(url, version, may_connect) as answer:
            if answer.status not in _REDIRECTS:
                return await _taken(answer, url, version)
            url = _usable(answer.headers.get("Location", ""), below=url)
    raise FeedFailure(FeedFault.REDIRECTS, first.host or "")


def _usable(address: str, *, below: URL | None = None) -> URL:
    """Return the address as one to fetch from; raises FeedFailure when it is none, or says too much."""
    try:
        url = below.join(URL(address)) if below else URL(address)
        known = url.scheme in {"http", "https"} and url.host and url.port
    except ValueError:
        known = False
    if not known or not address:
        raise FeedFailure(FeedFault.ADDRESS, (below.host if below else None) or host_of(address))
    if url.user is not None or url.password is not None:
        raise FeedFailure(FeedFault.CREDENTIALS, url.host or "")
    return url.with_fragment(None)


@asynccontextmanager
async def _answer(url: URL, version: FeedVersion, may_connect: MayConnect) -> AsyncIterator[aiohttp.ClientResponse]:
    """Ask this very address; raises FeedFailure in the place of every error of the library."""
    guard, host = _Guard(may_connect), url.host or ""
    connector = aiohttp.TCPConnector(socket_factory=guard.socket_for, use_dns_cache=False, force_close=True)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=_HEADERS,
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
    ) as session:
        try:
            async with session.get(url, headers=_conditions(version), allow_redirects=False) as answer:
                yield answer
        except aiohttp.ClientError as error:
            raise FeedFailure(FeedFault.PRIVATE if guard.has_refused else _fault(error), host) from error
        except UnicodeError as error:
            # Python's word for a host that cannot be written in DNS.
            raise FeedFailure(FeedFault.UNKNOWN_NAME, host) from error


def _fault(error: aiohttp.ClientError) -> FeedFault:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FeedFault.UNKNOWN_NAME
    if isinstance(error, aiohttp.ClientSSLError):
        return FeedFault.CERTIFICATE
    if isinstance(error, aiohttp.InvalidURL):
        return FeedFault.ADDRESS
    return FeedFault.UNREACHABLE if isinstance(error, aiohttp.ClientConnectorError) else FeedFault.BROKEN


def _conditions(version: FeedVersion) -> dict[str, str]:
    conditions = {"If-None-Match": version.etag, "If-Modified-Since": version.modified}
    return {name: value for name, value in conditions.items() if value}


async def _taken(answer: aiohttp.ClientResponse, url: URL, version: FeedVersion) -> Fetched | NotModified:
    if answer.status == _NOT_MODIFIED and _conditions(version):
        return NotModified()
    if answer.status != _OK:
        raise FeedFailure(FeedFault.STATUS, url.host or "", str(answer.status))
    seen = FeedVersion(_kept(answer, "ETag"), _kept(answer, "Last-Modified"))
    return Fetched(await _body(answer, url), answer.headers.get("Content-Type", ""), str(url), seen)


async def _body(answer: aiohttp.ClientResponse, url: URL) -> bytes:
    """Return the body, unpacked; raises FeedFailure and hangs up as soon as it is known to be too large."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > MOST_BYTES:
            answer.close()
            raise FeedFailure(FeedFault.TOO_LARGE, url.host or "")
    return bytes(body)


def _kept(answer: aiohttp.ClientResponse, name: str) -> str | None:
    """Return a header that can be stored and sent again as it came, or None."""
    value = answer.headers.get(name, "")
    return value if 0 < len(value) <= LONGEST_HEADER and value.isascii() and value.isprintable() else None
