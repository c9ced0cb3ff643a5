"""The HTTP front of the Bot API: paths, tokens, faults and answers."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from http import HTTPStatus
from typing import Any

from aiohttp import web

from tipbot.sandbox.dispatch import POLL, carry_out, record
from tipbot.sandbox.faults import Fault, Kind
from tipbot.sandbox.methods import METHODS
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import RefusalError, forbidden, method_not_found, too_many_requests, unauthorized
from tipbot.sandbox.requests import read_parameters
from tipbot.sandbox.state import Telegram
from tipbot.sandbox.webhooks import Webhooks

LARGEST_REQUEST = 60 * 1024 * 1024
PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
    "<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


class Front:
    """Answers HTTP requests out of one Telegram; pages can add routes of their own to `application`."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self.application = web.Application(client_max_size=LARGEST_REQUEST)
        self.application.router.add_route("*", "/bot{token}/{method}", self._call)
        self.application.router.add_get("/file/bot{token}/{path:.+}", self._download)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        if request.match_info["token"] != self._telegram.token:
            return _refused(unauthorized())
        if method not in METHODS and method != POLL:
            return _refused(method_not_found())
        try:
            parameters = await read_parameters(request)
        except RefusalError as refusal:
            return _refused(refusal)
        with nullcontext() if method == POLL else self._telegram.calls.progress():
            return await self._answer(request, method, parameters)

    async def _answer(self, request: web.Request, method: str, parameters: Parameters) -> web.StreamResponse:
        faults = self._telegram.faults
        fault = faults.strike(method, _chat_id(parameters))
        await faults.half_latency()
        if fault and not fault.kind.accepted:
            response = await self._fail(request, fault)
            if response is not None:
                record(self._telegram, method, parameters, response.status, fault.as_json())
                return response
        status, body = await carry_out(self._telegram, method, parameters)
        await faults.half_latency()
        if fault and fault.kind.accepted:
            response = await self._fail(request, fault)
            if response is not None:
                return response
        return _json(status, body)

    async def _fail(self, request: web.Request, fault: Fault) -> web.Response | None:
        """Return what the bot sees in place of an answer, None after a hang that was ended."""
        if fault.kind in (Kind.HANG_BEFORE, Kind.HANG_AFTER):
            await self._telegram.faults.hang()
            return None
        if fault.kind in (Kind.DROP_BEFORE, Kind.DROP_AFTER):
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if fault.kind is Kind.TOO_MANY_REQUESTS:
            return _refused(too_many_requests(fault.retry_after))
        if fault.kind is Kind.BLOCKED:
            return _refused(forbidden("bot was blocked by the user"))
        if fault.kind is Kind.SERVER_ERROR:
            return _refused(RefusalError(500, "Internal Server Error: restart"))
        return _page(fault.kind)

    async def _download(self, request: web.Request) -> web.Response:
        file = self._telegram.files.at(request.match_info["path"])
        if request.match_info["token"] != self._telegram.token:
            return _refused(unauthorized())
        if file is None:
            return _refused(RefusalError(404, "Not Found"))
        return web.Response(body=file.data, content_type=file.mime_type or "application/octet-stream")


@asynccontextmanager
async def serving(telegram: Telegram, application: web.Application, port: int) -> AsyncIterator[str]:
    """Serve on loopback while the block runs and yield the address; port 0 takes any free one."""
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=1)
    telegram.open()
    async with Webhooks(telegram):
        try:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            telegram.close()
            await runner.cleanup()


def _chat_id(parameters: Parameters) -> int | None:
    with suppress(RefusalError):
        return parameters.chat()
    return None


def _refused(refusal: RefusalError) -> web.Response:
    return _json(refusal.status, refusal.as_json())


def _page(kind: Kind) -> web.Response:
    is_late = kind in (Kind.GATEWAY_TIMEOUT, Kind.GATEWAY_TIMEOUT_AFTER)
    status, title = (504, "504 Gateway Time-out") if is_late else (502, "502 Bad Gateway")
    return web.Response(status=status, text=PAGE.format(title=title), content_type="text/html")


def _json(status: int, body: dict[str, Any]) -> web.Response:
    headers = {}
    if retry_after := body.get("parameters", {}).get("retry_after"):
        headers["Retry-After"] = str(retry_after)
    data = json.dumps(body, ensure_ascii=False).encode()
    return web.Response(body=data, status=status, headers=headers, content_type="application/json")
