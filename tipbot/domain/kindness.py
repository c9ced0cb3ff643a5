"""When somebody is asked how they like it, and when silence means that less would be kinder. Never a reproach."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from tipbot.domain.subscribers import ChatKind, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY, FOUR_A_WEEK, MONDAY_TO_FRIDAY, TWO_A_WEEK, WEEKLY, Weekdays

ASK_HOW_OFTEN_AFTER = timedelta(days=28)
ASK_AFTER_SILENCE = timedelta(days=14)
# A question gets this long to be answered before anything changes, however long the silence has been.
TIME_TO_ANSWER = timedelta(days=7)
REST_AFTER_SILENCE = timedelta(days=60)


class Note(StrEnum):
    """A short message about the messages themselves; its value names it in the record."""

    HOW_OFTEN = "how-often"
    STILL_THERE = "still-there"
    WEEKLY = "weekly"
    RESTING = "resting"
    FAREWELL = "farewell"


def kind_note(subscriber: Subscriber, *, now: datetime) -> Note | None:
    """Return what to say to somebody beside what falls due just now, or None for nothing.

    Silence is the time since the last press or command: Telegram tells bots nothing about reading. After 14 days
    of it comes one question, a week later messages come weekly, after 60 days they rest. Four weeks after joining
    somebody who is there is asked once whether it shall be more or less. Groups and channels are left alone, and so
    is everybody who paused or stopped (the rhythm is that of the clinic's brief on message practice).
    """
    if subscriber.chat_kind is not ChatKind.PRIVATE or subscriber.status is not Status.ACTIVE:
        return None
    # A pause that was wished for is no silence: it counts from its end.
    silence = now - max(subscriber.last_active_at, subscriber.status_since)
    if silence >= ASK_AFTER_SILENCE:
        return _in_silence(subscriber, silence, now)
    if subscriber.how_often_asked_at is None and now - subscriber.joined_at >= ASK_HOW_OFTEN_AFTER:
        return Note.HOW_OFTEN
    return None


def _in_silence(subscriber: Subscriber, silence: timedelta, now: datetime) -> Note | None:
    """Go one step at a time: after a long outage nobody skips the question."""
    if subscriber.silence_asked_at is None:
        asked = subscriber.how_often_asked_at
        # Two questions on one day, or in one week, would be a nuisance.
        return Note.STILL_THERE if asked is None or now - asked >= TIME_TO_ANSWER else None
    if subscriber.slowed_at is None:
        return Note.WEEKLY if now - subscriber.silence_asked_at >= TIME_TO_ANSWER else None
    if silence >= REST_AFTER_SILENCE and now - subscriber.slowed_at >= TIME_TO_ANSWER:
        return Note.RESTING
    return None


def with_note(subscriber: Subscriber, note: Note, *, now: datetime) -> Subscriber:
    """Return the subscriber as they are once this note is on its way."""
    match note:
        case Note.HOW_OFTEN:
            return replace(subscriber, how_often_asked_at=now)
        case Note.STILL_THERE:
            return replace(subscriber, silence_asked_at=now)
        case Note.WEEKLY:
            return replace(subscriber, slowed_at=now)
        case Note.RESTING:
            return replace(subscriber, status=Status.PAUSED, status_since=now, paused_until=None)
        case Note.FAREWELL:
            return subscriber


def seen(subscriber: Subscriber, *, now: datetime) -> Subscriber:
    """Return the subscriber after a press or a command: they are there, so everything is as they ordered it."""
    return replace(subscriber, last_active_at=now, silence_asked_at=None, slowed_at=None, farewell_warned_at=None)


class Wish(StrEnum):
    """What somebody answers when asked how often."""

    MORE = "more"
    SAME = "same"
    LESS = "less"


# The rhythms people are offered, from seldom to often.
_RHYTHMS = (WEEKLY, TWO_A_WEEK, FOUR_A_WEEK, MONDAY_TO_FRIDAY, EVERY_DAY)


def adjusted(weekdays: Weekdays, wish: Wish) -> Weekdays:
    """Return the next rhythm up or down; own days count by their number, and at either end nothing changes."""
    number = len(list(weekdays))
    match wish:
        case Wish.MORE:
            return next((one for one in _RHYTHMS if len(list(one)) > number), weekdays)
        case Wish.LESS:
            return next((one for one in reversed(_RHYTHMS) if len(list(one)) < number), weekdays)
        case Wish.SAME:
            return weekdays
