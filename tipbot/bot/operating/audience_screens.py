"""The screens on which operators choose who gets a draft, and whom to leave out."""

from collections.abc import Sequence
from typing import TypeVar

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, in_rows, keyboard
from tipbot.bot.conversations.phrases import place_name
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page
from tipbot.bot.operating.card import audience_of
from tipbot.bot.operating.describing import on_button, reach_phrase, titled
from tipbot.bot.operating.door import person
from tipbot.bot.presses import Days, Press, Zone
from tipbot.bot.presses_of_audience import (
    AskJoined,
    ChooseActive,
    ChooseGot,
    ChooseJoined,
    SendToEveryone,
    ShowActive,
    ShowAudience,
    ShowGot,
    ShowJoined,
    ShowZones,
    SwitchChats,
    SwitchOrdered,
    SwitchReaders,
    SwitchZone,
)
from tipbot.bot.presses_of_composing import ShowCard
from tipbot.bot.rendering import Screen
from tipbot.domain.audience import EVERYONE, Conditions
from tipbot.domain.broadcasts import Broadcast, BroadcastId
from tipbot.domain.subscribers import ChatKind, Kind

Chosen = TypeVar("Chosen")
Row = list[InlineKeyboardButton]

JOINED_DAYS = (7, 30, 90)
ACTIVE_DAYS = (7, 30, 90)
ZONES_ON_PAGE = 8


async def reach_of(visit: Visit, draft: Broadcast) -> str:
    """Return how many people get a draft, in words."""
    return reach_phrase(await visit.desk.broadcasting.estimate(draft.id, now=visit.now), visit.texts)


async def audience_screen(visit: Visit, draft: Broadcast, *, is_minus: bool) -> Screen:
    """Return the screen with all that can be asked of people."""
    texts = visit.texts
    words = texts.compose_leave_out if is_minus else texts.compose_who
    text = words.format(audience=await audience_of(visit, draft), reach=await reach_of(visit, draft))
    known = _conditions(draft, is_minus=is_minus)
    rows = [] if is_minus else [_chats(visit, draft)]
    rows += [_ordered(visit, draft, known, is_minus=is_minus), *_readers(visit, draft, known, is_minus=is_minus)]
    rows += _further(visit, draft, known, is_minus=is_minus)
    return Screen(text, keyboard(*rows, *_ways_out(visit, draft, is_minus=is_minus)))


def _conditions(draft: Broadcast, *, is_minus: bool) -> Conditions:
    return draft.audience.minus if is_minus else draft.audience.only


def _switch(visit: Visit, label: str, press: Press, *, is_chosen: bool) -> InlineKeyboardButton:
    return button(visit.texts.button_chosen.format(label=label) if is_chosen else label, press)


def _chats(visit: Visit, draft: Broadcast) -> Row:
    texts, chats = visit.texts, draft.audience.chats
    labels = {
        ChatKind.PRIVATE: texts.button_people,
        ChatKind.GROUP: texts.button_groups,
        ChatKind.CHANNEL: texts.button_channels,
    }
    return [
        _switch(visit, label, SwitchChats(draft.id, kind, kind not in chats), is_chosen=kind in chats)
        for kind, label in labels.items()
    ]


def _ordered(visit: Visit, draft: Broadcast, known: Conditions, *, is_minus: bool) -> Row:
    labels = {Kind.TIP: visit.texts.button_gets_tips, Kind.STRETCH: visit.texts.button_gets_stretches}
    return [
        _switch(
            visit,
            label,
            SwitchOrdered(draft.id, is_minus, kind, kind not in known.ordered),
            is_chosen=kind in known.ordered,
        )
        for kind, label in labels.items()
    ]


def _readers(visit: Visit, draft: Broadcast, known: Conditions, *, is_minus: bool) -> list[Row]:
    if len(visit.desk.texts) == 1:
        return []
    languages = [
        _switch(
            visit,
            texts.language_name,
            SwitchReaders(draft.id, is_minus, language, language not in known.languages),
            is_chosen=language in known.languages,
        )
        for language, texts in visit.desk.texts.items()
    ]
    return in_rows(languages, 2)


def _further(visit: Visit, draft: Broadcast, known: Conditions, *, is_minus: bool) -> list[Row]:
    texts, number = visit.texts, draft.id
    choices = [
        _switch(visit, texts.button_zones, ShowZones(number, is_minus, Page(1)), is_chosen=bool(known.zones)),
        _switch(visit, texts.button_joined, ShowJoined(number, is_minus), is_chosen=known.joined_since is not None),
        _switch(visit, texts.button_active, ShowActive(number, is_minus), is_chosen=known.active_days is not None),
        _switch(visit, texts.button_got, ShowGot(number, is_minus), is_chosen=known.got is not None),
    ]
    return in_rows(choices, 2)


def _ways_out(visit: Visit, draft: Broadcast, *, is_minus: bool) -> list[Row]:
    texts, number = visit.texts, draft.id
    if is_minus:
        return [[button(texts.button_only, ShowAudience(number, is_minus=False))]]
    minus = ShowAudience(number, is_minus=True)
    everyone = [] if draft.audience == EVERYONE else [button(texts.button_everyone, SendToEveryone(number))]
    leave_out = _switch(visit, texts.button_minus, minus, is_chosen=not draft.audience.minus.is_empty)
    return [[leave_out, *everyone], [button(texts.button_back, ShowCard(number))]]


async def zones_screen(
    visit: Visit, draft: Broadcast, *, is_minus: bool, page: int = 1, zone: Zone | None = None
) -> Screen:
    """Return a page of the zones there are, most people first, or the page that a zone is on."""
    texts, number = visit.texts, draft.id
    around = await visit.desk.drafting.around(number, operator=person(visit), now=visit.now)
    known = _conditions(draft, is_minus=is_minus)
    # A zone that was chosen before its last person left it can still be taken off.
    people = dict.fromkeys(known.zones, 0) | around.zones
    zones = sorted(people, key=lambda one: (-people[one], one))
    pages = max(-(-len(zones) // ZONES_ON_PAGE), 1)
    page = zones.index(zone) // ZONES_ON_PAGE + 1 if zone in zones else min(max(page, 1), pages)
    shown = zones[(page - 1) * ZONES_ON_PAGE : page * ZONES_ON_PAGE]
    choices = [
        _switch(
            visit,
            texts.button_zone_people.format(zone=place_name(one), people=people[one]),
            SwitchZone(number, is_minus, Zone(one), one not in known.zones),
            is_chosen=one in known.zones,
        )
        for one in shown
    ]
    leaf = _leaves(visit, number, page, pages, is_minus=is_minus)
    said = texts.page_of.format(page=page, pages=pages) if pages > 1 else ""
    words = texts.compose_zones.format(reach=await reach_of(visit, draft), page=said).strip()
    return Screen(words, keyboard(*in_rows(choices, 2), leaf, _to_audience(visit, number, is_minus=is_minus)))


def _leaves(visit: Visit, number: BroadcastId, page: int, pages: int, *, is_minus: bool) -> Row:
    texts = visit.texts
    back = [button(texts.button_back, ShowZones(number, is_minus, Page(page - 1)))] if page > 1 else []
    on = [button(texts.button_next, ShowZones(number, is_minus, Page(page + 1)))] if page < pages else []
    return [*back, *on]


async def joined_screen(visit: Visit, draft: Broadcast, *, is_minus: bool) -> Screen:
    """Return the choices of since when people may have joined."""
    texts, number = visit.texts, draft.id
    choices = [
        button(texts.button_last_days.format(days=days), ChooseJoined(number, is_minus, Days(days)))
        for days in JOINED_DAYS
    ]
    typed = button(texts.button_typed_day, AskJoined(number, is_minus))
    any_time = button(texts.button_any_time, ChooseJoined(number, is_minus, Days(0)))
    words = texts.compose_joined.format(reach=await reach_of(visit, draft))
    rows = [*in_rows(choices, 2), [typed, any_time], _to_audience(visit, number, is_minus=is_minus)]
    return Screen(words, keyboard(*rows))


async def active_screen(visit: Visit, draft: Broadcast, *, is_minus: bool) -> Screen:
    """Return the choices of in how many days people may have been active."""
    texts, number = visit.texts, draft.id
    choices = [
        button(texts.button_last_days.format(days=days), ChooseActive(number, is_minus, Days(days)))
        for days in ACTIVE_DAYS
    ]
    anybody = button(texts.button_anybody, ChooseActive(number, is_minus, Days(0)))
    words = texts.compose_active.format(reach=await reach_of(visit, draft))
    rows = [*in_rows([*choices, anybody], 2), _to_audience(visit, number, is_minus=is_minus)]
    return Screen(words, keyboard(*rows))


async def got_screen(visit: Visit, draft: Broadcast, *, is_minus: bool) -> Screen:
    """Return the choices of which earlier broadcast people may have got."""
    texts, number = visit.texts, draft.id
    around = await visit.desk.drafting.around(number, operator=person(visit), now=visit.now)
    known = _conditions(draft, is_minus=is_minus)
    rows: Sequence[Row] = [
        [
            _switch(
                visit,
                on_button(titled(one, texts)),
                ChooseGot(number, is_minus, one.id),
                is_chosen=known.got == one.id,
            )
        ]
        for one in around.earlier
    ]
    anybody = [button(texts.button_anybody, ChooseGot(number, is_minus, BroadcastId(0)))] if rows else []
    words = texts.compose_got if rows else texts.compose_got_none
    text = words.format(reach=await reach_of(visit, draft))
    return Screen(text, keyboard(*rows, anybody, _to_audience(visit, number, is_minus=is_minus)))


def asked(visit: Visit, draft: Broadcast, words: str, *, is_minus: bool) -> Screen:
    """Return a question that is answered by typing, with a way back."""
    back = button(visit.texts.button_back, ShowJoined(draft.id, is_minus))
    return Screen(words, keyboard([back]))


def _to_audience(visit: Visit, number: BroadcastId, *, is_minus: bool) -> Row:
    return [button(visit.texts.button_back, ShowAudience(number, is_minus))]
