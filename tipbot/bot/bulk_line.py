"""Kept-alive connections for deliveries: HTTP/1.1 itself, because a client library costs more than all the rest.

One request at a time goes over a connection. What fails says how far it got: NotHandedOver, where surely nothing
of it was read, and TimedOut or NetworkError, after which nobody can know.
"""

import asyncio
import ssl
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from urllib.parse import urlsplit

from telegram.error import NetworkError, TimedOut

from tipbot.bot.answers import Answer, AnswerReader, Unreadable
from tipbot.bot.handing_over import NotHandedOver

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
# A server that lets go of a connection while a request is on its way leaves that request unknown, so it is let
# go of here first: servers keep idle connections for a minute or so.
IDLE_SECONDS = 15.0
# How long one address family is tried before the other is tried beside it (RFC 8305).
HAPPY_EYEBALLS_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class _Place:
    """Where requests go."""

    host: str
    port: int
    is_secure: bool


class BulkLine:
    """Posts bodies that are JSON already, all to one server, over at most so many connections."""

    def __init__(self, *, connections: int, agent: str) -> None:
        self._agent = agent
        self._room = asyncio.Semaphore(connections)
        self._idle: list[_Connection] = []
        self._heads: dict[str, tuple[_Place, bytes]] = {}
        self._is_closed = False

    async def post(self, url: str, body: bytes) -> Answer:
        """Return status and body of the answer, whatever they are; raises one of the errors named above."""
        place, head = self._heads.get(url) or self._learn(url)
        async with self._room:
            connection = self._free() or await self._open(place)
            try:
                return await connection.ask(b"%b%d\r\n\r\n%b" % (head, len(body), body))
            finally:
                if connection.is_usable and not self._is_closed:
                    self._idle.append(connection)
                else:
                    connection.close()

    async def close(self) -> None:
        """Close every connection; those in use are closed as they are given back."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()
        await asyncio.sleep(0)  # sockets are let go of in the loop's next round

    def _learn(self, url: str) -> tuple[_Place, bytes]:
        parts = urlsplit(url)
        is_secure, host = parts.scheme == "https", parts.hostname or ""
        lines = (
            f"POST {parts.path} HTTP/1.1",
            f"Host: {parts.netloc.rpartition('@')[2]}",
            f"User-Agent: {self._agent}",
            "Content-Type: application/json",
            "Content-Length: ",
        )
        known = _Place(host, parts.port or (443 if is_secure else 80), is_secure), "\r\n".join(lines).encode()
        self._heads[url] = known
        return known

    def _free(self) -> "_Connection | None":
        """Return the connection that was used last, so that what is not needed grows old and is closed."""
        now = asyncio.get_running_loop().time()
        while self._idle and now - self._idle[0].used_at > IDLE_SECONDS:
            self._idle.pop(0).close()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable:
                return connection
        return None

    async def _open(self, place: _Place) -> "_Connection":
        loop, trust = asyncio.get_running_loop(), self._trust if place.is_secure else None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, connection = await loop.create_connection(
                    _Connection, place.host, place.port, ssl=trust, happy_eyeballs_delay=HAPPY_EYEBALLS_SECONDS
                )
        except OSError as error:  # a handshake that fails and a time that is over are such errors too
            raise NotHandedOver(type(error).__name__) from error
        return connection

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context()


class _Connection(asyncio.Protocol):
    """One connection, with at most one request under way."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._reader = AnswerReader()
        self._waiting: asyncio.Future[Answer] | None = None
        self._is_open = False
        self.used_at = 0.0

    @property
    def is_usable(self) -> bool:
        """Whether another request may go over it."""
        return self._is_open and not self._transport.is_closing()

    async def ask(self, request: bytes) -> Answer:
        """Write a request and return its answer; raises as BulkLine.post does."""
        loop = asyncio.get_running_loop()
        self._reader = AnswerReader()
        waiting: asyncio.Future[Answer] = loop.create_future()
        self._waiting = waiting
        self._transport.write(request)
        if not self.is_usable:
            # It is tried to be written at once: what is closed by now refused the very first byte.
            self._waiting = None
            raise NotHandedOver("the connection was closed before anything was written")
        # It is not known to be usable again before the answer has been read to its end.
        self._is_open = False
        patience = loop.call_later(READ_SECONDS, self._time_out)
        try:
            return await waiting
        finally:
            patience.cancel()
            self._waiting = None
            self.used_at = loop.time()

    def close(self) -> None:
        """Let go of it at once."""
        self._is_open = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of a connection that was made."""
        self._transport = cast("asyncio.Transport", transport)
        self._is_open = True

    def data_received(self, data: bytes) -> None:
        """Read what came; what nobody asked for ends the connection."""
        if self._waiting is None or self._waiting.done():
            self.close()
            return
        try:
            answer = self._reader.feed(data)
        except Unreadable as fault:
            self._fail(NetworkError(str(fault)))
            return
        if answer is not None:
            self._is_open = answer.keeps_alive
            self._waiting.set_result(answer)

    def eof_received(self) -> None:
        """Take note that nothing will come any more; the transport then closes by itself."""
        self._is_open = False

    def connection_lost(self, error: Exception | None) -> None:
        """Say what is known of a request that was under way."""
        self._is_open = False
        if self._waiting is None or self._waiting.done():
            return
        answer = self._reader.ended() if error is None else None
        if answer is not None:
            self._waiting.set_result(answer)
        else:
            self._fail(NetworkError("closed without an answer" if error is None else type(error).__name__))

    def _time_out(self) -> None:
        self._fail(TimedOut())

    def _fail(self, error: NetworkError) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
        self.close()
