"""Reading feeds as blogs write them, and as nobody should."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipbot.domain.feed import FeedEntry, FeedFailure, FeedFault, identities
from tipbot.feed.decoding import MOST_BYTES
from tipbot.feed.reading import Reading, read_feed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://clinic.example/blog/feed.xml"


def read(feed: str | bytes, content_type: str = "application/xml") -> Reading:
    body = feed.encode() if isinstance(feed, str) else feed
    return read_feed(body, content_type=content_type, url=URL, now=NOW)


def item(
    inside: str, *, link: str = "<link>https://clinic.example/blog/sitting</link>", title: str = "Sitting"
) -> FeedEntry:
    (entry,) = read(
        f"<rss version='2.0' {NAMES}><channel><item><title>{title}</title>{link}{inside}</item></channel></rss>"
    ).entries
    return entry


NAMES = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def refused(feed: str | bytes) -> FeedFailure:
    with pytest.raises(FeedFailure) as caught:
        read(feed)
    return caught.value


def test_an_article_as_wordpress_writes_it() -> None:
    entry = item(
        """<guid isPermaLink="false">https://clinic.example/?p=42</guid>
        <pubDate>Mon, 23 Nov 2026 09:30:00 +0100</pubDate>
        <description><![CDATA[<p>Chairs &amp; sofas: <b>mo</b>ve<br/>now and then. <a href="x">One</a> [&#8230;]</p>
        <p>The post <a href="y">Sitting</a> appeared first on <a href="z">The Clinic</a>.</p>]]></description>
        <content:encoded><![CDATA[<img src="/p/pixel.gif" width="1" height="1"><script>alert("boo")</script>
        <img data-src="x.jpg" src="data:image/png;base64,AA=="><img src="y.jpg"> Chairs.]]></content:encoded>""",
        title="Sitting &amp;amp; &lt;i&gt;standing&lt;/i&gt;: 1 &lt; 2",
    )
    assert entry == FeedEntry(
        guid="https://clinic.example/?p=42",
        link="https://clinic.example/blog/sitting",
        title="Sitting & standing: 1 < 2",
        summary="Chairs & sofas: move now and then. One…",
        picture="https://clinic.example/blog/x.jpg",
        published=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
    )


def test_an_article_in_atom() -> None:
    reading = read(
        """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://clinic.example/news/">
        <title>Blog</title><link rel="self" href="https://clinic.example/blog/feed.xml"/>
        <entry><id>tag:clinic.example,2026:7</id><title type="text">Why &lt;b&gt; is bold</title>
        <link rel="alternate" href="../blog/bold?utm_source=feed&amp;a=1"/><updated>2026-11-22T10:00:00Z</updated>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><style>p {}</style><p>Be <i>bold</i>.</p>
        <p>Really.<img src="b.png"/></p></div></content></entry></feed>"""
    )
    (entry,) = reading.entries
    assert (entry.guid, entry.link) == (
        "tag:clinic.example,2026:7",
        "https://clinic.example/blog/bold?utm_source=feed&a=1",
    )
    assert (entry.title, entry.summary) == ("Why <b> is bold", "Be bold. Really.")
    assert entry.picture == "https://clinic.example/news/b.png"
    assert entry.published == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    assert reading.left_out == ()


RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
OLD = "<item><title>Old</title><link>http://clinic.example/old</link><description>Words</description></item>"


@pytest.mark.parametrize(
    "feed",
    [
        f'<rdf:RDF {RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/>{OLD}</rdf:RDF>',
        f'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN"><rss version="0.91"><channel>{OLD}</channel></rss>',
        f'<rss version="0.92"><channel>{OLD}</channel></rss>',
        f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><channel/>{OLD}</rdf:RDF>',
        f'\ufeff\n<!-- <rss --><?xml-stylesheet href="x"?><rss version="2.0"><channel>{OLD}</channel></rss>',
        # Unfinished, and with an entity that only HTML knows.
        f'<rss version="2.0"><channel>{OLD}<item><title>&nbsp;',
    ],
)
def test_every_age_of_feed_is_read(feed: str) -> None:
    (entry,) = read(feed).entries
    assert (entry.title, entry.link, entry.summary) == ("Old", "http://clinic.example/old", "Words")
    assert (entry.guid, entry.picture, entry.published) == (None, None, None)


@pytest.mark.parametrize(
    ("inside", "picture"),
    [
        (
            '<enclosure url="/a.mp3" type="audio/mpeg"/><enclosure url="/a.jpg" type="image/jpeg" length="9"/>',
            "a.jpg",
        ),
        ('<enclosure url="/a.PNG?x=1"/>', "a.PNG?x=1"),
        ('<media:content url="/a.mp4" type="video/mp4"/><media:content url="/b" medium="image"/>', "b"),
        ('<media:thumbnail url="/t.jpg"/><description>&lt;img src="/i.jpg"&gt;</description>', "t.jpg"),
        ('<description>&lt;img src="/i%20 j.jpg"&gt;</description>', "i%20%20j.jpg"),
        (
            '<enclosure url="javascript:x" type="image/png"/><description>&lt;img src="//[/x"&gt;</description>',
            None,
        ),
        ('<enclosure url="https://me:pw@clinic.example/a.jpg" type="image/jpeg"/>', None),
        ('<media:thumbnail url="/logo.svg"/>', None),
    ],
)
def test_the_picture_is_found(inside: str, picture: str | None) -> None:
    assert item(inside).picture == (picture and f"https://clinic.example/{picture}")


@pytest.mark.parametrize(
    "date",
    [
        "<pubDate>yesterday</pubDate>",
        "<pubDate>Mon, 99 Foo 99999 99:99:99 +9999</pubDate>",
        "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>",
        f"<pubDate>{format_datetime(NOW + timedelta(days=2))}</pubDate>",
        "<pubDate/>",
    ],
)
def test_a_date_that_cannot_be_true_is_none(date: str) -> None:
    assert item(date).published is None


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("<link>../sitting?a=1&amp;b=2#top</link>", "https://clinic.example/sitting?a=1&b=2#top"),
        ("<link> \n/two words </link>", "https://clinic.example/two%20words"),
        ("<link>https://b\u00fccher.example/\u00fc</link>", "https://xn--bcher-kva.example/%C3%BC"),
        ("<guid>https://clinic.example/by-guid</guid>", "https://clinic.example/by-guid"),
    ],
)
def test_a_link_is_absolute_and_in_ascii(link: str, found: str) -> None:
    assert item("", link=link).link == found


@pytest.mark.parametrize(
    "link",
    [
        "",
        "<link/>",
        "<link>javascript:alert(1)</link>",
        "<link>mailto:a@clinic.example</link>",
        "<link>https://me:pw@clinic.example/</link>",
        "<link>http://[</link>",
        "<guid>42</guid>",
        f"<link>https://clinic.example/{'x' * 2000}</link>",
    ],
)
def test_an_entry_without_a_link_is_left_out_with_a_reason(link: str) -> None:
    feed = f"<rss version='2.0'><channel><item><title>No</title>{link}</item>{OLD}</channel></rss>"
    reading = read(feed)
    assert [entry.title for entry in reading.entries] == ["Old"]
    assert reading.left_out == ("entry 1 has no link to an article on the web",)


def test_an_entry_without_words_is_left_out_and_one_without_a_title_makes_one() -> None:
    words = "word " * 200
    feed = f"""<rss version='2.0'><channel>
        <item><link>/a</link><title> </title><description>&lt;p/&gt;</description></item>
        <item><link>/b</link><description>{words}</description></item></channel></rss>"""
    reading = read(feed)
    assert reading.left_out == ("entry 1 has neither a title nor words (https://clinic.example/a)",)
    assert reading.entries[0].title == "word " * 14 + "word word\N{HORIZONTAL ELLIPSIS}"
    assert 290 < len(reading.entries[0].summary) <= 300
    assert reading.entries[0].summary.endswith(" word\N{HORIZONTAL ELLIPSIS}")


def test_long_words_are_cut_and_invisible_ones_taken_out() -> None:
    entry = item(f"<description>{'y' * 400}</description>", title="x\u202e\u0007\u00ad" * 300)
    assert entry.title == "x" * 199 + "\N{HORIZONTAL ELLIPSIS}"
    assert entry.summary == "y" * 299 + "\N{HORIZONTAL ELLIPSIS}"


def test_the_newest_fifty_are_kept_in_the_order_of_the_feed() -> None:
    days = range(60)
    dated = "".join(
        f"<item><title>{day}</title><link>/{day}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=60 - day))}</pubDate></item>"
        for day in days
    )
    titles = [entry.title for entry in read(f"<rss version='2.0'><channel>{dated}</channel></rss>").entries]
    assert titles == [str(day) for day in days[10:]]


def test_the_same_article_comes_once() -> None:
    again = OLD.replace("http:", "https:").replace("Words", "New words")
    feed = f"<rss version='2.0'><channel>{OLD}{again}</channel></rss>"
    reading = read(feed)
    assert [entry.summary for entry in reading.entries] == ["Words"]
    assert reading.left_out == ("https://clinic.example/old comes more than once",)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read("<rss version='2.0'><channel><title>Soon</title></channel></rss>") == Reading((), ())


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Café</title>".encode(), "text/xml; charset=iso-8859-1"),
        ("<title>Café</title>".encode("latin-1"), "text/xml; charset=utf-8"),
        ("<title>Café</title>".encode("latin-1"), ""),
        ("<title>Caf\u00e9</title>".encode("mac-roman"), "text/xml; charset=macintosh"),
        ("<title>Caf\u00e9</title>".encode("cp1252"), "text/xml; charset=punycode"),
        ("<title>Caf\u00e9</title>".encode("cp1252"), "text/xml; charset=no-such"),
    ],
)
def test_what_is_said_about_an_encoding_may_be_wrong(body: bytes, content_type: str) -> None:
    feed = b"<rss version='2.0'><channel><item><link>/a</link>" + body + b"</item></channel></rss>"
    assert read(feed, content_type).entries[0].title == "Café"


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1251", "koi8-r"]
)
def test_many_encodings_are_read(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel><item>"
    text += "<link>/a</link><title>Спина</title>"
    assert read(text.encode(encoding)).entries[0].title == "Спина"


LEVELS = "".join(f'<!ENTITY lol{level} "{f"&lol{level - 1};" * 10}">' for level in range(1, 10))
LAUGHS = f"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">{LEVELS}]>
<rss version="2.0"><channel><item><title>&lol9;</title><link>/a</link></item></channel></rss>"""
OUTSIDE = (
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>&x;</title>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("feed", [LAUGHS, OUTSIDE, OUTSIDE.replace("<!DOCTYPE", "<!-- > --><!doctype")])
def test_entities_are_refused_before_anything_is_expanded(feed: str, encoding: str) -> None:
    assert refused(feed.encode(encoding)).fault is FeedFault.DOCTYPE


def test_entities_behind_the_beginning_mean_nothing() -> None:
    late = OUTSIDE.replace("[", "").split("]>")[0]
    feed = f"<rss version='2.0'>{late}><channel>{OLD}<item><link>/a</link><title>&x;</title></item></channel></rss>"
    assert "root" not in str(read(feed).entries)


def test_fifty_megabytes_are_not_even_looked_at() -> None:
    assert refused(b"<rss>" + bytes(50_000_000)).fault is FeedFault.TOO_LARGE
    assert refused(b"<rss>" + bytes(MOST_BYTES)).fault is FeedFault.TOO_LARGE


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("<!DOCTYPE html><html><head><title>Blog</title></head>", ""),
        ('<html><link rel="alternate" type="application/rss+xml" href="/feed/">', "https://clinic.example/feed/"),
        (
            """<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html><link href="/style.css" rel="stylesheet">
            <link href="https://b.example/atom" rel="ALTERNATE home" type="application/atom+xml"/>""",
            "https://b.example/atom",
        ),
        ('<html><link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">', ""),
        ('<html><link rel="alternate" type="application/rss+xml" href="http://[">', ""),
    ],
)
def test_a_web_page_says_where_its_feed_is(page: str, feed: str) -> None:
    failure = refused(page)
    assert (failure.fault, failure.detail) == (FeedFault.WEB_PAGE, feed)
    hint = f"; its feed is probably at {feed}" if feed else ""
    assert str(failure) == f"clinic.example: this is a web page, not a feed{hint}"


@pytest.mark.parametrize(
    "body", ["", " ", '{"version": "https://jsonfeed.org"}', "<opml/>", "<?xml", "\x00", "<!--", "<"]
)
def test_something_else_is_no_feed(body: str) -> None:
    assert refused(body).fault is FeedFault.NO_FEED


def test_an_article_stays_the_same_when_its_words_change() -> None:
    first = item("<guid>7</guid><description>One</description>")
    assert identities(first) & identities(item("<guid>7</guid><description>Two</description>", title="Better"))


PIECES = [
    b"<rss version='2.0'>",
    b"<channel>",
    b"<item>",
    b"</item>",
    b"<title>",
    b"</title>",
    b"<link>",
    b"/a",
    b"<entry>",
]
PIECES += [
    b"<feed xmlns='http://www.w3.org/2005/Atom'>",
    b"<description>",
    b"&lt;img src=",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
]
PIECES += [
    b"<!DOCTYPE ",
    b"<?xml encoding='",
    b"'?>",
    b"&#xD800;",
    b"&#",
    b"<pubDate>",
    b"<enclosure url='",
    b"xml:base='[",
]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=25).map(b"".join),
    st.sampled_from([b"", b"<rss version='2.0'><channel><item><link>/a</link>", b"\xff\xfe"]),
)
def test_no_bytes_do_any_harm(some: bytes, before: bytes) -> None:
    try:
        entries = read(before + some).entries
    except FeedFailure:
        return
    for entry in entries:
        assert entry.link.startswith(("http://", "https://"))
        assert identities(entry)
        # No half of a character is left that could not be stored.
        assert f"{entry.title}{entry.summary}{entry.guid}".encode()
