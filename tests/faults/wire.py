"""The wire between TipBot and Telegram: passes everything on, until it is cut before, during or after a request."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import StrEnum

# What a message is sent with; everything else is passed on untouched.
SENDING = b"/sendMessage"
# How long it is remembered how slow an answer was.
LATELY = timedelta(seconds=2)


class Cut(StrEnum):
    """When a connection breaks: nothing of the request got through, a part of it, or all but the answer."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Wire:
    """Listens on one port of loopback and leads to another; `strikes` decides over each message that is sent."""

    def __init__(self, port: int, tasks: asyncio.TaskGroup) -> None:
        self._to, self._tasks = port, tasks
        self._port = 0
        self._server: asyncio.Server | None = None
        self.open: set[asyncio.Transport] = set()
        self.strikes: Callable[[], Cut | None] = lambda: None
        self._round_trips: deque[tuple[float, timedelta]] = deque()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def round_trip(self) -> timedelta:
        """How long the slowest message was in the air lately, answered or not; zero if there was none."""
        self._forget()
        return max((took for _, took in self._round_trips), default=timedelta(0))

    def landed(self, sent_at: float) -> None:
        """Note that a message is in the air no more that was sent at this time of the loop."""
        now = asyncio.get_running_loop().time()
        self._round_trips.append((now, timedelta(seconds=now - sent_at)))
        self._forget()

    def _forget(self) -> None:
        long_ago = asyncio.get_running_loop().time() - LATELY.total_seconds()
        while self._round_trips and self._round_trips[0][0] < long_ago:
            self._round_trips.popleft()

    async def up(self) -> None:
        """Lead to Telegram (again), under the same address as before."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Near(self, self._tasks), "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Refuse every connection, and break those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for transport in list(self.open):
            transport.abort()

    async def lead(self, near: "_Near") -> None:
        """Lead one connection on."""
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: _Far(self, near), "127.0.0.1", self._to)
        except OSError:
            near.cut()


class _Near(asyncio.Protocol):
    """TipBot's end of one connection."""

    def __init__(self, wire: Wire, tasks: asyncio.TaskGroup) -> None:
        self._wire, self._tasks = wire, tasks
        self._waiting: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self.far: asyncio.Transport | None = None
        self.is_deaf = False
        self._sent_at: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._wire.open.add(transport)
        self._tasks.create_task(self._wire.lead(self))

    def data_received(self, data: bytes) -> None:
        is_message = SENDING in data[:200]
        if is_message:
            self._sent_at = asyncio.get_running_loop().time()
        match self._wire.strikes() if is_message else None:
            case Cut.BEFORE:
                self.cut()
            case Cut.DURING:
                # The head announces more than comes: whatever is missing, nobody can act upon it.
                self._pass_on(data[: len(data) // 2])
                if self.far is not None:
                    self.far.close()
                self.cut()
            case Cut.AFTER:
                self.is_deaf = True
                self._pass_on(data)
            case None:
                self._pass_on(data)

    def _pass_on(self, data: bytes) -> None:
        if self.far is None:
            self._waiting.append(data)
        else:
            self.far.write(data)

    def led_on(self, far: asyncio.Transport) -> None:
        """Give the other end what came meanwhile."""
        self.far = far
        for data in self._waiting:
            far.write(data)
        if self._transport is None or self._transport.is_closing():
            # Nobody is left who could close it later.
            far.close()

    def answered(self, data: bytes) -> None:
        """Pass an answer on, or break before it."""
        if self.is_deaf:
            self.cut()
        elif self._transport is not None:
            self._transport.write(data)
            self._landed()

    def _landed(self) -> None:
        if self._sent_at is not None:
            self._wire.landed(self._sent_at)
            self._sent_at = None

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_lost(self, _: Exception | None) -> None:
        if self._transport is not None:
            self._wire.open.discard(self._transport)
        # Whoever was killed hears no answer; what waited for one longest tells how slow it was.
        self._landed()
        if self.far is not None:
            self.far.close()


class _Far(asyncio.Protocol):
    """Telegram's end of one connection."""

    def __init__(self, wire: Wire, near: _Near) -> None:
        self._wire, self._near = wire, near

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._wire.open.add(transport)
        self._near.led_on(transport)

    def data_received(self, data: bytes) -> None:
        self._near.answered(data)

    def connection_lost(self, _: Exception | None) -> None:
        self._wire.open.discard(self._transport)
        self._near.cut()


@asynccontextmanager
async def wire_to(port: int) -> AsyncIterator[Wire]:
    """Lay a wire that lasts as long as the block."""
    async with asyncio.TaskGroup() as tasks:
        wire = Wire(port, tasks)
        await wire.up()
        try:
            yield wire
        finally:
            await wire.down()
