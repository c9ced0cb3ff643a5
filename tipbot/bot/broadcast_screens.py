"""How a broadcast stands, as a message: its name, its numbers, and the buttons that make sense at this moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tipbot.bot.broadcast_buttons import rows_to_decide, rows_to_look
from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import moment_phrase, place_name
from tipbot.bot.item_presses import Page
from tipbot.bot.presses_of_sending import (
    BroadcastNumber,
    ShowBroadcast,
    ShowBroadcasts,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.broadcasts import Action, Broadcast, BroadcastStatus, Mode, PausedFor, Tally
from tipbot.domain.delivery import DeliveryStatus
from tipbot.texts import Texts
from tipbot.usecases.standing import Progress

CELLS = 16
_FULL, _EMPTY = "\N{DARK SHADE}", "\N{LIGHT SHADE}"
# What can become of a delivery, in the order in which operators read it.
OUTCOMES = (
    DeliveryStatus.SENT,
    DeliveryStatus.BLOCKED,
    DeliveryStatus.GONE,
    DeliveryStatus.FAILED,
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.CANCELLED,
)
_SECONDS_A_MINUTE, _MINUTES_AN_HOUR = 60, 60


class Many(int):
    """A number as it is written for people, with thousands apart: 1,240."""

    def __format__(self, _: str) -> str:
        return f"{int(self):,}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the message, and when: their words, the clinic's IANA zone, and whether they may decide."""

    texts: Texts
    zone: str
    now: datetime
    may_send: bool


def card(progress: Progress, reader: Reader) -> Screen:
    """Return how a broadcast stands, with what can be done about it."""
    texts = reader.texts
    rows = rows_to_decide(progress, texts, now=reader.now) if reader.may_send else rows_to_look(progress, texts)
    return Screen(_words(progress, reader), rows)


def _words(progress: Progress, reader: Reader) -> str:
    broadcast, texts = progress.broadcast, reader.texts
    title = escaped(title_of(broadcast, texts))
    match broadcast.status:
        case BroadcastStatus.DRAFT:
            return texts.broadcast_draft.format(title=title)
        case BroadcastStatus.SCHEDULED:
            return _scheduled(broadcast, reader, title)
        case BroadcastStatus.SENDING:
            return _progress(progress, reader)
        case BroadcastStatus.PAUSED:
            why = texts.paused_for[list(PausedFor).index(broadcast.paused_for or PausedFor.OPERATOR)]
            return texts.broadcast_paused.format(progress=_progress(progress, reader), why=why)
        case BroadcastStatus.CANCELLED:
            people = Many(progress.tally.people)
            outcome = "\n".join([outcome_of(progress, texts), *_taken_back(progress, texts)])
            return texts.broadcast_cancelled.format(title=named(broadcast, texts), people=people, outcome=outcome)
        case BroadcastStatus.DONE:
            return _done(progress, texts, title)


def _scheduled(broadcast: Broadcast, reader: Reader, title: str) -> str:
    texts, zone, place = reader.texts, reader.zone, place_name(reader.zone)
    moment = moment_phrase(broadcast.starts_at or reader.now, zone, texts, now=reader.now)
    local = broadcast.when.local_at
    if broadcast.when.mode is not Mode.LOCAL or local is None:
        return texts.broadcast_scheduled.format(title=title, moment=moment, place=place)
    when = moment_phrase(local.replace(tzinfo=ZoneInfo(zone)), zone, texts, now=reader.now)
    return texts.broadcast_scheduled_local.format(title=title, when=when, moment=moment, place=place)


def _done(progress: Progress, texts: Texts, title: str) -> str:
    broadcast, tally = progress.broadcast, progress.tally
    began, ended = broadcast.started_at, broadcast.finished_at
    took = ended - began if began is not None and ended is not None else timedelta(0)
    done = {
        Action.MESSAGE: texts.done_message,
        Action.CORRECTION: texts.done_correction,
        Action.WITHDRAWAL: texts.done_withdrawal,
    }
    return (
        done[broadcast.action]
        .format(
            title=title,
            time=time_phrase(took, texts),
            reached=Many(tally.of(DeliveryStatus.SENT)),
            people=Many(tally.people),
            outcome="\n".join(filter(None, [_outcome(tally, texts, OUTCOMES[1:]), *_taken_back(progress, texts)])),
        )
        .rstrip()
    )


def _taken_back(progress: Progress, texts: Texts) -> list[str]:
    number = Many(progress.taken_back)
    return [texts.taken_back_since.format(number=number)] if number else []


def _progress(progress: Progress, reader: Reader) -> str:
    tally, texts = progress.tally, reader.texts
    heading = _heading(progress.broadcast, texts)
    if not tally.people:
        return texts.progress_begins.format(heading=heading)
    numbers = texts.progress_numbers.format(done=Many(tally.settled), people=Many(tally.people))
    outcome = [outcome_of(progress, texts)]
    if progress.waiting and progress.next_at is not None:
        moment = moment_phrase(progress.next_at, reader.zone, texts, now=reader.now)
        place = place_name(reader.zone)
        outcome.append(texts.progress_waiting.format(number=Many(progress.waiting), moment=moment, place=place))
    return texts.progress.format(
        heading=heading,
        bar=bar(tally),
        numbers=" · ".join([numbers, *_pace(progress, texts)]),
        outcome="\n".join(outcome),
    )


def _heading(broadcast: Broadcast, texts: Texts) -> str:
    if broadcast.status is BroadcastStatus.PAUSED:
        return texts.paused_heading.format(title=named(broadcast, texts))
    going = {
        Action.MESSAGE: texts.going_message,
        Action.CORRECTION: texts.going_correction,
        Action.WITHDRAWAL: texts.going_withdrawal,
    }
    return going[broadcast.action].format(title=escaped(title_of(broadcast, texts)))


def _pace(progress: Progress, texts: Texts) -> list[str]:
    """Return how fast it goes and how long it takes; nothing while it stands still or waits for a morning."""
    if progress.broadcast.status is not BroadcastStatus.SENDING or not progress.takes:
        return []
    rate = Many(max(round(progress.rate), 1))
    words = texts.progress_slowed if progress.is_slowed else texts.progress_pace
    return [words.format(rate=rate, time=time_phrase(progress.takes, texts))]


def bar(tally: Tally) -> str:
    """Return how far it is as a bar of 16 cells."""
    full = min(CELLS * tally.settled // tally.people, CELLS) if tally.people else 0
    return _FULL * full + _EMPTY * (CELLS - full)


def outcome_of(progress: Progress, texts: Texts) -> str:
    """Return what became of the messages so far, in one line; what did not happen is left out."""
    return _outcome(progress.tally, texts, OUTCOMES, progress.broadcast.action) or texts.outcome_none


def _outcome(
    tally: Tally, texts: Texts, wanted: tuple[DeliveryStatus, ...], action: Action = Action.MESSAGE
) -> str:
    words = dict(zip(OUTCOMES, texts.outcomes, strict=True))
    if action is Action.CORRECTION:
        words[DeliveryStatus.SENT] = texts.outcome_corrected
    if action is Action.WITHDRAWAL:
        words[DeliveryStatus.SENT] = texts.outcome_withdrawn
    return " · ".join(
        texts.outcome.format(word=words[status], number=Many(number))
        for status in wanted
        if (number := tally.of(status))
    )


def title_of(broadcast: Broadcast, texts: Texts) -> str:
    """Return how the words of a broadcast begin."""
    return broadcast.title or texts.broadcast_untitled


def named(broadcast: Broadcast, texts: Texts) -> str:
    """Return what a broadcast is called, and what it does, in Telegram's HTML."""
    names = {
        Action.MESSAGE: texts.named_message,
        Action.CORRECTION: texts.named_correction,
        Action.WITHDRAWAL: texts.named_withdrawal,
    }
    return names[broadcast.action].format(title=escaped(title_of(broadcast, texts)))


def time_phrase(length: timedelta, texts: Texts) -> str:
    """Return a length of time in words, at least a second."""
    seconds = max(round(length.total_seconds()), 1)
    if seconds < _SECONDS_A_MINUTE:
        return texts.seconds_long.format(seconds=seconds)
    minutes, seconds = divmod(seconds, _SECONDS_A_MINUTE)
    if minutes < _MINUTES_AN_HOUR:
        return texts.minutes_long.format(minutes=minutes, seconds=seconds)
    hours, minutes = divmod(minutes, _MINUTES_AN_HOUR)
    return texts.hours_long.format(hours=Many(hours), minutes=minutes)


def broadcast_list(broadcasts: list[Broadcast], page: int, *, has_more: bool, texts: Texts) -> Screen:
    """Return a page of broadcasts, one button each."""
    if not broadcasts and not page:
        return Screen(texts.no_broadcasts)
    states = dict(zip(BroadcastStatus, texts.broadcast_states, strict=True))
    rows = [
        [button(_line(one, states[one.status], texts), ShowBroadcast(BroadcastNumber(one.id)))]
        for one in broadcasts
    ]
    turning = []
    if page:
        turning.append(button(texts.button_newer, ShowBroadcasts(Page(page - 1))))
    if has_more:
        turning.append(button(texts.button_older, ShowBroadcasts(Page(page + 1))))
    return Screen(texts.broadcasts_list, keyboard(*rows, turning))


def _line(broadcast: Broadcast, state: str, texts: Texts) -> str:
    names = {Action.CORRECTION: texts.named_correction, Action.WITHDRAWAL: texts.named_withdrawal}
    name = names.get(broadcast.action, "{title}").format(title=title_of(broadcast, texts))
    reached = broadcast.tally.of(DeliveryStatus.SENT)
    return texts.broadcast_line.format(title=_short(name), state=f"{state} {Many(reached)}" if reached else state)


def _short(name: str) -> str:
    most = 34
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
