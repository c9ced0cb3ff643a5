"""Telegram's HTML: what comes out of it, and what Telegram says when it cannot read it."""

import pytest

from tests.sandbox.conftest import Raw
from tipbot.sandbox import Person
from tipbot.sandbox.formatting import Formatted, as_html, written
from tipbot.sandbox.markup import parse_html
from tipbot.sandbox.refusals import RefusalError

READABLE = [
    ("plain", "plain", []),
    ("<b>Sit</b>, then <i>shift</i>", "Sit, then shift", [("bold", 0, 3), ("italic", 10, 5)]),
    ("<strong>a</strong><em>b</em><ins>c</ins>", "abc", [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1)]),
    ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", at, 1) for at in range(3)]),
    ("🦴🦴<b>🦴</b>", "🦴🦴🦴", [("bold", 4, 2)]),
    ("<B>x</b>", "x", [("bold", 0, 1)]),
    ("<b>x</>", "x", [("bold", 0, 1)]),
    ("<b><i>x</i>y</b>", "xy", [("bold", 0, 2), ("italic", 0, 1)]),
    ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
    ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
    ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
    ("<u></u>x", "x", []),
    ("1 &lt; 2 &amp; 3 &gt; 2 &quot;&#65;&#x42;", '1 < 2 & 3 > 2 "AB', []),
    ("&nbsp;&lt;3 & more", "&nbsp;<3 & more", []),
    ("<a>not a link</a>", "not a link", []),
    ("2 > 1", "2 > 1", []),
]

UNREADABLE = [
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
    ("🦴<p>x</p>", 'Unsupported start tag "p" at byte offset 4'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<i>x</b>", 'Unmatched end tag at byte offset 4, expected "</i>", found "</b>"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<a href='x>y</a>", "Unclosed start tag at byte offset 0"),
    ("<a href=x,y>z</a>", "Unexpected end of name token at byte offset 8"),
    ("<b =x>y</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
    ("<b x = ", 'Unclosed start tag "b" at byte offset 0'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
    ('<tg-time unix="1" format="ts">x</tg-time>', "Invalid date format used"),
]


@pytest.mark.parametrize(("markup", "text", "entities"), READABLE)
def test_html_becomes_text_and_entities(markup: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    found = parse_html(markup)
    assert found[0] == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found[1]] == entities


@pytest.mark.parametrize(("markup", "reason"), UNREADABLE)
def test_bad_html_is_refused_in_telegrams_words(markup: str, reason: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_html(markup)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


def test_links_times_and_code_keep_what_belongs_to_them() -> None:
    text, entities = parse_html(
        '<a href="https://clinic.example/a?b=1&amp;c=2">book</a>'
        '<tg-time unix="12345" format="wDt">soon</tg-time>'
        '<pre><code class="language-python">x</code></pre><code class="language-c">y</code>'
        '<a href="tg://user?id=7">Ann</a><tg-emoji emoji-id="55">👍</tg-emoji>',
    )
    assert text == "booksoonxyAnn👍"
    assert entities[0]["url"] == "https://clinic.example/a?b=1&c=2"
    assert (entities[1]["unix_time"], entities[1]["date_time_format"]) == (12345, "wDt")
    assert entities[2] == {"type": "pre", "language": "python", "offset": 8, "length": 1}
    assert entities[3] == {"type": "code", "offset": 9, "length": 1}
    assert entities[4]["user"]["id"] == 7
    assert entities[5]["custom_emoji_id"] == "55"


def test_outer_white_space_goes_and_entities_move_with_it() -> None:
    text, entities = parse_html("\n <b> A</b> b <i> </i>\n")
    assert written(text, entities) == Formatted("A b", ({"type": "bold", "offset": 0, "length": 1},))


def test_commands_links_and_mentions_are_recognised() -> None:
    found = written("/start@my_bot now, see https://a.example/x. or @somebody, not a/b")
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found.entities] == [
        ("bot_command", 0, 13),
        ("url", 23, 19),
        ("mention", 47, 9),
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<b>Sit &amp; <i>shift</i></b> 🦴 <u>now</u>",
        '<a href="https://clinic.example/?a=1&amp;b=2">book</a>',
        "<blockquote expandable>Not for you if …</blockquote>",
        '<pre><code class="language-c">x &lt; y</code></pre>',
        "<pre>x</pre><tg-spoiler>y</tg-spoiler>",
        '<tg-time unix="1" format="t">one</tg-time>',
    ],
)
def test_html_written_back_reads_the_same(markup: str) -> None:
    assert as_html(written(*parse_html(markup))) == markup


async def test_lengths_count_characters_after_reading_the_tags(raw: Raw, ann: Person) -> None:
    await raw.result("sendMessage", chat_id=ann.chat_id, text="<b>" + "🦴" * 4096 + "</b>", parse_mode="HTML")
    too_long = await raw.refusal("sendMessage", chat_id=ann.chat_id, text="x" * 4097)
    assert too_long == "Bad Request: message is too long"
    endless = await raw.refusal("sendMessage", chat_id=ann.chat_id, text="🦴" * 8193)
    assert endless == "Bad Request: text is too long"


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("", "", "message text is empty"),
        (" \n ", "", "text must be non-empty"),
        ("<b> </b>", "HTML", "text must be non-empty"),
        ("x", "WordPerfect", "unsupported parse_mode"),
        ("x", "MarkdownV2", "can't parse entities: the sandbox reads only HTML, use parse_mode HTML"),
    ],
)
async def test_texts_that_are_refused(raw: Raw, ann: Person, text: str, mode: str, reason: str) -> None:
    given = {"chat_id": ann.chat_id, "text": text, "parse_mode": mode}
    assert await raw.refusal("sendMessage", **given) == f"Bad Request: {reason}"
    assert ann.screen == []
