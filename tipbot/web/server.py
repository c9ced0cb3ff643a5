"""The HTTP side: takes updates from Telegram, says whether TipBot is well, and serves what else it is given."""

import asyncio
import hmac
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tipbot.bot.webhook import Interrupted

# Telegram sends the secret of setWebhook in this header with every update (Bot API, setWebhook).
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
# A little longer than handlers are given to finish at a stop.
STOP_SECONDS = 15
# An update is a few kilobytes; nothing sensible is larger than this.
LARGEST_UPDATE = 1_000_000

Accept = Callable[[bytes], Awaitable[None]]
Health = Callable[[], Awaitable[dict[str, object]]]


def web_application(
    *, path: str | None, accept: Accept, secret: str, health: Health, more: Sequence[Route] = ()
) -> Starlette:
    """Return the application; without a `path` there is no webhook, and `more` is what else it serves."""

    async def webhook(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("forbidden", status_code=403)
        body = await _limited_body(request)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        try:
            await accept(body)
        except ValueError:
            return PlainTextResponse("not an update", status_code=400)
        except Interrupted:
            return PlainTextResponse("stopping", status_code=503)
        # Only now does Telegram forget the update: its effect is committed.
        return PlainTextResponse("ok")

    async def healthz(_request: Request) -> Response:
        state = await health()
        return JSONResponse(state, status_code=200 if state.get("ok") else 503)

    routes = [Route("/healthz", healthz)]
    if path is not None:
        routes.append(Route(path, webhook, methods=["POST"]))
    application = Starlette(routes=[*routes, *more])
    # It would send people to whatever host their request named.
    application.router.redirect_slashes = False
    return application


async def _limited_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_UPDATE:
            return None
    return bytes(body)


class _Server(uvicorn.Server):
    """Leaves signals to the process as a whole, which stops everything in its order."""

    def __init__(self, config: uvicorn.Config, stop: asyncio.Event) -> None:
        super().__init__(config)
        self._stop = stop

    async def main_loop(self) -> None:
        """Renew the date that answers carry once a second, until the stop; the library's own looks ten times."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._stop.wait()
            self.should_exit = self._stop.is_set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signals."""
        yield


def listening_socket(host: str, port: int) -> socket.socket:
    """Take the address before anything else starts; raises OSError when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # whoever comes before the application is ready waits, and is not turned away
    except OSError:
        listener.close()
        raise
    return listener


async def serve(application: ASGIApp, listener: socket.socket, *, stop: asyncio.Event) -> None:
    """Serve on an address that was taken before, until `stop` is set."""
    config = uvicorn.Config(
        application, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=STOP_SECONDS
    )
    await _Server(config, stop).serve(sockets=[listener])
    if not stop.is_set():
        raise RuntimeError("the web server ended by itself")
