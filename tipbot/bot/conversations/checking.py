"""Self-checks: one message that changes from the first safety screen to the end.

A run lives in its buttons alone: nothing of it is kept here or anywhere, and any process can answer any press.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import TypeVar

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.check_presses import (
    AllowChecks,
    AskConsent,
    CloseCheck,
    Mark,
    ReadCheck,
    ShowCall,
    ShowChecks,
    ShowMore,
    Walk,
)
from tipbot.bot.check_screens import CheckWords, openings
from tipbot.bot.conversations import resting
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import Press, Today
from tipbot.bot.rendering import Screen, render_urgent
from tipbot.domain.check import CheckCode, Gate, SelfTests
from tipbot.domain.statistics import finish
from tipbot.domain.subscribers import Kind
from tipbot.domain.walking import AtEnding, Course, Place
from tipbot.storage.errors import StorageUnavailable
from tipbot.texts import Texts
from tipbot.usecases.checking import CheckGuest
from tipbot.usecases.errors import NotSubscribed

Pressed = TypeVar("Pressed", bound=Press)

LINK = "selftest"
"""The code of the link that leads from a group to the checks (a deep link: t.me/<bot>?start=selftest)."""


def alone(conversation: Callable[[Visit, Pressed], Awaitable[None]]) -> Callable[[Visit, Pressed], Awaitable[None]]:
    """Return a conversation that takes place in private only; in a group it points there."""

    async def answer(visit: Visit, press: Pressed) -> None:
        if visit.is_group:
            await _point_to_private_chat(visit)
        else:
            await conversation(visit, press)

    return answer


async def selftest(visit: Visit) -> None:
    """Answer /selftest: the list of checks, or the one question that comes before it."""
    if visit.is_group:
        await _point_to_private_chat(visit)
    else:
        await visit.send(await _hall(visit))


async def show_checks(visit: Visit, _: ShowChecks) -> None:
    """Show the list in this message."""
    await visit.show(await _hall(visit))


async def ask_consent(visit: Visit, _: AskConsent) -> None:
    """Ask once more, for somebody who said no before."""
    if visit.desk.selftests is not SelfTests.INTERACTIVE:
        await visit.show(await _hall(visit))
    else:
        await visit.show(_consent_screen(_texts(visit, await _guest(visit))))


async def note_consent(visit: Visit, press: AllowChecks) -> None:
    """Write down a yes or a no; one that was given to another text counts for nothing, and is asked anew."""
    if press.version in _versions(visit):
        given = visit.desk.check_consent.answer
        await given(visit.chat_id, version=press.version, granted=press.is_on, now=visit.now)
    await visit.show(await _hall(visit))


async def read(visit: Visit, press: ReadCheck) -> None:
    """Show the version to read of one check."""
    guest = await _guest(visit)
    course = visit.desk.library.catalogue.course(guest.subscriber.language, press.tree)
    if course is None or visit.desk.selftests is SelfTests.OFF:
        await visit.show(await _hall(visit))
    else:
        await visit.show(_words(visit, course).to_read())


async def walk_on(visit: Visit, press: Walk) -> None:
    """Go where the answers lead; a check that has changed since starts again, and says so.

    Whoever has to be sent for help is sent there before anything is looked up, so that no trouble with the
    database stands in between.
    """
    if visit.is_group:
        await visit.answer()
        await _point_to_private_chat(visit)
        return
    course = visit.desk.library.catalogue.marked_course(press.tree, press.mark)
    answers = [int(digit) for digit in press.answers]
    try:
        place = course.at(answers) if course else None
    except ValueError:
        place = None
    if course is not None and isinstance(place, AtEnding) and place.outcome.help.is_urgent:
        await visit.answer()
        if await visit.show(_words(visit, course).place(place, answers)):
            _count(visit, course, place, answers)
        return
    has_changed = place is None and bool(press.answers)
    await visit.answer(visit.texts.check_changed if has_changed else None)
    guest = await _guest(visit)
    if course is None or place is None:
        answers, course = [], visit.desk.library.catalogue.course(guest.subscriber.language, press.tree)
    instead = await _instead(visit, guest, course)
    if course is None or instead is not None:
        await visit.show(instead or await _hall(visit))
        return
    place = course.at(answers)
    # A second press of the same button finds everything as it is, and a check that begins anew was begun before.
    if await visit.show(_at(visit, guest, course, answers)) and not has_changed:
        _count(visit, course, place, answers)


async def show_more(visit: Visit, press: ShowMore) -> None:
    """Send the items that did not fit below an ending as a message of their own."""
    course = visit.desk.library.catalogue.marked_course(press.tree, press.mark)
    words = _words(visit, course).more(press.items) if course else None
    if words is None:
        await selftest(visit)
    else:
        await visit.send(words)


async def show_call(visit: Visit, press: ShowCall) -> None:
    """Add what to say on the telephone to an urgent ending, whether or not the database answers."""
    course = visit.desk.library.catalogue.marked_course(press.tree, press.mark)
    ending = course.ending(press.ending) if course else None
    if course is None or ending is None or not ending.outcome.call:
        urgent = visit.desk.library.catalogue.urgent(visit.desk.language_of(visit.language_code))
        await visit.show(render_urgent(urgent))
    else:
        rests_until = await _resting_day(visit, course)
        await visit.show(_words(visit, course).urgent(ending, has_call=True, rests_until=rests_until))


async def close(visit: Visit, _: CloseCheck) -> None:
    """Put the message away, so that what stands there is left in the chat no longer."""
    await visit.show(Screen(visit.texts.check_closed))


async def _resting_day(visit: Visit, course: Course) -> str:
    """Return until when stretches rest, or nothing where they do not or nobody can tell just now."""
    with suppress(NotSubscribed, StorageUnavailable):
        subscriber = (await _guest(visit)).subscriber
        if subscriber.stretch_pause_until and subscriber.rests_stretches(visit.now):
            texts = visit.desk.texts_in(course.language)
            return resting.day_phrase(subscriber.stretch_pause_until, subscriber.zone, texts)
    return ""


def _count(visit: Visit, course: Course, place: Place, answers: Sequence[int]) -> None:
    """Count that a check began or how it ended: in numbers a day, with nobody's name on them."""
    code = CheckCode(course.check.code)
    if not answers:
        visit.desk.check_counts.started(code, now=visit.now)
    elif isinstance(place, AtEnding):
        visit.desk.check_counts.finished(code, finish(place.outcome, course.screens), now=visit.now)


async def _instead(visit: Visit, guest: CheckGuest, course: Course | None) -> Screen | None:
    """Return what comes in the place of a run or before it may go on, or None where nothing does."""
    if course is None or visit.desk.selftests is SelfTests.OFF:
        return await _hall(visit)
    if visit.desk.selftests is SelfTests.READ_ONLY or guest.has_agreed is False:
        return _words(visit, course).to_read()
    if guest.has_agreed is None:
        return _consent_screen(_texts(visit, guest))
    if guest.subscriber.rests_stretches(visit.now) and course.check.gate is Gate.BODY:
        return await resting.rest_screen(visit)
    return None


def _at(visit: Visit, guest: CheckGuest, course: Course, answers: Sequence[int]) -> Screen:
    """Return the place of a run to which these answers lead."""
    rests = guest.subscriber.rests_stretches(visit.now)
    texts, catalogue = visit.desk.texts_in(course.language), visit.desk.library.catalogue
    return CheckWords(course, texts, catalogue, rests=rests).place(course.at(answers), answers)


async def _hall(visit: Visit) -> Screen:
    """Return what /selftest shows: the list to answer or to read, or the question about consent."""
    guest = await visit.desk.check_consent.arrive(visit.chat_id, _versions(visit), now=visit.now)
    texts, language = _texts(visit, guest), guest.subscriber.language
    courses, may_answer = visit.desk.library.catalogue.courses(language), guest.has_agreed
    match visit.desk.selftests:
        case SelfTests.OFF:
            kinds = (texts.button_todays_tip, Kind.TIP), (texts.button_todays_stretch, Kind.STRETCH)
            return Screen(texts.checks_off, keyboard([button(label, Today(kind)) for label, kind in kinds]))
        case SelfTests.READ_ONLY:
            return Screen(texts.checks_to_read, keyboard(*_to_read(courses)))
        case SelfTests.INTERACTIVE if may_answer is None:
            return _consent_screen(texts)
        case SelfTests.INTERACTIVE if not may_answer:
            again = button(texts.button_check_ask_again, AskConsent())
            return Screen(texts.checks_to_read, keyboard(*_to_read(courses), [again]))
        case SelfTests.INTERACTIVE:
            rows = openings(courses, texts, visit.desk.library.catalogue)
            version = Mark(_version(texts))
            only_read = button(texts.button_check_only_read, AllowChecks(version, is_on=False))
            return Screen(texts.checks_list, keyboard(*rows, [only_read]))


def _to_read(courses: Sequence[Course]) -> list[list[InlineKeyboardButton]]:
    return [[button(course.check.name, ReadCheck(CheckCode(course.check.code)))] for course in courses]


def _consent_screen(texts: Texts) -> Screen:
    version = Mark(_version(texts))
    yes = button(texts.button_check_agree, AllowChecks(version, is_on=True))
    no = button(texts.button_check_decline, AllowChecks(version, is_on=False))
    return Screen(texts.checks_consent, keyboard([yes, no]))


def _version(texts: Texts) -> str:
    """Return a fingerprint of the words that ask for consent: whoever agreed to others is asked anew."""
    return blake2b(texts.checks_consent.encode(), digest_size=4).hexdigest()


def _versions(visit: Visit) -> frozenset[str]:
    return frozenset(_version(texts) for texts in visit.desk.texts.values())


async def _guest(visit: Visit) -> CheckGuest:
    return await visit.desk.check_consent.guest(visit.chat_id, _versions(visit))


def _texts(visit: Visit, guest: CheckGuest) -> Texts:
    return visit.desk.texts_in(guest.subscriber.language)


def _words(visit: Visit, course: Course) -> CheckWords:
    return CheckWords(course, visit.desk.texts_in(course.language), visit.desk.library.catalogue)


async def _point_to_private_chat(visit: Visit) -> None:
    """Say in a group that checks are for two, with a link that leads to them."""
    if visit.desk.selftests is SelfTests.OFF:
        await visit.send(Screen(visit.texts.checks_off))
        return
    link = f"https://t.me/{visit.bot.username}?start={LINK}"
    there = InlineKeyboardButton(visit.texts.button_checks_alone, url=link)
    await visit.send(Screen(visit.texts.checks_in_group, keyboard([there])))
