"""One message that changes: what comes, when, on which days, and whether articles come."""

from datetime import time

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, in_rows, keyboard
from tipbot.bot.conversations import offers
from tipbot.bot.conversations.phrases import (
    clock_in,
    days_phrase,
    kind_name,
    kind_title,
    next_phrase,
    order_phrase,
    place_name,
    plan_phrase,
)
from tipbot.bot.conversations.speaking import language_row
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page, ShowLeftOut
from tipbot.bot.presses import (
    ChooseDays,
    ChooseTime,
    DayOfWeek,
    LooksRight,
    OpenSettings,
    Press,
    Resume,
    SetDay,
    ShowDays,
    ShowKind,
    ShowOwnDays,
    ShowPause,
    ShowSettings,
    ShowTimes,
    ShowZone,
    Stop,
    SwitchArticles,
    SwitchKind,
)
from tipbot.bot.rendering import Screen
from tipbot.domain.subscribers import Kind, Status, Subscription
from tipbot.domain.wall_time import format_wall_time
from tipbot.domain.weekdays import EVERY_DAY, FOUR_A_WEEK, MONDAY_TO_FRIDAY, TWO_A_WEEK, WEEKLY, Weekdays
from tipbot.texts import Texts

TIMES_IN_A_ROW = 4
# The times people choose: early, morning, midday and evening, in even rows.
CHOICES = tuple(
    time.fromisoformat(clock)
    for clock in (
        *("06:30", "07:00", "07:30", "08:00"),
        *("08:30", "09:00", "09:30", "10:00"),
        *("11:00", "12:00", "12:30", "13:00"),
        *("17:00", "18:00", "19:00", "20:00"),
    )
)


async def settings(visit: Visit) -> None:
    """Answer /settings."""
    await visit.send(await settings_screen(visit, await visit.known()))


async def open_settings(visit: Visit, _: OpenSettings) -> None:
    """Show the settings below a message that is worth keeping."""
    await settings(visit)


async def show_settings(visit: Visit, _: ShowSettings) -> None:
    """Show the settings in this message."""
    await visit.show(await settings_screen(visit, await visit.known()))


async def switch_articles(visit: Visit, press: SwitchArticles) -> None:
    """Say whether new articles are wanted."""
    changed = await visit.desk.arrange.switch_articles(visit.chat_id, is_on=press.is_on, now=visit.now)
    await visit.show(await settings_screen(visit, changed))


async def show_kind(visit: Visit, press: ShowKind) -> None:
    """Show what can be set for one kind."""
    await visit.show(_kind_screen(visit, await visit.known(), press.kind))


async def switch_kind(visit: Visit, press: SwitchKind) -> None:
    """Switch a kind on or off."""
    changed = await visit.desk.arrange.switch(visit.chat_id, press.kind, is_on=press.is_on, now=visit.now)
    await visit.show(_kind_screen(visit, changed, press.kind))


async def show_times(visit: Visit, press: ShowTimes) -> None:
    """Offer times for one kind."""
    subscription = await visit.known()
    texts, kind = visit.texts_of(subscription), press.kind
    now_set = subscription.slots[kind].wall_time
    choices = [
        _choice(ChooseTime(kind, at), format_wall_time(at), texts, is_chosen=at == now_set) for at in CHOICES
    ]
    words = texts.times_page.format(kind=kind_title(kind, texts), command=kind_name(kind, texts))
    rows = in_rows(choices, TIMES_IN_A_ROW)
    await visit.show(Screen(words, keyboard(*rows, [button(texts.button_back, ShowKind(kind))])))


async def choose_time(visit: Visit, press: ChooseTime) -> None:
    """Let a kind come at the chosen time, and say when that is next."""
    changed = await visit.desk.arrange.set_time(visit.chat_id, press.kind, press.wall_time, now=visit.now)
    await visit.show(time_set_screen(visit, changed, press.kind))


def time_set_screen(visit: Visit, subscription: Subscription, kind: Kind) -> Screen:
    """Say what was set and when it comes next."""
    texts = visit.texts_of(subscription)
    words = texts.time_set.format(
        kind=kind_name(kind, texts),
        order=order_phrase(subscription.slots[kind], texts),
        next=next_phrase(subscription, texts, now=visit.now, kind=kind),
    )
    return Screen(
        words,
        keyboard([button(texts.button_change, ShowTimes(kind)), button(texts.button_settings, ShowSettings())]),
    )


async def show_days(visit: Visit, press: ShowDays) -> None:
    """Offer sets of days for one kind."""
    await visit.show(_days_screen(visit, await visit.known(), press.kind))


async def choose_days(visit: Visit, press: ChooseDays) -> None:
    """Let a kind come on the chosen days."""
    changed = await visit.desk.arrange.set_days(visit.chat_id, press.kind, press.weekdays, now=visit.now)
    await visit.show(_kind_screen(visit, changed, press.kind))


async def show_own_days(visit: Visit, press: ShowOwnDays) -> None:
    """Show the days of the week one by one."""
    await visit.show(_own_days_screen(visit, await visit.known(), press.kind))


async def set_day(visit: Visit, press: SetDay) -> None:
    """Add one day or take it out; the last one stays, and the toast says so."""
    subscription = await visit.known()
    weekdays = subscription.slots[press.kind].weekdays
    if (press.day in set(weekdays)) is press.is_on:
        await visit.answer()
    elif weekdays.toggled(press.day) == weekdays:
        texts = visit.texts_of(subscription)
        await visit.answer(texts.last_day.format(kind=kind_name(press.kind, texts)))
        return
    else:
        await visit.answer()
        subscription = await visit.desk.arrange.set_days(
            visit.chat_id, press.kind, weekdays.toggled(press.day), now=visit.now
        )
    await visit.show(_own_days_screen(visit, subscription, press.kind))


async def settings_screen(visit: Visit, subscription: Subscription) -> Screen:
    """Return everything that can be set, as it stands."""
    texts, subscriber = visit.texts_of(subscription), subscription.subscriber
    wants_offers = await visit.desk.offers.wants_offers(visit.chat_id)
    left_out = len((await visit.desk.choose.left_out(visit.chat_id)).items)
    words = texts.settings.format(
        plan=plan_phrase(subscription, texts),
        articles=texts.articles_on if subscriber.wants_articles else texts.articles_off,
        offers=offers.phrase(visit, texts, wants_offers=wants_offers),
        place=place_name(subscriber.zone),
        clock=clock_in(subscriber.zone, visit.now),
        next=next_phrase(subscription, texts, now=visit.now),
    )
    articles = texts.button_articles_off if subscriber.wants_articles else texts.button_articles_on
    return Screen(
        words,
        keyboard(
            [button(kind_title(kind, texts), ShowKind(kind)) for kind in Kind],
            [
                button(texts.button_zone, ShowZone()),
                button(articles, SwitchArticles(is_on=not subscriber.wants_articles)),
            ],
            [button(texts.button_left_out.format(number=left_out), ShowLeftOut(Page(0)))] if left_out else [],
            language_row(visit.desk, texts),
            offers.buttons(visit, texts, wants_offers=wants_offers),
            _coming_and_going(subscriber.status, texts),
            [button(texts.button_done, LooksRight())],
        ),
    )


def _coming_and_going(status: Status, texts: Texts) -> list[InlineKeyboardButton]:
    match status:
        case Status.ACTIVE:
            return [button(texts.button_pause, ShowPause()), button(texts.button_stop, Stop())]
        case Status.PAUSED:
            return [button(texts.button_resume, Resume()), button(texts.button_stop, Stop())]
        case Status.STOPPED | Status.BLOCKED | Status.GONE:
            return [button(texts.button_start_again, Resume())]


def _kind_screen(visit: Visit, subscription: Subscription, kind: Kind) -> Screen:
    texts, slot = visit.texts_of(subscription), subscription.slots[kind]
    words = texts.kind_page.format(
        kind=kind_title(kind, texts),
        order=order_phrase(slot, texts),
        next=next_phrase(subscription, texts, now=visit.now, kind=kind),
    )
    when = [button(texts.button_time, ShowTimes(kind)), button(texts.button_days, ShowDays(kind))]
    switch = texts.button_switch_off if slot.is_on else texts.button_switch_on
    return Screen(
        words,
        keyboard(
            when if slot.is_on else [],
            [button(switch, SwitchKind(kind, is_on=not slot.is_on))],
            [button(texts.button_back, ShowSettings())],
        ),
    )


def _days_screen(visit: Visit, subscription: Subscription, kind: Kind) -> Screen:
    texts, weekdays = visit.texts_of(subscription), subscription.slots[kind].weekdays
    sets = {
        texts.button_every_day: EVERY_DAY,
        texts.button_monday_to_friday: MONDAY_TO_FRIDAY,
        texts.button_four_a_week: FOUR_A_WEEK,
        texts.button_two_a_week: TWO_A_WEEK,
        texts.button_weekly: WEEKLY,
    }
    choices = [
        _choice(ChooseDays(kind, days), label, texts, is_chosen=days == weekdays) for label, days in sets.items()
    ]
    own = _choice(ShowOwnDays(kind), texts.button_own_days, texts, is_chosen=weekdays not in sets.values())
    words = texts.days_page.format(kind=kind_title(kind, texts), days=days_phrase(weekdays, texts))
    rows = in_rows([*choices, own], 2)
    return Screen(words, keyboard(*rows, [button(texts.button_back, ShowKind(kind))]))


def _own_days_screen(visit: Visit, subscription: Subscription, kind: Kind) -> Screen:
    texts, weekdays = visit.texts_of(subscription), subscription.slots[kind].weekdays
    choices = [_day_button(kind, DayOfWeek(day), weekdays, texts) for day in range(7)]
    words = texts.own_days_page.format(kind=kind_title(kind, texts))
    rows = in_rows(choices, TIMES_IN_A_ROW)
    return Screen(words, keyboard(*rows, [button(texts.button_back, ShowKind(kind))]))


def _day_button(kind: Kind, day: DayOfWeek, weekdays: Weekdays, texts: Texts) -> InlineKeyboardButton:
    is_on = day in set(weekdays)
    return _choice(SetDay(kind, day, is_on=not is_on), texts.weekdays_short[day], texts, is_chosen=is_on)


def _choice(press: Press, label: str, texts: Texts, *, is_chosen: bool) -> InlineKeyboardButton:
    return button(texts.button_chosen.format(label=label) if is_chosen else label, press)
