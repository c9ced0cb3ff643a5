"""Where somebody is: a typed city, a shared location, or what their clock shows."""

from datetime import timedelta

from telegram import InlineKeyboardButton, KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from tipbot.bot.buttons import button, in_rows, keyboard
from tipbot.bot.conversations.phrases import clock_in, next_phrase, place_name
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import (
    ChooseClock,
    ChooseZone,
    Minutes,
    ShareLocation,
    ShowClocks,
    ShowOddClocks,
    ShowSettings,
    ShowZone,
    Zone,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.subscribers import Subscription
from tipbot.domain.wall_time import format_wall_time
from tipbot.places import Place, best_place, find_places, is_zone, zone_at, zones_now_at
from tipbot.texts import Texts

CLOCKS_IN_A_ROW = 4
HOUR = 60
# Every zone whose clock is not a whole hour from UTC; IANA counts no others.
ODD_ZONES = (
    *("America/St_Johns", "Asia/Tehran", "Asia/Kabul", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Yangon"),
    *("Australia/Eucla", "Australia/Darwin", "Australia/Adelaide", "Australia/Lord_Howe"),
    *("Pacific/Chatham", "Pacific/Marquesas"),
)


async def set_zone(visit: Visit) -> None:
    """Answer /timezone: set what is clear at once, offer a choice, or ask."""
    subscription = await visit.known()
    if not visit.words:
        await visit.send(_zone_screen(visit, subscription))
    elif place := best_place(visit.words):
        await _set(visit, place.zone)
    elif places := find_places(visit.words):
        await visit.send(_choice_screen(visit, visit.texts.zone_choices, places, visit.texts.button_place_now))
    else:
        await visit.send(_unknown_screen(visit, visit.texts.zone_unknown))


async def show_zone(visit: Visit, _: ShowZone) -> None:
    """Ask where the person is."""
    await visit.show(_zone_screen(visit, await visit.known()))


async def choose_zone(visit: Visit, press: ChooseZone) -> None:
    """Move the times to the chosen zone."""
    await _set(visit, press.zone)


async def propose(visit: Visit, place: Place) -> None:
    """Ask whether the clock of a place is the person's own; nothing is set before the answer."""
    await visit.send(_proposal_screen(visit, place.name, place.zone))


async def show_clocks(visit: Visit, _: ShowClocks) -> None:
    """Show what the clocks around the globe say now, where they are whole hours apart."""
    texts = visit.texts
    start = -11 * HOUR
    clocks = [
        button(_clock(visit, offset), ChooseClock(Minutes(offset)))
        for offset in range(start, start + 24 * HOUR, HOUR)
    ]
    rows = in_rows(clocks, CLOCKS_IN_A_ROW)
    more = [button(texts.button_odd_clocks, ShowOddClocks())]
    back = [button(texts.button_back, ShowZone())]
    await visit.show(Screen(texts.clocks_page, keyboard(*rows, more, back)))


async def show_odd_clocks(visit: Visit, _: ShowOddClocks) -> None:
    """Show the clocks that are not a whole hour from the others."""
    texts = visit.texts
    clocks = [
        button(
            texts.button_clock_place.format(clock=clock_in(zone, visit.now), place=place_name(zone)),
            ChooseZone(Zone(zone)),
        )
        for zone in ODD_ZONES
        if is_zone(zone)
    ]
    back = [button(texts.button_back, ShowClocks())]
    await visit.show(Screen(texts.odd_clocks_page, keyboard(*in_rows(clocks, 2), back)))


async def choose_clock(visit: Visit, press: ChooseClock) -> None:
    """Set the zone of a clock, or let the person choose where several agree today but not all year."""
    wall = (visit.now + timedelta(minutes=press.offset)).time()
    places = zones_now_at(wall, visit.now)
    if len(places) == 1:
        await _set(visit, places[0].zone)
    elif places:
        words = visit.texts.clock_cities.format(clock=format_wall_time(wall))
        await visit.show(_choice_screen(visit, words, places, visit.texts.button_place))
    else:
        await visit.show(_unknown_screen(visit, visit.texts.zone_unknown))


async def ask_location(visit: Visit, _: ShareLocation) -> None:
    """Offer a button that shares the location; Telegram has it in private chats only."""
    texts = visit.texts
    if visit.is_group:
        await visit.show(_unknown_screen(visit, texts.zone_unknown))
        return
    share = KeyboardButton(texts.button_share_location, request_location=True)
    rows = [[share], [KeyboardButton(texts.button_not_now)]]
    below = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    await visit.send_below(texts.location_ask, below)


async def refuse_location(visit: Visit) -> None:
    """Take the location button away again."""
    await visit.send_below(visit.texts.location_refused, ReplyKeyboardRemove())


async def locate(visit: Visit) -> None:
    """Look up the zone of a shared location; the location itself goes no further than this."""
    await visit.known()
    location = visit.message.location if visit.message else None
    zone = zone_at(location.latitude, location.longitude) if location else None
    if zone is None:
        await visit.send_below(visit.texts.location_unknown, ReplyKeyboardRemove())
        return
    await visit.send_below(visit.texts.location_thanks, ReplyKeyboardRemove())
    await visit.send(_proposal_screen(visit, place_name(zone), zone))


async def _set(visit: Visit, zone: str) -> None:
    changed = await visit.desk.arrange.set_zone(visit.chat_id, zone, now=visit.now)
    texts = visit.texts_of(changed)
    words = texts.zone_set.format(
        place=place_name(zone),
        clock=clock_in(zone, visit.now),
        next=next_phrase(changed, texts, now=visit.now),
    )
    change, settings = button(texts.button_change, ShowZone()), button(texts.button_settings, ShowSettings())
    await visit.show(Screen(words, keyboard([change, settings])))


def _zone_screen(visit: Visit, subscription: Subscription) -> Screen:
    texts, zone = visit.texts_of(subscription), subscription.subscriber.zone
    words = texts.zone_page.format(place=place_name(zone), clock=clock_in(zone, visit.now))
    return Screen(words, keyboard(*_ways(visit, texts), [button(texts.button_back, ShowSettings())]))


def _proposal_screen(visit: Visit, name: str, zone: str) -> Screen:
    texts, clock = visit.texts, clock_in(zone, visit.now)
    return Screen(
        texts.zone_proposal.format(place=escaped(name), clock=clock),
        keyboard(
            [
                button(texts.button_zone_right.format(clock=clock), ChooseZone(Zone(zone))),
                button(texts.button_zone_wrong, ShowZone()),
            ]
        ),
    )


def _choice_screen(visit: Visit, words: str, places: tuple[Place, ...], label: str) -> Screen:
    choices = [
        [
            button(
                label.format(place=place.name, country=place.country, clock=clock_in(place.zone, visit.now)),
                ChooseZone(Zone(place.zone)),
            )
        ]
        for place in places
    ]
    return Screen(words, keyboard(*choices, [button(visit.texts.button_back, ShowZone())]))


def _unknown_screen(visit: Visit, words: str) -> Screen:
    return Screen(words, keyboard(*_ways(visit, visit.texts)))


def _ways(visit: Visit, texts: Texts) -> list[list[InlineKeyboardButton]]:
    """Return the ways to say where one is that need no typing."""
    clocks = [button(texts.button_clocks, ShowClocks())]
    return [clocks] if visit.is_group else [[button(texts.button_share_location, ShareLocation())], clocks]


def _clock(visit: Visit, offset: int) -> str:
    return format_wall_time((visit.now + timedelta(minutes=offset)).time())
