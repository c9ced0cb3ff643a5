"""What an operator sends is read so that people get the same words with the same marks, and nothing is lost."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from telegram import Message

from tipbot.bot.incoming import read_message
from tipbot.domain.composition import Composition, Part, PartKind
from tipbot.sandbox.formatting import Formatted, written
from tipbot.sandbox.markup import parse_html, utf16_length

LINKED = {"type": "text_link", "url": 'https://example.com/?a=1&b="2"'}
MARKS: tuple[dict[str, Any], ...] = (
    *({"type": kind} for kind in ("bold", "italic", "underline", "strikethrough", "spoiler", "code")),
    LINKED,
    {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"},
    {"type": "date_time", "unix_time": 1_800_000_000, "date_time_format": "wDt"},
    {"type": "expandable_blockquote"},
)


def received(**content: object) -> Message:
    chat = {"id": 7000, "type": "private", "first_name": "Olive"}
    message = Message.de_json({"message_id": 5, "date": 1_800_000_000, "chat": chat, **content}, None)
    assert message is not None
    return message


def painted(formatted: Formatted) -> set[tuple[str, int]]:
    """Which mark lies on which unit of the text that can be seen; two that touch are as good as one."""
    units = formatted.text.encode("utf-16-le")
    return {
        (str({name: entity[name] for name in sorted(entity) if name not in ("offset", "length")}), place)
        for entity in formatted.entities
        for place in range(entity["offset"], entity["offset"] + entity["length"])
        if units[place * 2 : place * 2 + 2] not in (b" \0", b"\n\0")
    }


@some.composite
def marked_texts(draw: some.DrawFn) -> Formatted:
    words = draw(some.lists(some.sampled_from(["a", "<b>", "&amp;", '"', "\U0001f600", "é", "x\ny"]), min_size=3))
    text = " ".join(words)
    entities = []
    for mark in draw(some.lists(some.sampled_from(MARKS), max_size=5, unique_by=lambda one: one["type"])):
        begin, end = sorted((draw(some.integers(0, len(text))), draw(some.integers(0, len(text)))))
        if text[begin:end].strip():
            offset = utf16_length(text[:begin])
            entities.append({**mark, "offset": offset, "length": utf16_length(text[begin:end])})
    return written(text, entities)


@settings(max_examples=60)
@given(marked_texts())
def test_marks_come_out_as_they_went_in(sent: Formatted) -> None:
    incoming = read_message(received(text=sent.text, entities=list(sent.entities)))
    assert incoming is not None
    got = written(*parse_html(incoming.part.html))
    assert got.text == sent.text
    assert painted(got) == painted(sent)


def test_code_keeps_its_language_and_a_quote_its_fold() -> None:
    pre = {"type": "pre", "offset": 0, "length": 5, "language": "python"}
    quote = {"type": "expandable_blockquote", "offset": 6, "length": 5}
    incoming = read_message(received(text="x < y quote", entities=[pre, quote]))
    assert incoming is not None
    html = '<pre><code class="language-python">x &lt; y</code></pre> <blockquote expandable>quote</blockquote>'
    assert incoming.part == Part(PartKind.TEXT, html, message=5)


FILE = {"file_id": "file", "file_unique_id": "u"}
SIZED = {**FILE, "width": 90, "height": 90}
SHOT = {**SIZED, "duration": 3}


@pytest.mark.parametrize(
    ("content", "kind", "file"),
    [
        ({"photo": [SIZED, {**SIZED, "file_id": "large", "width": 900}]}, PartKind.PHOTO, "large"),
        ({"video": SHOT}, PartKind.VIDEO, "file"),
        ({"animation": SHOT, "document": {**FILE, "file_id": "other"}}, PartKind.ANIMATION, "file"),
        ({"document": FILE}, PartKind.DOCUMENT, "file"),
        ({"audio": {**FILE, "duration": 3}}, PartKind.AUDIO, "file"),
        ({"voice": {**FILE, "duration": 3}}, PartKind.VOICE, "file"),
    ],
)
def test_every_kind_of_file_is_taken(content: dict[str, Any], kind: PartKind, file: str) -> None:
    more = {"caption": "Look", "has_media_spoiler": True, "show_caption_above_media": True, "media_group_id": "9"}
    incoming = read_message(received(**content, **more))
    assert incoming is not None
    assert incoming.part == Part(kind, "Look", file, has_spoiler=True, is_caption_above=True, message=5)
    assert incoming.album == "9"


ANN = {"id": 1, "is_bot": False, "first_name": "Ann"}
CHANNEL = {"id": -1001, "type": "channel", "title": "News"}


@pytest.mark.parametrize(
    "origin",
    [
        {"type": "user", "sender_user": ANN, "date": 1},
        {"type": "hidden_user", "sender_user_name": "Ann", "date": 1},
        {"type": "channel", "chat": CHANNEL, "message_id": 3, "date": 1},
    ],
)
def test_what_was_passed_on_is_taken_without_whose_it_was(origin: dict[str, Any]) -> None:
    incoming = read_message(received(text="Hello", forward_origin=origin))
    assert incoming is not None
    assert incoming.part == Part(PartKind.TEXT, "Hello", message=5)


def test_the_preview_of_a_link_stays_as_it_was_chosen() -> None:
    shown = {"url": "https://a.example/", "prefer_large_media": True, "show_above_text": True}
    incoming = read_message(received(text="Look", link_preview_options=shown))
    hidden = read_message(received(text="Look", link_preview_options={"is_disabled": True}))
    assert incoming is not None
    assert hidden is not None
    part = Part(PartKind.TEXT, "Look", message=5)
    chosen = Composition((part,), preview_url="https://a.example/", is_preview_above=True, is_preview_large=True)
    assert incoming.composition == chosen
    assert hidden.composition.preview_url == ""


POLL = {
    "id": "1",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "type": "regular",
    **dict.fromkeys(("is_closed", "is_anonymous", "allows_multiple_answers"), False),
    **dict.fromkeys(("allows_revoting", "members_only"), False),
}


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {**SIZED, "type": "regular", "is_animated": False, "is_video": False}},
        {"poll": POLL},
        {"location": {"latitude": 1, "longitude": 1}},
        {"contact": {"phone_number": "1", "first_name": "Ann"}},
        {"dice": {"emoji": "🎲", "value": 1}},
        {"video_note": {**FILE, "length": 9, "duration": 3}},
        {"paid_media": {"star_count": 1, "paid_media": []}},
        {"story": {"chat": CHANNEL, "id": 1}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_cannot_go_to_many_is_not_taken(content: dict[str, Any]) -> None:
    assert read_message(received(**content)) is None
