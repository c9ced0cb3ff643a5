"""Drafts in words: who gets one, how many that is, how long it takes and when; pure functions of their values."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from tipbot.bot.conversations.phrases import listed, moment_phrase, place_name
from tipbot.bot.rendering import escaped
from tipbot.domain.audience import EVERYONE, Conditions, Purpose
from tipbot.domain.broadcasts import Broadcast, BroadcastId, Mode, When
from tipbot.domain.content import Language
from tipbot.domain.subscribers import ChatKind, Kind
from tipbot.texts import Texts
from tipbot.usecases.broadcasting import Estimate

_MOST_NAMED = 3
_SHORT = 5
_MINUTE, _HOUR = 60, 3600
# A label is read on a phone; Telegram cuts longer ones in the middle of a word.
_MOST_ON_BUTTON = 40

Titles = Mapping[BroadcastId, str]


def duration_phrase(takes: timedelta, texts: Texts) -> str:
    """Return about how long something takes."""
    seconds = ceil(takes.total_seconds())
    if seconds < _SHORT:
        return texts.few_seconds
    if seconds < _MINUTE:
        return texts.about_seconds.format(seconds=ceil(seconds / _SHORT) * _SHORT)
    if seconds < 2 * _HOUR:
        return texts.about_minutes.format(minutes=ceil(seconds / _MINUTE))
    return texts.about_hours.format(hours=ceil(seconds / _HOUR))


def reach_phrase(estimate: Estimate, texts: Texts) -> str:
    """Return how many people get it, and how long that takes."""
    if not estimate.people:
        return texts.compose_nobody
    return texts.compose_reach.format(people=estimate.people, duration=duration_phrase(estimate.takes, texts))


def notes_phrase(estimate: Estimate, texts: Texts) -> str:
    """Return who gets it later or earlier than planned, a line each, or nothing."""
    notes = []
    if estimate.waiting_for_morning:
        notes.append(texts.compose_morning.format(people=estimate.waiting_for_morning))
    if estimate.passed:
        notes.append(texts.compose_passed.format(zones=estimate.passed))
    return "".join(f"\n{note}" for note in notes)


def when_phrase(when: When, zone: str, texts: Texts, *, now: datetime) -> str:
    """Return when it goes out, as people at the clinic would say it; `zone` is theirs."""
    if when.mode is Mode.AT and when.at is not None:
        moment = moment_phrase(when.at, zone, texts, now=now)
        return texts.when_at.format(moment=moment, place=place_name(zone))
    if when.mode is Mode.LOCAL and when.local_at is not None:
        there = when.local_at.replace(tzinfo=ZoneInfo(zone))
        return texts.when_local.format(moment=moment_phrase(there, zone, texts, now=now))
    return texts.when_now


def purpose_phrase(purpose: Purpose, texts: Texts) -> str:
    """Return what it is, and what follows from that."""
    return texts.purpose_offer if purpose is Purpose.OFFER else texts.purpose_article


def audience_phrase(draft: Broadcast, titles: Titles, languages: Mapping[Language, str], texts: Texts) -> str:
    """Return who gets it: everyone, or sorts of chats with a line for each condition."""
    audience = draft.audience
    if audience == EVERYONE:
        return texts.audience_agreed if draft.purpose is Purpose.OFFER else texts.audience_everyone
    lines = list(conditions_of(audience.only, titles, languages, texts))
    if not audience.minus.is_empty:
        minus = listed(list(conditions_of(audience.minus, titles, languages, texts)), texts)
        lines.append(texts.audience_minus.format(conditions=minus))
    chats = {
        ChatKind.PRIVATE: texts.chats_people,
        ChatKind.GROUP: texts.chats_groups,
        ChatKind.CHANNEL: texts.chats_channels,
    }
    named = listed([name for kind, name in chats.items() if kind in audience.chats], texts)
    below = "".join(f"\n{texts.audience_line.format(condition=line)}" for line in lines)
    return texts.audience_some.format(chats=named, conditions=below)


def conditions_of(
    conditions: Conditions, titles: Titles, languages: Mapping[Language, str], texts: Texts
) -> Iterator[str]:
    """Go through what is asked of people, in words."""
    if conditions.ordered:
        yield _ordered(conditions.ordered, texts)
    if conditions.languages:
        names = [languages.get(language, language) for language in sorted(conditions.languages)]
        yield texts.condition_languages.format(languages=listed(names, texts))
    if conditions.zones:
        yield _zones(conditions.zones, texts)
    since = conditions.joined_since
    if since is not None:
        yield texts.condition_joined.format(day=since.day, month=since.month, year=since.year)
    if conditions.active_days is not None:
        yield texts.condition_active.format(days=conditions.active_days)
    if conditions.got is not None:
        title = titles.get(BroadcastId(conditions.got), str(conditions.got))
        yield texts.condition_got.format(title=escaped(title))


def _ordered(ordered: frozenset[Kind], texts: Texts) -> str:
    if ordered == {Kind.TIP}:
        return texts.condition_tips
    return texts.condition_stretches if ordered == {Kind.STRETCH} else texts.condition_either


def _zones(zones: frozenset[str], texts: Texts) -> str:
    if len(zones) > _MOST_NAMED:
        return texts.condition_many_zones.format(zones=len(zones))
    return texts.condition_zones.format(zones=listed([place_name(zone) for zone in sorted(zones)], texts))


def on_button(label: str) -> str:
    """Return a title short enough for a button."""
    return label if len(label) <= _MOST_ON_BUTTON else label[: _MOST_ON_BUTTON - 1].rstrip() + "…"


def titled(broadcast: Broadcast, texts: Texts) -> str:
    """Return the name of a broadcast: how its words begin, or what it is made of where it has none."""
    return broadcast.title or texts.compose_untitled.format(number=broadcast.id)
