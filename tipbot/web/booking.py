"""The way from a booking button to the clinic's pages: the press is counted, the person is not."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tipbot.domain.content import Clinic, Language, Origin
from tipbot.texts import Texts, texts_for
from tipbot.usecases.booking import BookingLinks, CountPresses

# Telegram and other messengers look at a link before anybody presses it (TelegramBot, Twitterbot, Googlebot, ...).
# Cubot is a maker of telephones.
_LOOKS_AHEAD = re.compile(r"(?<!cu)bot|crawl|spider|preview|facebookexternalhit|whatsapp", re.IGNORECASE)
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ font: 1.2rem/1.5 sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem }}</style>
<h1>{title}</h1><p>{words}</p><p><a href="{website}">{website}</a></p><p>{contact}</p></html>
"""


LostPage = Callable[[Request], Response]


def booking_routes(
    links: BookingLinks, *, presses: CountPresses, texts: Mapping[Language, Texts], now: Callable[[], datetime]
) -> list[Route]:
    """Return what answers `/go/<target>/<origin>` below the public address; nothing where there is none.

    It sends people on to the clinic's own addresses only. Each press is counted, unless nobody pressed: HEAD, and
    programs that look at a link beforehand. `now` gives UTC.
    """
    if links.public_url is None:
        return []
    lost = lost_page(links, texts)

    async def go(request: Request) -> Response:
        target, _, rest = request.path_params["way"].partition("/")
        origin = _origin(rest)
        address = None if origin is None else links.destination(target, origin)
        if origin is None or address is None:
            return lost(request)
        if request.method == "GET" and not looks_ahead(request.headers):
            presses.note(target, origin, now=now())
        return RedirectResponse(address, status_code=303, headers=HEADERS)

    return [Route(f"{urlsplit(links.public_url).path}/go/{{way:path}}", go, methods=["GET"])]


def lost_page(links: BookingLinks, texts: Mapping[Language, Texts]) -> LostPage:
    """Return what answers a link that leads nowhere (any more): a kind page with the way to the clinic."""

    def answer(request: Request) -> Response:
        language, words = texts_for(texts, _language(request.headers))
        return HTMLResponse(_lost_page(language, words, links.clinic), status_code=404, headers=HEADERS)

    return answer


def _origin(word: str) -> Origin | None:
    try:
        return Origin(word)
    except ValueError:
        return None


def looks_ahead(headers: Mapping[str, str]) -> bool:
    """Say whether a program looks at a link beforehand, so that nobody has pressed it."""
    is_prefetch = "prefetch" in headers.get("sec-purpose", headers.get("purpose", ""))
    return is_prefetch or _LOOKS_AHEAD.search(headers.get("user-agent", "")) is not None


def _language(headers: Mapping[str, str]) -> str | None:
    """Return the IETF tag that a browser names first."""
    return headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip() or None


def _lost_page(language: Language, texts: Texts, clinic: Clinic) -> str:
    return _PAGE.format(
        language=escape(language),
        title=escape(texts.lost_link_title),
        words=escape(texts.lost_link.format(clinic=clinic.name)),
        website=escape(clinic.website),
        contact=escape(clinic.contact),
    )
