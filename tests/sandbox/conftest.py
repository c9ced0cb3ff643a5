"""A sandbox with one person, served on loopback, and python-telegram-bot's own Bot talking to it."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tipbot.sandbox import Person, Sandbox


@dataclass
class Watch:
    """A clock that stands still until a test moves it."""

    time: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Raw:
    """Plain HTTP calls, for what no library would send."""

    session: aiohttp.ClientSession
    address: str
    token: str

    def url(self, method: str) -> str:
        return f"{self.address}/bot{self.token}/{method}"

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        async with self.session.post(self.url(method), json=parameters) as response:
            body: dict[str, Any] = await response.json()
            assert response.status == body.get("error_code", 200)
            return body

    async def refusal(self, method: str, **parameters: object) -> str:
        body = await self.call(method, **parameters)
        assert body["ok"] is False, body
        return str(body["description"])

    async def result(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        body = await self.call(method, **parameters)
        assert body["ok"] is True, body
        return body["result"]


@cache
def certificates() -> ssl.SSLContext:
    """What the library would read anew for each client, though nothing here is encrypted."""
    return ssl.create_default_context()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def sandbox(watch: Watch) -> Sandbox:
    return Sandbox(now=watch)


@pytest.fixture
async def address(sandbox: Sandbox) -> AsyncIterator[str]:
    async with sandbox.serving() as address:
        yield address


@pytest.fixture
async def raw(sandbox: Sandbox, address: str) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(session, address, sandbox.token)


@pytest.fixture
async def bot(sandbox: Sandbox, address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    # Without it the library warns about itself each time it raises RetryAfter, and warnings are errors here.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    request = HTTPXRequest(read_timeout=5, httpx_kwargs={"trust_env": False, "verify": certificates()})
    files = f"{address}/file/bot"
    polling = HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": certificates()})
    async with Bot(sandbox.token, f"{address}/bot", files, request=request, get_updates_request=polling) as bot:
        yield bot


@pytest.fixture
def ann(sandbox: Sandbox) -> Person:
    return sandbox.person("Ann", started=True)
