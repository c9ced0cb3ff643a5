"""The connections of deliveries, over a real socket: every way to fail says how far the request got."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.postgres import self_signed_certificate
from tipbot.bot import bulk_line
from tipbot.bot.answers import MOST_BYTES, Answer, AnswerReader, Unreadable
from tipbot.bot.handing_over import NotHandedOver, ServerFault
from tipbot.bot.transport import AiohttpRequest

TOKEN = "424242:a-token-of-no-value"  # noqa: S105 (opens nothing)
TAKEN = b'{"ok":true,"result":{"message_id":77}}'
REFUSED = b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes = TAKEN, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


class Server:
    """A server that does with each request what it is told, and remembers requests and connections."""

    def __init__(self) -> None:
        self.script: list[Serve] = []
        self.requests: list[tuple[bytes, bytes]] = []
        self.connections = 0
        self.address = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                self.requests.append((head, await reader.readexactly(length)))
                await (self.script.pop(0) if self.script else says(answer()))(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def says(*pieces: bytes, closes: bool = False) -> Serve:
    """Write these pieces one after another, as they may come over a network."""

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01 if len(pieces) > 1 else 0)
        if closes:
            writer.close()

    return serve


async def hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def is_silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with served() as one:
        yield one


@asynccontextmanager
async def served(trust: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    one = Server()
    listening = await asyncio.start_server(one.serve, "127.0.0.1", 0, ssl=trust)
    scheme = "http" if trust is None else "https"
    one.address = f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}/bot{TOKEN}/sendMessage"
    async with listening:
        yield one


@pytest.fixture
async def line() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(connections=4) as request:
        yield request


async def test_what_is_posted_arrives_as_it_is_and_the_connection_stays(
    server: Server, line: AiohttpRequest
) -> None:
    for number in (1, 2, 3):
        assert await line.post_encoded(server.address, b'{"n":%d}' % number) == {"message_id": 77}
    assert [json.loads(body)["n"] for _, body in server.requests] == [1, 2, 3]
    head = server.requests[0][0].decode().lower()
    assert head.startswith(f"post /bot{TOKEN}/sendmessage http/1.1\r\nhost: 127.0.0.1:")
    assert "\r\ncontent-type: application/json\r\n" in head
    assert server.connections == 1


async def test_many_at_once_share_no_more_connections_than_allowed(server: Server, line: AiohttpRequest) -> None:
    got = await asyncio.gather(*(line.post_encoded(server.address, b"{}") for _ in range(20)))
    assert len(got) == 20
    assert server.connections <= 4


ANSWERED = [
    ("in pieces", says(answer()[:9], answer()[9:40], answer()[40:])),
    (
        "in chunks",
        says(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
            TAKEN[:5] + b"\r\n",
            b"%x;x=1\r\n%b\r\n0\r\n" % (len(TAKEN) - 5, TAKEN[5:]),
            b"\r\n",
        ),
    ),
    ("until the end", says(b"HTTP/1.1 200 OK\r\n\r\n" + TAKEN[:7], TAKEN[7:], closes=True)),
    ("and closes", says(answer(more="Connection: close\r\n"), closes=True)),
    ("and says so without closing", says(answer(more="Connection: close\r\n"))),
    ("of the old protocol", says(answer().replace(b"HTTP/1.1", b"HTTP/1.0"))),
]


@pytest.mark.parametrize("serve", [serve for _, serve in ANSWERED], ids=[name for name, _ in ANSWERED])
async def test_an_answer_is_read_however_it_comes(server: Server, line: AiohttpRequest, serve: Serve) -> None:
    server.script = [serve]
    for _ in range(2):
        assert await line.post_encoded(server.address, b"{}") == {"message_id": 77}


BROKEN = [
    ("closed without an answer", says(closes=True), NetworkError),
    ("reset", hangs_up, NetworkError),
    ("half a head", says(answer()[:20], closes=True), NetworkError),
    ("half a body", says(answer()[:-5], closes=True), NetworkError),
    (
        "half a chunk",
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", closes=True),
        NetworkError,
    ),
    ("garbage", says(b"\x16\x03\x01 what?\r\n\r\n"), NetworkError),
    ("no chunk", says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), NetworkError),
    ("two ends", says(answer(more="Transfer-Encoding: chunked\r\n")), NetworkError),
    ("two lengths", says(answer(more="Content-Length: 3\r\n")), NetworkError),
    ("too large", says(answer(b"x" * (MOST_BYTES + 1))), NetworkError),
    ("no JSON", says(answer(b"<html>")), TelegramError),
    ("no result", says(answer(b'{"ok":true}')), TelegramError),
    ("no object", says(answer(b"[1]")), TelegramError),
    ("a page of 502", says(answer(b"<html>", "502 Bad Gateway")), ServerFault),
    ("JSON of 500", says(answer(b'{"ok":false,"error_code":500}', "500 Oops")), ServerFault),
    ("a page that forbids", says(answer(b"<html>", "403 Forbidden")), ServerFault),
    ("blocked", says(answer(REFUSED, "403 Forbidden")), Forbidden),
    ("a limit", says(answer(b'{"ok":false,"parameters":{"retry_after":9}}', "429 Too Many")), RetryAfter),
]


@pytest.mark.parametrize(("serve", "kind"), [case[1:] for case in BROKEN], ids=[name for name, *_ in BROKEN])
async def test_what_goes_wrong_is_told_apart_is_asked_once_and_breaks_nothing_after_it(
    server: Server, line: AiohttpRequest, serve: Serve, kind: type[TelegramError]
) -> None:
    await line.post_encoded(server.address, b"{}")
    server.script = [serve]
    with pytest.raises(TelegramError) as caught:
        await line.post_encoded(server.address, b"{}")
    assert type(caught.value) is kind
    assert TOKEN not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert len(server.requests) == 2, "asked once"
    assert await line.post_encoded(server.address, b"{}") == {"message_id": 77}


async def test_a_page_says_nothing_and_json_says_that_nothing_was_done(
    server: Server, line: AiohttpRequest
) -> None:
    server.script = [case[1] for case in BROKEN if case[2] is ServerFault]
    doubts = []
    for _ in range(3):
        with pytest.raises(ServerFault) as caught:
            await line.post_encoded(server.address, b"{}")
        doubts.append(caught.value.is_ambiguous)
    assert doubts == [True, False, True]


async def test_silence_is_given_up_and_its_connection_with_it(
    server: Server, line: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_line, "READ_SECONDS", 0.05)
    server.script = [is_silent]
    with pytest.raises(TimedOut):
        await line.post_encoded(server.address, b"{}")
    assert await line.post_encoded(server.address, b"{}") == {"message_id": 77}
    assert server.connections == 2


async def test_whoever_is_cut_off_leaves_no_answer_to_the_next(server: Server, line: AiohttpRequest) -> None:
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def late(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await may_answer.wait()
        writer.write(answer(b'{"ok":true,"result":"of the one before"}'))

    server.script = [late]
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(line.post_encoded(server.address, b"{}"))
        await asked.wait()
        first.cancel()
    may_answer.set()
    assert await line.post_encoded(server.address, b"{}") == {"message_id": 77}


async def test_what_was_never_handed_over_says_so(line: AiohttpRequest) -> None:
    """Nobody listens on port 1."""
    with pytest.raises(NotHandedOver):
        await line.post_encoded("http://127.0.0.1:1/bot/sendMessage", b"{}")


@pytest.mark.parametrize("serve", [says(answer(), closes=True), says(answer() + b"HTTP/1.1 200 OK\r\n")])
async def test_a_connection_that_was_closed_or_answers_unasked_is_not_used_again(
    server: Server, line: AiohttpRequest, serve: Serve
) -> None:
    server.script = [serve]
    await line.post_encoded(server.address, b"{}")
    await asyncio.sleep(0.02)  # the end of the connection is on its way, and nothing tells when it is here
    assert await line.post_encoded(server.address, b"{}") == {"message_id": 77}
    assert server.connections == 2


async def test_an_idle_connection_is_let_go_of_before_the_server_does(
    server: Server, line: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_line, "IDLE_SECONDS", -1.0)
    for _ in range(2):
        await line.post_encoded(server.address, b"{}")
    assert server.connections == 2


async def test_a_certificate_has_to_be_one_that_is_trusted(
    tmp_path: Path, line: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = self_signed_certificate(tmp_path)
    if made is None:
        pytest.skip("there is nothing to make a certificate with")
    certificate, key = made
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate, key)
    async with served(own) as server:
        address = server.address.replace("127.0.0.1", "localhost")
        async with AiohttpRequest() as doubting:
            with pytest.raises(NotHandedOver):
                await doubting.post_encoded(address, b"{}")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with AiohttpRequest() as trusting:
            for _ in range(2):
                assert await trusting.post_encoded(address, b"{}") == {"message_id": 77}
        with pytest.raises(NotHandedOver):
            await line.post_encoded(server.address, b"{}")  # it is not made out for this name
        assert len(server.requests) == 2


def test_an_answer_is_the_same_wherever_it_is_cut() -> None:
    chunked = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\nX: y\r\n\r\n'
    plain = b'HTTP/1.1 200 OK\r\ncontent-length:7\r\nServer: nginx\r\n\r\n{"a":1}'
    for whole in (chunked, plain):
        for cut in range(1, len(whole)):
            reader = AnswerReader()
            got = reader.feed(whole[:cut]) or reader.feed(whole[cut:])
            assert got == Answer(200, b'{"a":1}', keeps_alive=True), whole[:cut]


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/2 200 OK",
        b"HTTP/1.1 20 OK",
        b"HTTP/1.1 200 OK\r\n: x",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1",
        b"HTTP/1.1 200 OK\r\nContent-Length : 1",
        b"HTTP/1.1 100 Continue",
        b"HTTP/1.1 200 OK\r\n folded: 1",
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(head: bytes) -> None:
    with pytest.raises(Unreadable):
        AnswerReader().feed(head + b"\r\n\r\n")
