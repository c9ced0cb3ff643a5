"""The way from a button below a broadcast to where it leads: the press is counted, the person is not."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tipbot.domain.content import Origin
from tipbot.usecases.booking import CountPresses
from tipbot.usecases.broadcast_links import BroadcastLinks
from tipbot.web.booking import HEADERS, LostPage, looks_ahead

# SQLite and PostgreSQL count no further.
_LARGEST = 2**63 - 1


def broadcast_routes(
    public_url: str | None,
    links: BroadcastLinks,
    *,
    presses: CountPresses,
    lost: LostPage,
    now: Callable[[], datetime],
) -> list[Route]:
    """Return what answers `/go/b/<broadcast>/<n>` below the public address; nothing where there is none.

    It sends people only to the address that stands in that broadcast. `now` gives UTC.
    """
    if public_url is None:
        return []

    async def go(request: Request) -> Response:
        number, place = request.path_params["number"], request.path_params["place"]
        found = await links.destination(number, place) if number <= _LARGEST else None
        if found is None:
            return lost(request)
        if found.is_counted and request.method == "GET" and not looks_ahead(request.headers):
            presses.note(f"{number}/{place}", Origin.BROADCAST, now=now())
        return RedirectResponse(found.address, status_code=303, headers=HEADERS)

    return [Route(f"{urlsplit(public_url).path}/go/b/{{number:int}}/{{place:int}}", go, methods=["GET"])]
