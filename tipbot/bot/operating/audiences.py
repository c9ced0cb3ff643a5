"""Who gets a draft: each press changes one condition, and the number of people is there at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating import audience_screens as screens
from tipbot.bot.operating.card import renew
from tipbot.bot.operating.door import person
from tipbot.bot.operating.forgiving import awaited_draft
from tipbot.bot.operating.timing import words_of_days
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
from tipbot.domain.audience import EVERYONE, Audience, Conditions
from tipbot.domain.broadcasts import Broadcast
from tipbot.domain.schedule import local_date
from tipbot.domain.typed_moments import read_day
from tipbot.usecases.errors import NoSuchBroadcast, WrongMoment

JOINED, JOINED_MINUS = "draft-joined", "draft-joined-minus"

ChangeOfConditions = Callable[[Conditions], Conditions]


async def show_audience(visit: Visit, press: ShowAudience) -> None:
    """Show who gets it, or who is left out."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.desk.staffing.wait_no_more(person(visit))
    await visit.show(await screens.audience_screen(visit, draft, is_minus=press.is_minus))


async def send_to_everyone(visit: Visit, press: SendToEveryone) -> None:
    """Ask nothing of people any more."""
    draft = await visit.desk.drafting.set_audience(
        press.draft, lambda _: EVERYONE, operator=person(visit), now=visit.now
    )
    await visit.show(await screens.audience_screen(visit, draft, is_minus=False))


async def switch_chats(visit: Visit, press: SwitchChats) -> None:
    """Send to a sort of chats or not; the last one cannot be switched off."""

    def changed(audience: Audience) -> Audience:
        chats = audience.chats | {press.kind} if press.is_on else audience.chats - {press.kind}
        return replace(audience, chats=chats or audience.chats)

    try:
        draft = await visit.desk.drafting.set_audience(press.draft, changed, operator=person(visit), now=visit.now)
    except (NoSuchBroadcast, WrongMoment):
        await visit.answer()
        raise
    is_kept = press.kind in draft.audience.chats and not press.is_on
    await visit.answer(visit.texts.compose_one_sort if is_kept else None)
    await visit.show(await screens.audience_screen(visit, draft, is_minus=False))


async def switch_ordered(visit: Visit, press: SwitchOrdered) -> None:
    """Ask that people get a kind of messages, or do not."""
    draft = await _ask(
        visit,
        press,
        lambda known: replace(known, ordered=_switched(known.ordered, press.kind, is_on=press.is_on)),
    )
    await visit.show(await screens.audience_screen(visit, draft, is_minus=press.is_minus))


async def switch_readers(visit: Visit, press: SwitchReaders) -> None:
    """Ask that people read a language, or do not."""
    draft = await _ask(
        visit,
        press,
        lambda known: replace(known, languages=_switched(known.languages, press.language, is_on=press.is_on)),
    )
    await visit.show(await screens.audience_screen(visit, draft, is_minus=press.is_minus))


async def show_zones(visit: Visit, press: ShowZones) -> None:
    """Show a page of the zones there are."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.show(await screens.zones_screen(visit, draft, is_minus=press.is_minus, page=press.page))


async def switch_zone(visit: Visit, press: SwitchZone) -> None:
    """Ask that people are in a zone, or do not; the page stays the one that this zone is on."""
    draft = await _ask(
        visit,
        press,
        lambda known: replace(known, zones=_switched(known.zones, str(press.zone), is_on=press.is_on)),
    )
    screen = await screens.zones_screen(visit, draft, is_minus=press.is_minus, zone=press.zone)
    await visit.show(screen)


async def show_joined(visit: Visit, press: ShowJoined) -> None:
    """Show since when people may have joined."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.desk.staffing.wait_no_more(person(visit))
    await visit.show(await screens.joined_screen(visit, draft, is_minus=press.is_minus))


async def choose_joined(visit: Visit, press: ChooseJoined) -> None:
    """Ask that people joined in the last days."""
    today = local_date(visit.now, "UTC")
    since = today - timedelta(days=press.days) if press.days else None
    draft = await _ask(visit, press, lambda known: replace(known, joined_since=since))
    await visit.show(await screens.audience_screen(visit, draft, is_minus=press.is_minus))


async def ask_joined(visit: Visit, press: AskJoined) -> None:
    """Ask for a typed day since which people joined."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    what = JOINED_MINUS if press.is_minus else JOINED
    await visit.desk.staffing.wait_for(person(visit), what, draft.id, now=visit.now)
    await visit.show(screens.asked(visit, draft, visit.texts.compose_joined_ask, is_minus=press.is_minus))


async def take_joined(visit: Visit) -> None:
    """Take the day since which people who get it joined."""
    await _take_joined(visit, is_minus=False)


async def take_joined_minus(visit: Visit) -> None:
    """Take the day since which people who are left out joined."""
    await _take_joined(visit, is_minus=True)


async def _take_joined(visit: Visit, *, is_minus: bool) -> None:
    number, texts = await awaited_draft(visit), visit.texts
    draft = await visit.desk.drafting.find(number, operator=person(visit))
    today = local_date(visit.now, visit.desk.home_zone)
    day = read_day(visit.text, words_of_days(visit), today=today, is_past=True)
    if day is None or day > today:
        words = texts.compose_day_wrong if day is None else texts.compose_day_ahead
        await visit.send(screens.asked(visit, draft, words, is_minus=is_minus))
        return
    await visit.desk.staffing.wait_no_more(person(visit))
    press = ShowJoined(draft.id, is_minus)
    changed = await _ask(visit, press, lambda known: replace(known, joined_since=day))
    await renew(visit, changed, await screens.audience_screen(visit, changed, is_minus=is_minus))


async def show_active(visit: Visit, press: ShowActive) -> None:
    """Show in how many days people may have been active."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.show(await screens.active_screen(visit, draft, is_minus=press.is_minus))


async def choose_active(visit: Visit, press: ChooseActive) -> None:
    """Ask that people were active in the last days."""
    draft = await _ask(visit, press, lambda known: replace(known, active_days=press.days or None))
    await visit.show(await screens.audience_screen(visit, draft, is_minus=press.is_minus))


async def show_got(visit: Visit, press: ShowGot) -> None:
    """Show the broadcasts that people may have got."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.show(await screens.got_screen(visit, draft, is_minus=press.is_minus))


async def choose_got(visit: Visit, press: ChooseGot) -> None:
    """Ask that people got a broadcast."""
    draft = await _ask(visit, press, lambda known: replace(known, got=press.got or None))
    await visit.show(await screens.audience_screen(visit, draft, is_minus=press.is_minus))


AboutConditions = SwitchOrdered | SwitchReaders | SwitchZone | ChooseJoined | ChooseActive | ChooseGot | ShowJoined


async def _ask(visit: Visit, press: AboutConditions, change: ChangeOfConditions) -> Broadcast:
    """Change what is asked of those who get it, or of those who are left out."""

    def changed(audience: Audience) -> Audience:
        if press.is_minus:
            return replace(audience, minus=change(audience.minus))
        return replace(audience, only=change(audience.only))

    return await visit.desk.drafting.set_audience(press.draft, changed, operator=person(visit), now=visit.now)


def _switched(chosen: frozenset[screens.Chosen], one: screens.Chosen, *, is_on: bool) -> frozenset[screens.Chosen]:
    return chosen | {one} if is_on else chosen - {one}
