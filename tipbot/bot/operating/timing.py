"""When a draft goes out: now, at one moment for all, or when each person's own clock shows a time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import clock_in, moment_phrase, place_name
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.card import card_screen, renew
from tipbot.bot.operating.describing import when_phrase
from tipbot.bot.operating.door import person
from tipbot.bot.operating.forgiving import awaited_draft
from tipbot.bot.presses_of_composing import AskMoment, SendNow, ShowCard, ShowWhen
from tipbot.bot.rendering import Screen
from tipbot.domain.broadcasts import NOW, BroadcastId, Mode, When
from tipbot.domain.schedule import moment_of
from tipbot.domain.typed_moments import DayWords, read_moment
from tipbot.texts import Texts

AT, LOCAL = "draft-at", "draft-local"
FURTHEST = timedelta(days=366)
# Somewhere on Earth the clocks are this far behind UTC: until then a wall time is still ahead for somebody.
_LAST_ZONE = timedelta(hours=12)


async def show_when(visit: Visit, press: ShowWhen) -> None:
    """Show when it goes out."""
    texts, draft = visit.texts, await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.desk.staffing.wait_no_more(person(visit))
    when = when_phrase(draft.when, visit.desk.home_zone, texts, now=visit.now)
    now = button(texts.button_now, SendNow(draft.id))
    at = button(texts.button_at, AskMoment(draft.id, is_local=False))
    local = button(texts.button_local, AskMoment(draft.id, is_local=True))
    back = button(texts.button_back, ShowCard(draft.id))
    await visit.show(Screen(texts.compose_when.format(when=when), keyboard([now, at], [local], [back])))


async def send_now(visit: Visit, press: SendNow) -> None:
    """Let it go out as soon as it is confirmed."""
    draft = await visit.desk.drafting.set_when(press.draft, NOW, operator=person(visit), now=visit.now)
    await visit.show(await card_screen(visit, draft))


async def ask_moment(visit: Visit, press: AskMoment) -> None:
    """Ask for a moment."""
    texts, zone = visit.texts, visit.desk.home_zone
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    what = LOCAL if press.is_local else AT
    await visit.desk.staffing.wait_for(person(visit), what, draft.id, now=visit.now)
    words = texts.compose_local_ask
    if not press.is_local:
        words = texts.compose_at_ask.format(place=place_name(zone), clock=clock_in(zone, visit.now))
    await visit.show(_asked(draft.id, words, texts))


async def take_moment(visit: Visit) -> None:
    """Take a moment by the clinic's own clock."""
    await _take(visit, is_local=False)


async def take_local_moment(visit: Visit) -> None:
    """Take a wall time for each person's own zone."""
    await _take(visit, is_local=True)


async def _take(visit: Visit, *, is_local: bool) -> None:
    number, zone = await awaited_draft(visit), visit.desk.home_zone
    await visit.desk.drafting.find(number, operator=person(visit))
    here = visit.now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    typed = read_moment(visit.text, words_of_days(visit), now=here)
    when = None if typed is None else _plan(typed, zone, is_local=is_local)
    if typed is None or when is None:
        await visit.send(_asked(number, visit.texts.compose_moment_wrong, visit.texts))
        return
    words = _refusal(visit, when, typed)
    if words:
        await visit.send(_asked(number, words, visit.texts))
        return
    await visit.desk.staffing.wait_no_more(person(visit))
    changed = await visit.desk.drafting.set_when(number, when, operator=person(visit), now=visit.now)
    await renew(visit, changed, await card_screen(visit, changed))


def _plan(typed: datetime, zone: str, *, is_local: bool) -> When | None:
    if is_local:
        return When(Mode.LOCAL, local_at=typed)
    moment = moment_of(typed.date(), typed.time(), zone)
    return None if moment is None else When(Mode.AT, at=moment)


def _refusal(visit: Visit, when: When, typed: datetime) -> str:
    """Return why a plan cannot be, or nothing where it can."""
    texts, zone = visit.texts, visit.desk.home_zone
    # By their own clocks people come to it hours after each other: it is past when it is past for the last.
    moment = when.at or typed.replace(tzinfo=UTC) + _LAST_ZONE
    if moment <= visit.now:
        shown = typed.replace(tzinfo=ZoneInfo(zone))
        return texts.compose_moment_past.format(moment=moment_phrase(shown, zone, texts, now=visit.now))
    return texts.compose_moment_far if moment > visit.now + FURTHEST else ""


def _asked(number: int, words: str, texts: Texts) -> Screen:
    return Screen(words, keyboard([button(texts.button_back, ShowWhen(BroadcastId(number)))]))


def words_of_days(visit: Visit) -> DayWords:
    """Return what days are called, in every language there is."""
    every = list(visit.desk.texts.values())

    def names(*lists: tuple[str, ...]) -> list[str]:
        return [name for words in lists for text in words for name in text.casefold().split()]

    return DayWords(
        today=names(*(texts.today_names for texts in every)),
        tomorrow=names(*(texts.tomorrow_names for texts in every)),
        months=[names(*((texts.month_names[month],) for texts in every)) for month in range(12)],
        weekdays=[
            names(*((texts.weekdays[day], texts.weekdays_short[day]) for texts in every)) for day in range(7)
        ],
    )
