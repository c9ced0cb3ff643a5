"""A table of lives: who joined when, was last there when, was asked when, and what is kind to say now."""

from datetime import UTC, datetime, timedelta

import pytest

from tipbot.domain.content import ENGLISH
from tipbot.domain.kindness import Note, Wish, adjusted, kind_note, seen, with_note
from tipbot.domain.subscribers import ChatId, ChatKind, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY, FOUR_A_WEEK, MONDAY_TO_FRIDAY, TWO_A_WEEK, WEEKLY, Weekdays

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ago(days: float | None) -> datetime | None:
    return None if days is None else NOW - timedelta(days=days)


def somebody(  # noqa: PLR0913 (a row of the table below)
    joined: float,
    there: float,
    *,
    how_often: float | None = None,
    silence: float | None = None,
    slowed: float | None = None,
    since: float | None = None,
    status: Status = Status.ACTIVE,
    chat_kind: ChatKind = ChatKind.PRIVATE,
) -> Subscriber:
    """Return somebody whose moments lie so many days back."""
    return Subscriber(
        chat_id=ChatId(7),
        chat_kind=chat_kind,
        language=ENGLISH,
        zone="Europe/London",
        status=status,
        joined_at=NOW - timedelta(days=joined),
        last_active_at=NOW - timedelta(days=there),
        status_since=NOW - timedelta(days=joined if since is None else since),
        how_often_asked_at=ago(how_often),
        silence_asked_at=ago(silence),
        slowed_at=ago(slowed),
    )


LIVES = [
    ("joined today", somebody(0, 0), None),
    ("27 days, there yesterday", somebody(27, 1), None),
    ("28 days, there yesterday", somebody(28, 1), Note.HOW_OFTEN),
    ("a year, never asked, there yesterday", somebody(365, 1), Note.HOW_OFTEN),
    ("asked how often this morning, and silent", somebody(28, 14, how_often=0.4), None),
    ("asked how often a week ago, and silent", somebody(35, 21, how_often=7), Note.STILL_THERE),
    ("asked once is enough", somebody(365, 1, how_often=300), None),
    ("silent for 13 days", somebody(20, 13), None),
    ("silent for 14 days", somebody(20, 14), Note.STILL_THERE),
    ("silent, and due to be asked how often: silence first", somebody(40, 14), Note.STILL_THERE),
    ("asked 6 days ago", somebody(40, 20, silence=6), None),
    ("asked 7 days ago", somebody(40, 21, silence=7), Note.WEEKLY),
    ("weekly, silent for 59 days", somebody(90, 59, silence=45, slowed=38), None),
    ("weekly, silent for 60 days", somebody(90, 60, silence=46, slowed=39), Note.RESTING),
    ("back after all: nothing", somebody(90, 1, how_often=40), None),
    # A host that was away for months must not skip the question, nor the week to answer it.
    ("silent for 100 days, never asked", somebody(200, 100), Note.STILL_THERE),
    ("silent for 107 days, asked 6 days ago", somebody(200, 106, silence=6), None),
    ("silent for 107 days, asked a week ago", somebody(200, 107, silence=7), Note.WEEKLY),
    ("silent for 110 days, weekly since 3", somebody(200, 110, silence=10, slowed=3), None),
    ("silent for 114 days, weekly since 7", somebody(200, 114, silence=14, slowed=7), Note.RESTING),
    # A pause is no silence: it counts from its end.
    ("on a pause", somebody(200, 100, status=Status.PAUSED), None),
    ("back from a pause of 90 days since yesterday", somebody(200, 91, how_often=150, since=1), None),
    ("back from a pause since 14 days", somebody(200, 104, how_often=150, since=14), Note.STILL_THERE),
    ("stopped", somebody(200, 100, status=Status.STOPPED), None),
    ("blocked", somebody(200, 100, status=Status.BLOCKED), None),
    ("a group", somebody(200, 100, chat_kind=ChatKind.GROUP), None),
    ("a channel", somebody(200, 100, chat_kind=ChatKind.CHANNEL), None),
]


@pytest.mark.parametrize(("subscriber", "note"), [life[1:] for life in LIVES], ids=[life[0] for life in LIVES])
def test_what_is_kind_to_say(subscriber: Subscriber, note: Note | None) -> None:
    assert kind_note(subscriber, now=NOW) is note


def test_a_year_of_silence_is_four_messages_and_then_quiet() -> None:
    person, said = somebody(0, 0), []
    for day in range(1, 366):
        now = NOW + timedelta(days=day)
        note = kind_note(person, now=now)
        if note is not None:
            said.append((day, note))
            person = with_note(person, note, now=now)
    assert said == [(14, Note.STILL_THERE), (21, Note.WEEKLY), (60, Note.RESTING)]
    assert person.status is Status.PAUSED


def test_one_press_undoes_the_silence() -> None:
    missed = somebody(90, 59, silence=45, slowed=38)
    back = seen(missed, now=NOW)
    assert (back.silence_asked_at, back.slowed_at, back.last_active_at) == (None, None, NOW)


@pytest.mark.parametrize(
    ("days", "more", "less"),
    [
        (EVERY_DAY, EVERY_DAY, MONDAY_TO_FRIDAY),
        (MONDAY_TO_FRIDAY, EVERY_DAY, FOUR_A_WEEK),
        (FOUR_A_WEEK, MONDAY_TO_FRIDAY, TWO_A_WEEK),
        (TWO_A_WEEK, FOUR_A_WEEK, WEEKLY),
        (WEEKLY, TWO_A_WEEK, WEEKLY),
        (Weekdays.of((2, 4, 6)), FOUR_A_WEEK, TWO_A_WEEK),
        (Weekdays.of(range(6)), EVERY_DAY, MONDAY_TO_FRIDAY),
        (Weekdays.of((6,)), TWO_A_WEEK, Weekdays.of((6,))),
    ],
)
def test_more_and_less_go_one_step(days: Weekdays, more: Weekdays, less: Weekdays) -> None:
    assert (adjusted(days, Wish.MORE), adjusted(days, Wish.LESS), adjusted(days, Wish.SAME)) == (more, less, days)
