"""A time typed into the chat: /time 7, /time stretch 19:00, or just 7:30."""

from datetime import time
from functools import partial

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import kind_name, kind_title
from tipbot.bot.conversations.settings import time_set_screen
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import ChooseTime, OfferTime, ShowSettings, ShowTimes
from tipbot.bot.rendering import Screen
from tipbot.domain.subscribers import Kind, Subscription
from tipbot.domain.wall_time import format_wall_time, parse_wall_time
from tipbot.texts import Texts

QUICK_TIMES = (time(7), time(7, 30), time(8))


async def set_time(visit: Visit) -> None:
    """Answer /time: with a kind and a time at once, with a time alone by asking which, otherwise with examples."""
    kind, words = _split(visit)
    wall_time = parse_wall_time(words)
    if not words:
        await visit.send(_change_screen(visit.texts, kind))
    elif wall_time is None:
        await visit.send(_wrong_screen(visit.texts, kind))
    elif kind is None:
        await _set_or_ask(visit, wall_time)
    else:
        await _set(visit, kind, wall_time)


async def offer_time(visit: Visit, press: OfferTime) -> None:
    """Go on with a time from a button that did not say which kind it is for."""
    await _set_or_ask(visit, press.wall_time)


async def ask_which(visit: Visit, wall_time: time) -> None:
    """Ask which kind a time is for; nothing is set before the answer."""
    texts = visit.texts
    words = texts.time_which.format(time=format_wall_time(wall_time))
    await visit.show(
        Screen(words, keyboard([button(kind_title(kind, texts), ChooseTime(kind, wall_time)) for kind in Kind]))
    )


async def _set_or_ask(visit: Visit, wall_time: time) -> None:
    """Set the time of the one kind that is on; with both or none on, ask."""
    kinds = _kinds_on(await visit.known())
    if len(kinds) == 1:
        await _set(visit, kinds[0], wall_time)
    else:
        await ask_which(visit, wall_time)


async def _set(visit: Visit, kind: Kind, wall_time: time) -> None:
    changed = await visit.desk.arrange.set_time(visit.chat_id, kind, wall_time, now=visit.now)
    await visit.show(time_set_screen(visit, changed, kind))


def _kinds_on(subscription: Subscription) -> list[Kind]:
    return [kind for kind in Kind if subscription.slots[kind].is_on]


def _split(visit: Visit) -> tuple[Kind | None, str]:
    """Return the kind that the words begin or end with, if any, and the rest."""
    words = visit.words.casefold()
    for kind in Kind:
        names = visit.in_any_language(partial(_names, kind))
        for name in (kind.value, *(name.casefold() for name in names)):
            if words == name or words.startswith(f"{name} "):
                return kind, words.removeprefix(name).strip()
            if words.endswith(f" {name}"):
                return kind, words.removesuffix(name).strip()
    return None, visit.words


def _names(kind: Kind, texts: Texts) -> tuple[str, str]:
    return kind_name(kind, texts), kind_title(kind, texts)


def _change_screen(texts: Texts, kind: Kind | None) -> Screen:
    kinds = [kind] if kind else list(Kind)
    return Screen(texts.time_change, keyboard([button(kind_title(one, texts), ShowTimes(one)) for one in kinds]))


def _wrong_screen(texts: Texts, kind: Kind | None) -> Screen:
    quick = [
        button(format_wall_time(wall), ChooseTime(kind, wall) if kind else OfferTime(wall)) for wall in QUICK_TIMES
    ]
    other = button(texts.button_other_time, ShowTimes(kind) if kind else ShowSettings())
    return Screen(texts.time_wrong, keyboard(quick, [other]))
