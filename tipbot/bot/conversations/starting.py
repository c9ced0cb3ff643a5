"""The first minute: the welcome screen, the one question about age, the plan, and the first tip."""

from dataclasses import replace

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import agree, button, keyboard
from tipbot.bot.conversations import asking, checking
from tipbot.bot.conversations.phrases import clock_in, days_phrase, listed, next_phrase, place_name, plan_phrase
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating import joining
from tipbot.bot.presses import (
    Agree,
    LooksRight,
    OpenSettings,
    Resume,
    ShowSettings,
    ShowZone,
    StartGroup,
    Today,
    UnderAge,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.subscribers import DEFAULT_DAYS, DEFAULT_TIMES, ChatKind, Kind, Status, Subscription
from tipbot.domain.wall_time import format_wall_time
from tipbot.places import zone_for_language
from tipbot.texts import Texts
from tipbot.usecases.inviting import is_code
from tipbot.usecases.joining import Newcomer


async def start(visit: Visit) -> None:
    """Answer /start: welcome a stranger, tell everybody else how things stand, or lead on to where a link leads.

    The link of an invitation to work here looks like that of a subscriber, and so it is looked at first.
    """
    if is_code(visit.words) and not visit.is_group:
        await joining.come_in(visit)
        return
    subscription = await visit.look_up()
    if subscription is None:
        await welcome(visit, source=visit.words)
    elif visit.words == checking.LINK and not visit.is_group:
        await checking.selftest(visit)
    else:
        await visit.send(standing_screen(visit, subscription))


async def welcome(visit: Visit, *, source: str = "") -> None:
    """Say what this is and ask whether to begin; nothing is kept before the answer: the button holds `source`."""
    if visit.is_group:
        await visit.send(_group_welcome_screen(visit))
    else:
        await visit.send(_welcome_screen(visit, source))


async def join(visit: Visit, press: Agree) -> None:
    """Subscribe a person, show the plan, and send the first tip at once."""
    if visit.is_group:
        await welcome(visit)
        return
    newcomer = _newcomer(visit, ChatKind.PRIVATE, source=press.source or None)
    subscription, is_new = await visit.desk.join.join(newcomer, now=visit.now)
    if subscription.subscriber.status is not Status.ACTIVE:
        await visit.show(standing_screen(visit, subscription))
        return
    await visit.show(_plan_screen(visit, subscription, visit.texts_of(subscription).plan))
    if is_new:
        await asking.bring_today(visit, Today(Kind.TIP))


async def join_group(visit: Visit, press: StartGroup) -> None:
    """Subscribe a group to one kind and send the first item at once."""
    if not visit.is_group:  # the age question comes first, whatever a button says
        await welcome(visit)
        return
    newcomer = replace(_newcomer(visit, ChatKind.GROUP, source=None), kinds=frozenset((press.kind,)))
    subscription, is_new = await visit.desk.join.join(newcomer, now=visit.now)
    if not is_new:
        await visit.show(standing_screen(visit, subscription))
        return
    await visit.show(_plan_screen(visit, subscription, visit.texts_of(subscription).group_plan))
    await asking.bring_today(visit, Today(press.kind))


async def turn_away(visit: Visit, _: UnderAge) -> None:
    """Point somebody under 18 to people who can help, and keep nothing about them, whatever they pressed before.

    Whoever comes back is a stranger, and is asked about their age again.
    """
    if visit.is_group:  # nobody is asked about their age there, whatever a button says
        await welcome(visit)
        return
    await visit.desk.rights.forget(visit.chat_id, now=visit.now)
    visit.desk.rate.forget(visit.chat_id)
    await visit.show(Screen(visit.texts.under_age))


async def confirm(visit: Visit, _: LooksRight) -> None:
    """Close the plan or the settings with what comes next."""
    subscription = await visit.look_up()
    if subscription is None:
        await welcome(visit)
        return
    texts = visit.texts_of(subscription)
    await visit.show(Screen(texts.all_set.format(next=next_phrase(subscription, texts, now=visit.now))))


def _newcomer(visit: Visit, chat_kind: ChatKind, *, source: str | None) -> Newcomer:
    return Newcomer(
        chat_id=visit.chat_id,
        chat_kind=chat_kind,
        language=visit.desk.language_of(visit.language_code),
        zone=zone_for_language(visit.language_code) or visit.desk.home_zone,
        source=source,
        consent_version=visit.desk.library.consent_version,
    )


def _welcome_screen(visit: Visit, source: str) -> Screen:
    texts, catalogue = visit.texts, visit.desk.library.catalogue
    therapists = [escaped(therapist.name) for therapist in catalogue.therapists.values()]
    words = texts.welcome.format(
        therapists=listed(therapists, texts),
        clinic=escaped(catalogue.clinic.name),
        tip=_usual(Kind.TIP, texts),
        stretch=_usual(Kind.STRETCH, texts),
    )
    return Screen(
        words,
        keyboard([button(texts.button_adult, agree(source))], [button(texts.button_under_age, UnderAge())]),
    )


def _group_welcome_screen(visit: Visit) -> Screen:
    texts = visit.texts
    return Screen(
        texts.group_welcome.format(clinic=escaped(visit.desk.library.catalogue.clinic.name)),
        keyboard(
            [button(texts.button_group_tip, StartGroup(Kind.TIP))],
            [button(texts.button_group_stretch, StartGroup(Kind.STRETCH))],
        ),
    )


def standing_screen(visit: Visit, subscription: Subscription) -> Screen:
    """Return what tells somebody who is known how things stand; only a button changes anything."""
    texts = visit.texts_of(subscription)
    following = next_phrase(subscription, texts, now=visit.now)
    settings = button(texts.button_settings, OpenSettings())
    match subscription.subscriber.status:
        case Status.ACTIVE:
            words = _with_plan(texts.already_in, visit, subscription, next=following)
            buttons = [today_button(subscription, texts), settings]
        case Status.PAUSED:
            words = texts.on_a_break.format(next=following)
            buttons = [button(texts.button_resume, Resume()), settings]
        case Status.STOPPED | Status.BLOCKED | Status.GONE:
            words = texts.start_again.format(plan=plan_phrase(subscription, texts))
            buttons = [button(texts.button_start_again, Resume()), settings]
    return Screen(words, keyboard(buttons))


def today_button(subscription: Subscription, texts: Texts) -> InlineKeyboardButton:
    """Return the button for today's item of what the chat has ordered, the tip when it has both or none."""
    is_only_stretch = subscription.slots[Kind.STRETCH].is_on and not subscription.slots[Kind.TIP].is_on
    if is_only_stretch:
        return button(texts.button_todays_stretch, Today(Kind.STRETCH))
    return button(texts.button_todays_tip, Today(Kind.TIP))


def _plan_screen(visit: Visit, subscription: Subscription, words: str) -> Screen:
    texts = visit.texts_of(subscription)
    return Screen(
        _with_plan(words, visit, subscription),
        keyboard(
            [button(texts.button_looks_right, LooksRight()), button(texts.button_change_times, ShowSettings())],
            [button(texts.button_elsewhere, ShowZone())],
        ),
    )


def _with_plan(words: str, visit: Visit, subscription: Subscription, **more: str) -> str:
    zone = subscription.subscriber.zone
    plan = plan_phrase(subscription, visit.texts_of(subscription))
    return words.format(plan=plan, place=place_name(zone), clock=clock_in(zone, visit.now), **more)


def _usual(kind: Kind, texts: Texts) -> str:
    return texts.order.format(
        time=format_wall_time(DEFAULT_TIMES[kind]), days=days_phrase(DEFAULT_DAYS[kind], texts)
    )
