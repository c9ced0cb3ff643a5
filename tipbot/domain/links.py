"""Links to the clinic's own pages that say from what kind of message somebody came, and never who."""

import re
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from tipbot.domain.content import Origin

# What browsers and servers read as part of an address (RFC 3986), so that nothing is encoded twice.
_KEPT = ":/?#[]@!$&'()*+,;=%~"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def with_campaign(url: str, origin: Origin) -> str:
    """Return the address with utm_source, utm_medium and utm_campaign, in ASCII as it travels over HTTP.

    The parameters go behind the query and before the fragment. Those of the same names give way, because two
    campaigns in one address are counted as neither; everything else stays as it was written.
    """
    ours = {"utm_source": "telegram", "utm_medium": "bot", "utm_campaign": origin.value}
    parts = urlsplit(url)
    theirs = [one for one in parts.query.split("&") if one and unquote_plus(one.partition("=")[0]) not in ours]
    query = "&".join([*map(_encoded, theirs), *(f"{name}={value}" for name, value in ours.items())])
    path, fragment = _encoded(parts.path) or "/", _encoded(parts.fragment)
    return urlunsplit((parts.scheme, _ascii_host(parts.netloc), path, query, fragment))


def _encoded(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_KEPT)


def _ascii_host(netloc: str) -> str:
    """Return the host as it is asked for in DNS (IDNA), with whatever stands around it."""
    if netloc.isascii():
        return netloc
    before, at, rest = netloc.rpartition("@")
    host, colon, port = rest.partition(":")
    return f"{_encoded(before)}{at}{host.encode('idna').decode('ascii')}{colon}{port}"
