"""The campaign parameters fit into any address, and everything else stays as it was."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tipbot.domain.content import Origin
from tipbot.domain.links import with_campaign

TIP = "utm_source=telegram&utm_medium=bot&utm_campaign=tip"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        # nothing, or something, in the place of the query
        ("https://example.org/book", f"https://example.org/book?{TIP}"),
        ("https://example.org/book?", f"https://example.org/book?{TIP}"),
        ("https://example.org/book?a=1&b", f"https://example.org/book?a=1&b&{TIP}"),
        ("https://example.org/book?a=1&", f"https://example.org/book?a=1&{TIP}"),
        ("https://example.org/?a=1&a=2", f"https://example.org/?a=1&a=2&{TIP}"),
        # no path
        ("https://example.org", f"https://example.org/?{TIP}"),
        ("https://example.org?a=1", f"https://example.org/?a=1&{TIP}"),
        ("http://example.org:8080", f"http://example.org:8080/?{TIP}"),
        # fragments: also of pages that keep their whole address in one
        ("https://example.org/book#times", f"https://example.org/book?{TIP}#times"),
        ("https://example.org/book?a=1#times", f"https://example.org/book?a=1&{TIP}#times"),
        ("https://example.org/#/book?who=asad", f"https://example.org/?{TIP}#/book?who=asad"),
        # what is encoded stays, what is not will be
        ("https://example.org/a%20b?c=%26%3D+d", f"https://example.org/a%20b?c=%26%3D+d&{TIP}"),
        ("https://example.org/a%2Fb;v=1", f"https://example.org/a%2Fb;v=1?{TIP}"),
        ("https://example.org/rücken?wer=zoë", f"https://example.org/r%C3%BCcken?wer=zo%C3%AB&{TIP}"),
        ("https://example.org/100%/x", f"https://example.org/100%25/x?{TIP}"),
        ("https://example.org/?a=[1]&to=https://x.org/?b", f"https://example.org/?a=[1]&to=https://x.org/?b&{TIP}"),
        ('https://example.org/"><b>', f"https://example.org/%22%3E%3Cb%3E?{TIP}"),
        # names
        ("https://rücken.example/", f"https://xn--rcken-kva.example/?{TIP}"),
        ("https://rücken.example:8443/x", f"https://xn--rcken-kva.example:8443/x?{TIP}"),
        ("https://[2001:db8::1]:443/x", f"https://[2001:db8::1]:443/x?{TIP}"),
        # a campaign of the clinic's own gives way, other parameters of that sort stay
        ("https://example.org/?utm_source=web&utm_term=x", f"https://example.org/?utm_term=x&{TIP}"),
        ("https://example.org/?a=1&utm%5Fcampaign=old", f"https://example.org/?a=1&{TIP}"),
        ("https://example.org/?xutm_source=web", f"https://example.org/?xutm_source=web&{TIP}"),
    ],
)
def test_the_campaign_is_added(url: str, linked: str) -> None:
    assert with_campaign(url, Origin.TIP) == linked


@pytest.mark.parametrize("origin", Origin)
def test_it_says_from_what_kind_of_message_somebody_came(origin: Origin) -> None:
    linked = with_campaign("https://example.org/book", origin)
    assert dict(parse_qsl(urlsplit(linked).query)) == {
        "utm_source": "telegram",
        "utm_medium": "bot",
        "utm_campaign": origin.value,
    }


@given(some.text(), some.text(), some.text())
def test_whatever_stands_behind_the_host_it_is_a_link_in_ascii_and_twice_is_once(
    path: str, query: str, fragment: str
) -> None:
    linked = with_campaign(f"https://example.org/{path}?{query}#{fragment}", Origin.MENU)
    assert linked.isascii()
    assert not set(linked) & set(' "<>\\^`{|}\r\n\t')
    assert urlsplit(linked).netloc == "example.org"
    assert with_campaign(linked, Origin.MENU) == linked


@pytest.mark.parametrize("url", ["https://ü..example/", "https://[example.org/"])
def test_a_name_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        with_campaign(url, Origin.TIP)
