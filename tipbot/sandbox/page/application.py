"""The page's server: its files, the whole state, the stream of changes, and what people do."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from tipbot.sandbox.page import views
from tipbot.sandbox.page.acts import Act, ActRefusedError, Acts, perform
from tipbot.sandbox.page.cast import Cast
from tipbot.sandbox.page.guard import Guard
from tipbot.sandbox.page.stream import LOST, Around, changes
from tipbot.sandbox.state import Telegram

STATIC = Path(__file__).parent / "static"
# Ten photos as a phone makes them, in base64.
LARGEST_BODY = 32 * 1024 * 1024
MOST_CALLS = 200
# What a browser shows in the page; everything else is offered for download, so that nothing in it can run.
SHOWN = frozenset(
    {
        *("image/png", "image/jpeg", "image/gif", "image/webp"),
        *("video/mp4", "video/webm", "audio/ogg", "audio/mpeg", "audio/mp4"),
    }
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page needs: a Telegram, who sits there, what surrounds it, and an end."""

    telegram: Telegram
    cast: Cast
    stop: asyncio.Event
    around: Around | None = None
    more_acts: Mapping[str, Act] = field(default_factory=dict)
    # A page that was open when another run took over the port has to start again.
    run: str = field(default_factory=lambda: secrets.token_hex(4))

    async def state(self, _request: Request) -> Response:
        """Return everything there is."""
        whole = views.whole(self.telegram, self.cast)
        around = self.around.state() if self.around else None
        return JSONResponse({**whole, "run": self.run, "around": around})

    async def stream(self, request: Request) -> Response:
        """Tell what happens after an event."""
        last = request.headers.get("last-event-id") or request.query_params.get("after", "")
        same = request.query_params.get("run") == self.run and last.isdecimal()
        if not same:
            return Response(LOST, media_type="text/event-stream")
        told = changes(self.telegram, self.cast, self.around, self.stop, after=int(last))
        return StreamingResponse(told, media_type="text/event-stream")

    async def calls(self, request: Request) -> Response:
        """Return the newest calls of the bot after one."""
        after = request.query_params.get("after", "0")
        newest = self.telegram.calls.after(int(after) if after.isdecimal() else 0, most=MOST_CALLS)
        return JSONResponse([views.call(number, made) for number, made in newest])

    async def file(self, request: Request) -> Response:
        """Return a file that somebody sent."""
        file = self.telegram.files.at(request.path_params["path"])
        if file is None:
            return Response(status_code=404)
        if file.mime_type in SHOWN:
            headers = {"cache-control": "private, max-age=3600"}
            return Response(file.data, media_type=file.mime_type, headers=headers)
        name = f"attachment; filename*=UTF-8''{quote(file.name)}"
        headers = {"content-disposition": name, "content-security-policy": "sandbox; default-src 'none'"}
        return Response(file.data, media_type="application/octet-stream", headers=headers)


def page_application(page: Page, *, port: int) -> ASGIApp:
    """Return the application of a page that is served on 127.0.0.1 under this port, and refuses everybody else."""
    acts = {**Acts(page.telegram, page.cast).table(), **page.more_acts}

    async def act(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in acts:
            return Response(status_code=404)
        try:
            await perform(acts, name, dict(json.loads(await _body(request))))
        except ActRefusedError as reason:
            return JSONResponse({"error": str(reason)}, status_code=409)
        except (TypeError, ValueError):
            return JSONResponse({"error": "that was not JSON, or too much of it"}, status_code=400)
        return JSONResponse({})

    async def index(_request: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    routes = [
        Route("/", index),
        Route("/api/state", page.state),
        Route("/api/changes", page.stream),
        Route("/api/calls", page.calls),
        Route("/api/acts/{name}", act, methods=["POST"]),
        Route("/files/{path:path}", page.file),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    application = Starlette(routes=routes)
    application.router.redirect_slashes = False
    return Guard(application, port)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise ValueError("too large")
    return bytes(body)
