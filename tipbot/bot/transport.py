"""How requests reach Telegram: aiohttp, because the default client grows slower the more it sends at once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from telegram._utils.defaultvalue import DefaultValue  # not exported, but part of the signature to implement
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from tipbot.bot.answers import Answer
from tipbot.bot.bulk_line import CONNECT_SECONDS, READ_SECONDS, BulkLine
from tipbot.bot.handing_over import NotHandedOver, ServerFault

UPLOAD_SECONDS = 60.0
_TAKEN = 200
_SERVER_FAULTS = range(500, 600)
# Telegram says in JSON whom it refuses: a page with such a status comes from something that stands in between, and
# nobody has blocked the bot because of it.
_REFUSALS = frozenset({400, 403})

Seconds = float | None | DefaultValue[None] | DefaultValue[float]


@dataclass(frozen=True, slots=True)
class _Answered:
    """The answer to what was posted already, in the place of the library's parameters."""

    answer: Answer


class AiohttpRequest(BaseRequest):
    """Sends Bot API requests over one pool of kept-alive connections.

    It tells apart what the layer above needs to know: never handed over, broken or timed out after it was handed
    over (TimedOut, NetworkError), and answered with a server fault. `heard` is told the HTTP status of each answer.
    Bodies that are encoded already go over connections of their own, and what comes of them is told apart the same.
    """

    def __init__(self, *, connections: int = 64, heard: Callable[[int], None] = lambda _: None) -> None:
        self._connections = connections
        self._heard = heard
        self._session: aiohttp.ClientSession | None = None
        self._bulk = BulkLine(connections=connections, agent=self.USER_AGENT)

    @property
    def read_timeout(self) -> float:
        """The seconds to wait for an answer where a call does not say."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the pools; a second call changes nothing."""
        if self._session is None or self._session.closed:
            self._bulk = BulkLine(connections=self._connections, agent=self.USER_AGENT)
            connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=60)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": self.USER_AGENT})

    async def shutdown(self) -> None:
        """Close the pools; a second call changes nothing."""
        if self._session is not None:
            await self._session.close()
        await self._bulk.close()

    async def post_encoded(self, url: str, body: bytes) -> Any:  # noqa: ANN401 (whatever the method returns)
        """Post a body that is JSON already and return Telegram's result; raises TelegramError as `post` does."""
        answer = await self._bulk.post(url, body)
        if answer.status == _TAKEN:
            self._heard(_TAKEN)
            return _result(self.parse_json_payload(answer.body))
        # What else there is, is rare, and the library knows best what it means.
        return await self.post(url, cast("RequestData", _Answered(answer)))

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer as data. The library's own way would log the whole of one that it cannot read."""
        try:
            answer: dict[str, Any] = json.loads(payload.decode())
        except ValueError as error:
            raise TelegramError(f"{len(payload)} bytes that are no JSON") from error
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return status and body of the answer; raises a NetworkError that says how far the request got."""
        del write_timeout, pool_timeout  # a waiting or slow upload counts against the whole time, see _timeout
        if isinstance(request_data, _Answered):
            status, body, _ = request_data.answer
        else:
            read, connect = _or_default(read_timeout, READ_SECONDS), _or_default(connect_timeout, CONNECT_SECONDS)
            status, body = await self._by_library(method, url, request_data, _timeout(read, connect))
        self._heard(status)
        if status in _SERVER_FAULTS or (status in _REFUSALS and not body.lstrip().startswith(b"{")):
            raise ServerFault(status, body)
        return status, body

    async def _by_library(
        self, method: str, url: str, request_data: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the transport has not been opened")
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=limits) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotHandedOver(type(error).__name__) from error
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


def _result(answer: dict[str, Any]) -> Any:  # noqa: ANN401 (whatever the method returns)
    try:
        return answer["result"]
    except (KeyError, TypeError) as fault:
        raise TelegramError("the answer has no result") from fault


def _or_default(given: Seconds, default: float) -> float | None:
    return default if isinstance(given, DefaultValue) else given


def _timeout(read: float | None, connect: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect, sock_read=read)


def _body(request_data: RequestData | None) -> Any:  # noqa: ANN401 (whatever aiohttp takes as a body)
    """Return the parameters as a form, with files as multipart where there are any."""
    if request_data is None:
        return None
    files = request_data.multipart_data
    if not files:
        return request_data.json_parameters
    # Telegram shows the name of a file as it comes: quoted, "café" would be caf%C3%A9 on the screen.
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    for field, (name, content, media_type) in files.items():
        form.add_field(field, content, filename=name, content_type=media_type)
    return form
