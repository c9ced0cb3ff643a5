"""Pauses, going on, and the end of all messages."""

import re

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations import starting
from tipbot.bot.conversations.phrases import next_phrase
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.conversations.wording import is_one_of
from tipbot.bot.presses import Days, OpenSettings, Pause, Resume, ShowPause, ShowSettings, Stop
from tipbot.bot.rendering import Screen
from tipbot.domain.subscribers import Status, Subscription
from tipbot.texts import Texts
from tipbot.usecases.arranging import LONGEST_PAUSE_DAYS

DAYS_OFFERED = (Days(7), Days(14), Days(30))
UNTIL_RESUMED = Days(0)


async def pause(visit: Visit) -> None:
    """Answer /pause: without a number until the person comes back, with one for so many days."""
    days = _days(visit)
    if days is None:
        texts = visit.texts
        await visit.send(Screen(texts.pause_wrong, keyboard(*_choices(texts))))
    else:
        await pause_for(visit, Pause(days))


async def show_pause(visit: Visit, _: ShowPause) -> None:
    """Ask how long the pause shall be."""
    texts = visit.texts
    rows = [*_choices(texts), [button(texts.button_back, ShowSettings())]]
    await visit.show(Screen(texts.pause_page, keyboard(*rows)))


async def pause_for(visit: Visit, press: Pause) -> None:
    """Pause, and say when it goes on."""
    subscription = await visit.known()
    if subscription.subscriber.status not in {Status.ACTIVE, Status.PAUSED}:
        # A pause ends by itself, and nobody who has stopped starts again without saying so.
        await visit.show(starting.standing_screen(visit, subscription))
        return
    changed = await visit.desk.arrange.pause(visit.chat_id, days=press.days or None, now=visit.now)
    texts = visit.texts_of(changed)
    settings = button(texts.button_settings, ShowSettings())
    words = _pause_words(visit, changed, press.days)
    await visit.show(Screen(words, keyboard([button(texts.button_resume, Resume()), settings])))


async def resume(visit: Visit) -> None:
    """Answer /resume."""
    subscription = await visit.known()
    if subscription.subscriber.status is Status.ACTIVE:
        await visit.send(_going_screen(visit, subscription, visit.texts_of(subscription).not_paused))
    else:
        await go_on(visit, Resume())


async def go_on(visit: Visit, _: Resume) -> None:
    """Go on after a pause, a stop or a block."""
    changed = await visit.desk.arrange.resume(visit.chat_id, now=visit.now)
    await visit.show(_going_screen(visit, changed, visit.texts_of(changed).resumed))


async def stop(visit: Visit) -> None:
    """Answer /stop: at once, without a question."""
    await stop_all(visit, Stop())


async def stop_all(visit: Visit, _: Stop) -> None:
    """Send nothing any more, and offer to undo it; after a pause the same button says that it starts again."""
    before = await visit.look_up()
    if before is None:
        await visit.show(Screen(visit.texts.not_started))
        return
    changed = await visit.desk.arrange.stop(visit.chat_id, now=visit.now)
    texts = visit.texts_of(changed)
    was_active = before.subscriber.status is Status.ACTIVE
    label = texts.button_undo if was_active else texts.button_start_again
    await visit.show(Screen(texts.stopped, keyboard([button(label, Resume())])))


def _days(visit: Visit) -> Days | None:
    """Return the days of a pause, 0 for one without an end, or None for what is no such number."""
    number, _, unit = visit.words.partition(" ")
    if not number:
        return UNTIL_RESUMED
    is_days = not unit or is_one_of(unit, visit.in_any_language(lambda texts: texts.day_words))
    if not re.fullmatch(r"[0-9]{1,3}", number) or not is_days:
        return None
    return Days(int(number)) if 1 <= int(number) <= LONGEST_PAUSE_DAYS else None


def _pause_words(visit: Visit, paused: Subscription, days: Days) -> str:
    texts = visit.texts_of(paused)
    following = next_phrase(paused, texts, now=visit.now)
    if not days:
        return texts.paused
    if not any(slot.is_on for slot in paused.slots.values()):
        return texts.paused_off.format(next=following)
    return texts.paused_days.format(days=days, next=following)


def _choices(texts: Texts) -> list[list[InlineKeyboardButton]]:
    days = [button(texts.button_days_off.format(days=days), Pause(days)) for days in DAYS_OFFERED]
    return [days, [button(texts.button_until_resumed, Pause(UNTIL_RESUMED))]]


def _going_screen(visit: Visit, subscription: Subscription, words: str) -> Screen:
    texts = visit.texts_of(subscription)
    return Screen(
        words.format(next=next_phrase(subscription, texts, now=visit.now)),
        keyboard([starting.today_button(subscription, texts), button(texts.button_settings, OpenSettings())]),
    )
