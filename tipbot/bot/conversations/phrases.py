"""Plans, days and moments in words; pure functions of a subscription and the texts."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from zoneinfo import ZoneInfo

from tipbot.domain.subscribers import Kind, Slot, Status, Subscription
from tipbot.domain.wall_time import format_wall_time
from tipbot.domain.weekdays import EVERY_DAY, MONDAY_TO_FRIDAY, Weekdays
from tipbot.texts import Texts

DAYS_OF_A_WEEK = 7


def kind_name(kind: Kind, texts: Texts) -> str:
    """Return the word for a kind inside a sentence."""
    return texts.kind_tip if kind is Kind.TIP else texts.kind_stretch


def kind_title(kind: Kind, texts: Texts) -> str:
    """Return the word for a kind that stands alone, on a button or in a heading."""
    return texts.button_tip if kind is Kind.TIP else texts.button_stretch


def place_name(zone: str) -> str:
    """Return the name people know an IANA zone by: its city."""
    return zone.rpartition("/")[2].replace("_", " ")


def clock_in(zone: str, now: datetime) -> str:
    """Return what the clocks in a zone show."""
    return format_wall_time(now.astimezone(ZoneInfo(zone)).time())


def listed(words: Sequence[str], texts: Texts) -> str:
    """Return words as a list in a sentence."""
    *most, last = words
    if not most:
        return last
    return texts.list_last.format(most=reduce(lambda so_far, word: _more(so_far, word, texts), most), last=last)


def _more(so_far: str, word: str, texts: Texts) -> str:
    return texts.list_more.format(most=so_far, next=word)


def days_phrase(weekdays: Weekdays, texts: Texts) -> str:
    """Return a set of days in words."""
    if weekdays == EVERY_DAY:
        return texts.every_day
    if weekdays == MONDAY_TO_FRIDAY:
        return texts.monday_to_friday
    if len(days := list(weekdays)) == 1:
        return texts.each_weekday[days[0]]
    return listed([texts.weekdays_short[day] for day in days], texts)


def order_phrase(slot: Slot, texts: Texts) -> str:
    """Return when a standing order comes, or that it is off."""
    if not slot.is_on:
        return texts.order_off
    return texts.order.format(time=format_wall_time(slot.wall_time), days=days_phrase(slot.weekdays, texts))


def plan_phrase(subscription: Subscription, texts: Texts) -> str:
    """Return every standing order, one a line."""
    return "\n".join(
        texts.plan_line.format(kind=kind_title(kind, texts), order=order_phrase(subscription.slots[kind], texts))
        for kind in Kind
    )


def next_phrase(subscription: Subscription, texts: Texts, *, now: datetime, kind: Kind | None = None) -> str:
    """Return what comes next, of one kind or of all, or why nothing does."""
    slots = [subscription.slots[kind]] if kind else list(subscription.slots.values())
    due = sorted((slot.next_at, slot.kind) for slot in slots if slot.next_at is not None)
    if due:
        moment, first = due[0]
        zone = subscription.subscriber.zone
        return texts.next_one.format(
            kind=kind_name(first, texts), moment=moment_phrase(moment, zone, texts, now=now), place=place_name(zone)
        )
    if subscription.subscriber.status not in {Status.ACTIVE, Status.PAUSED}:
        return texts.next_none_stopped
    if any(slot.is_on for slot in slots):
        return texts.next_none_paused
    return texts.next_none_off if kind is None else ""


def moment_phrase(moment: datetime, zone: str, texts: Texts, *, now: datetime) -> str:
    """Return a moment as people of that zone would say it."""
    local = moment.astimezone(ZoneInfo(zone))
    days_ahead = (local.date() - now.astimezone(ZoneInfo(zone)).date()).days
    clock = format_wall_time(local.time())
    weekday = texts.weekdays[local.weekday()]
    if days_ahead == 0:
        return texts.today.format(time=clock)
    if days_ahead == 1:
        return texts.tomorrow.format(time=clock)
    if 0 < days_ahead < DAYS_OF_A_WEEK:
        return texts.on_weekday.format(weekday=weekday, time=clock)
    return texts.on_date.format(weekday=weekday, day=local.day, month=local.month, time=clock)


def date_phrase(moment: datetime, zone: str, texts: Texts) -> str:
    """Return the day of a moment in a zone, with its year."""
    local = moment.astimezone(ZoneInfo(zone))
    return texts.article_day.format(day=local.day, month=local.month, year=local.year)
