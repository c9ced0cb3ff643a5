"""Fetching from real servers that are slow, large, broken or send us where we must not go."""

import asyncio
import gzip
import ssl
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.feed.site import Page, Site, serving
from tests.postgres import self_signed_certificate
from tipbot.domain.feed import FeedFailure, FeedFault, FeedVersion
from tipbot.feed.addresses import Address, anywhere
from tipbot.feed.decoding import MOST_BYTES
from tipbot.feed.fetching import MOST_REDIRECTS, Fetched, NotModified, fetch

FEED = b"<rss version='2.0'/>"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as site:
        yield site


async def failure(url: str, *, seconds: float = 10, private: bool = True) -> FeedFailure:
    with pytest.raises(FeedFailure) as caught:
        await (fetch(url, may_connect=anywhere, seconds=seconds) if private else fetch(url, seconds=seconds))
    return caught.value


def moved(to: str, status: int = 302) -> Page:
    return Page(status=status, headers={"Location": to})


async def test_a_feed_comes_with_what_asks_for_the_next_version(site: Site) -> None:
    headers = {"ETag": 'W/"7"', "Last-Modified": "Mon, 23 Nov 2026 08:00:00 GMT", "Content-Type": "text/xml"}
    site.answers["/feed"] = Page(FEED, headers=headers)
    fetched = await fetch(site.url(), may_connect=anywhere)
    version = FeedVersion('W/"7"', "Mon, 23 Nov 2026 08:00:00 GMT")
    assert fetched == Fetched(FEED, "text/xml", site.url(), version)
    asked = site.asked[0].headers
    assert asked["User-Agent"] == "TipBot"
    assert not {"Cookie", "Authorization", "If-None-Match", "If-Modified-Since"} & set(asked)
    site.answers["/feed"] = Page(status=304)
    assert await fetch(site.url(), version, may_connect=anywhere) == NotModified()
    asked = site.asked[1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == (version.etag, version.modified)


async def test_what_cannot_be_stored_is_no_version(site: Site) -> None:
    site.answers["/feed"] = Page(FEED, headers={"ETag": '"\N{PILE OF POO}"', "Last-Modified": "x" * 501})
    fetched = await fetch(site.url(), may_connect=anywhere)
    assert isinstance(fetched, Fetched)
    assert fetched.version == FeedVersion()


async def test_not_modified_is_no_answer_when_nobody_asked(site: Site) -> None:
    site.answers["/feed"] = Page(status=304)
    assert (await failure(site.url())).fault is FeedFault.STATUS


async def test_redirects_are_followed_so_far(site: Site) -> None:
    site.answers["/feed"] = Page(FEED)
    site.answers |= {f"/{left}": moved(f"../{left - 1}" if left > 1 else "/feed#x") for left in range(1, 9)}
    fetched = await fetch(site.url(f"/{MOST_REDIRECTS}"), may_connect=anywhere)
    assert isinstance(fetched, Fetched)
    assert fetched.url == site.url()
    site.asked.clear()
    assert (await failure(site.url(f"/{MOST_REDIRECTS + 1}"))).fault is FeedFault.REDIRECTS
    assert len(site.asked) == MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        ("file:///etc/passwd", FeedFault.ADDRESS),
        ("ftp://127.0.0.1/feed", FeedFault.ADDRESS),
        ("javascript:alert(1)", FeedFault.ADDRESS),
        ("http://[", FeedFault.ADDRESS),
        ("http://127.0.0.1:99999/", FeedFault.ADDRESS),
        ("", FeedFault.ADDRESS),
        ("http://me:secret@127.0.0.1/", FeedFault.CREDENTIALS),
        ("//me@127.0.0.1/", FeedFault.CREDENTIALS),
    ],
)
async def test_a_redirect_is_checked_like_the_first_address(site: Site, to: str, fault: FeedFault) -> None:
    site.answers["/feed"] = moved(to, 301)
    refused = await failure(site.url())
    assert refused.fault is fault
    assert "secret" not in str(refused)


@pytest.mark.parametrize("url", ["", "feed", "ftp://clinic.example/feed", "http://", "http:///feed", "http://["])
async def test_only_web_addresses_are_fetched(url: str) -> None:
    assert (await failure(url)).fault is FeedFault.ADDRESS


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "0x7f000001"])  # noqa: S104
async def test_a_private_address_is_refused_under_every_name(site: Site, host: str) -> None:
    refused = await failure(f"http://{host}:{site.port}/feed?token=secret", private=False)
    assert refused.fault is FeedFault.PRIVATE
    assert "TIPBOT_FEED_PRIVATE=on" in str(refused)
    assert "secret" not in str(refused)
    assert not site.asked


@pytest.mark.parametrize("host", ["127.1", "2130706433", "017700000001"])
async def test_old_spellings_of_addresses_lead_nowhere(site: Site, host: str) -> None:
    assert (await failure(f"http://{host}:{site.port}/feed", private=False)).fault in (
        FeedFault.ADDRESS,
        FeedFault.PRIVATE,
    )
    assert not site.asked


async def test_a_redirect_from_an_allowed_to_a_private_address_is_refused(site: Site) -> None:
    """127.0.0.1 stands for the internet here, 127.0.0.2 for what must not be reached."""

    def is_the_first(address: Address) -> bool:
        return str(address) == "127.0.0.1"

    async with serving("127.0.0.2") as inside:
        inside.answers["/feed"] = Page(FEED)
        site.answers["/feed"] = moved(inside.url())
        with pytest.raises(FeedFailure) as caught:
            await fetch(site.url(), may_connect=is_the_first)
        assert caught.value.fault is FeedFault.PRIVATE
        assert caught.value.host == "127.0.0.2"
        assert len(site.asked) == 1
        assert not inside.asked
        # The machine is there, and only not allowed.
        assert isinstance(await fetch(site.url(), may_connect=anywhere), Fetched)


@pytest.mark.parametrize("status", [204, 206, 301, 401, 403, 404, 410, 429, 500, 503])
async def test_other_answers_are_named(site: Site, status: int) -> None:
    site.answers["/feed"] = Page(status=status)
    refused = await failure(site.url())
    expected = FeedFault.ADDRESS if status == 301 else FeedFault.STATUS
    assert refused.fault is expected
    assert str(status) in str(refused) or expected is FeedFault.ADDRESS


async def test_a_large_feed_is_hung_up_on(site: Site) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        while sent < 50_000_000:
            await answer.write(b" " * 100_000)
            sent += 100_000
        return answer

    site.answers["/endless"] = endless
    site.answers["/said"] = Page(b" " * (MOST_BYTES + 1))
    site.answers["/just"] = Page(b" " * MOST_BYTES)
    assert (await failure(site.url("/endless"))).fault is FeedFault.TOO_LARGE
    assert sent < 30_000_000
    assert (await failure(site.url("/said"))).fault is FeedFault.TOO_LARGE
    assert isinstance(await fetch(site.url("/just"), may_connect=anywhere), Fetched)


async def test_a_feed_that_unpacks_to_fifty_megabytes_is_never_unpacked(site: Site) -> None:
    packed = gzip.compress(bytes(50_000_000), compresslevel=1)
    site.answers["/feed"] = Page(packed, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        assert (await failure(site.url())).fault is FeedFault.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    site.answers["/feed"] = Page(gzip.compress(FEED), headers={"Content-Encoding": "gzip"})
    fetched = await fetch(site.url(), may_connect=anywhere)
    assert isinstance(fetched, Fetched)
    assert fetched.body == FEED


async def test_a_server_may_not_take_its_time(site: Site) -> None:
    async def drop_by_drop(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b" ")
            await asyncio.sleep(0.02)

    site.answers["/feed"] = drop_by_drop
    refused = await failure(site.url(), seconds=0.2)
    assert refused.fault is FeedFault.TOO_SLOW


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n<rss",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 4\r\n\r\n<rss",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_a_broken_answer_is_called_so(said: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await failure(f"http://127.0.0.1:{port}/feed")).fault is FeedFault.BROKEN
    assert (await failure(f"http://127.0.0.1:{port}/feed")).fault is FeedFault.UNREACHABLE


async def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    made = self_signed_certificate(tmp_path)
    if made is None:
        pytest.skip("openssl is not there to make a certificate")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*made)
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=tls) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await failure(f"https://localhost:{port}/feed")).fault is FeedFault.CERTIFICATE


@pytest.mark.parametrize("name", ["x" * 64 + ".example", ".".join(["x" * 60] * 5)])
async def test_a_name_that_cannot_exist(name: str) -> None:
    """No name server is asked about these, because they are too long."""
    assert (await failure(f"http://{name}/feed")).fault is FeedFault.UNKNOWN_NAME
