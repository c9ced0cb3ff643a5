"""Lets only the page itself talk to the page's server, and tells browsers to be strict with it."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Any page in the world can make a browser ask 127.0.0.1: by a form, or by a name of its own that it lets point
# here (DNS rebinding). Browsers say truly which name was asked for (Host) and which page asks (Origin and
# Sec-Fetch-Site).
NAMES = ("127.0.0.1", "localhost")
FROM_HERE = ("same-origin", "none")
STRICT = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Wraps an application that is served on loopback under one port."""

    def __init__(self, application: ASGIApp, port: int) -> None:
        self._application = application
        self._hosts = {f"{name}:{port}" for name in NAMES} | (set(NAMES) if port == 80 else set())  # noqa: PLR2004
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with 403 to strangers."""
        if scope["type"] != "http":
            return

        async def strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in STRICT.items():
                    headers.setdefault(name, value)
            await send(message)

        if reason := stranger(Headers(scope=scope), str(scope["method"]), self._hosts, self._origins):
            await PlainTextResponse(reason, status_code=403)(scope, receive, strictly)
        else:
            await self._application(scope, receive, strictly)


def stranger(headers: Headers, method: str, hosts: Collection[str], origins: Collection[str]) -> str | None:
    """Return why a request does not come from the page itself, or None if it may."""
    if headers.getlist("host")[-1:] == [] or any(host not in hosts for host in headers.getlist("host")):
        return "this page answers on 127.0.0.1 only"
    if any(origin not in origins for origin in headers.getlist("origin")):
        return "another page must not use this one"
    # A link from elsewhere may open the page; nothing but the page itself may read from it or act in it.
    opens = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
    if headers.get("sec-fetch-site", "none") not in FROM_HERE and not opens:
        return "another page must not use this one"
    # A form of another page cannot send this type without asking first, and it would be told no.
    if method == "POST" and headers.get("content-type", "").partition(";")[0] != "application/json":
        return "only JSON is taken"
    return None
