"""The shipped checks through the whole bot: every button of every tree is pressed, and nothing of it is kept."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from telegram.constants import MessageLimit

from tests.bot.conftest import House
from tests.content import shipped_catalogue
from tests.thoroughness import chosen
from tipbot.bot.buttons import decode, encode
from tipbot.bot.check_presses import AllowChecks, Answers, CloseCheck, Mark, ShowCall, ShowMore, Walk
from tipbot.bot.check_screens import NHS_111
from tipbot.bot.presses import ShowBooking, ShowItem
from tipbot.domain.check import Gate, Help, SelfTests
from tipbot.domain.content import ENGLISH, Stretch
from tipbot.domain.subscribers import ChatId
from tipbot.domain.walking import AtEnding, AtQuestion, AtScreen, AtStep, Course, runs, unfold
from tipbot.sandbox import Person
from tipbot.sandbox.screen import Button, Shown
from tipbot.storage.database import Database
from tipbot.storage.schema import metadata
from tipbot.usecases.library import Library

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CATALOGUE = shipped_catalogue()
COURSES = [pytest.param(course, id=course.check.id) for course in CATALOGUE.courses(ENGLISH)]
BY_ID = {course.check.id: course for course in CATALOGUE.courses(ENGLISH)}
RUNS_AT_RANDOM = chosen(usually=100, thoroughly=2000)
TOAST = "This check has changed meanwhile, so it starts again from the top."


class Visitor:
    """Anna, who has agreed to the checks and looks at one message that changes."""

    def __init__(self, house: House, anna: Person) -> None:
        self.house, self.anna = house, anna

    async def presses(self, *data: str) -> Shown:
        """Press these, one after the other, and look at the newest message."""
        message = self.anna.last
        for one in data:
            await self.anna.presses_data(one, message)
        await self.house.answer()
        return self.anna.last

    async def walks(self, course: Course, *answers: int) -> Shown:
        return await self.presses(walk_data(course, answers))

    async def types(self, words: str) -> Shown:
        await self.anna.sends(words)
        await self.house.answer()
        return self.anna.last


def walk_data(course: Course, answers: tuple[int, ...]) -> str:
    return encode(Walk(course.check.code, Mark(course.mark), Answers("".join(map(str, answers)))))


async def staffed(house: House, selftests: SelfTests = SelfTests.INTERACTIVE) -> Visitor:
    house.restaff(replace(house.desk, library=Library(CATALOGUE), selftests=selftests))
    visitor = Visitor(house, house.sandbox.person("Anna", language_code="en"))
    await visitor.types("/start")
    await visitor.anna.presses("I'm 18 or over: start")
    await visitor.types("/selftest")
    return visitor


@pytest.fixture
async def anna(house: House) -> Visitor:
    visitor = await staffed(house)
    await visitor.anna.presses("I agree")
    await house.answer()
    return visitor


def buttons(shown: Shown) -> list[Button]:
    return [button for row in shown.buttons for button in row]


def ways(shown: Shown) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Go through the buttons that lead on in a run, with the answers they stand for."""
    for button in buttons(shown):
        press = decode(button.data)
        if isinstance(press, Walk) and press.answers:
            yield button.data or "", tuple(map(int, press.answers))


@pytest.mark.parametrize("course", COURSES)
async def test_every_button_of_every_run_leads_where_it_should(anna: Visitor, course: Course) -> None:
    tree = unfold(course.check, course.screens)
    expected = {run[:length] for run in runs(tree) for length in range(len(run) + 1)}
    seen: set[tuple[int, ...]] = {()}
    shown = await anna.walks(course)
    check_place(course, (), shown)
    waiting = list(ways(shown))
    while waiting:
        data, answers = waiting.pop()
        shown = await anna.presses(data)
        check_place(course, answers, shown)
        seen.add(answers)
        waiting += [(more, longer) for more, longer in ways(shown) if longer[:-1] == answers]
    assert seen == expected
    assert len({message.message_id for message in anna.anna.screen if message.from_bot}) == 3


def check_place(course: Course, answers: tuple[int, ...], shown: Shown) -> None:
    """What must hold of every message that a check may show."""
    place = course.at(answers)
    assert len(shown.text) <= MessageLimit.MAX_TEXT_LENGTH
    assert all(len((button.data or "").encode()) <= 64 for button in buttons(shown))
    if course.check.gate is Gate.NONE:
        assert "116 123" in shown.text
        assert "85258" in shown.text
    if isinstance(place, AtEnding):
        check_ending(place, shown)
        return
    assert len(list(ways(shown))) == len(tree_ways(course, answers))
    if isinstance(place, AtScreen):
        assert all(sign in shown.text for sign in place.screen.signs)
    if isinstance(place, AtStep) or (isinstance(place, AtQuestion) and course.check.steps):
        assert answers[:3] == (0, 0, 0)
        assert course.screens.safety in shown.text
    if isinstance(place, AtQuestion) and course.check.gate is Gate.SIGNS:
        assert answers[:2] == (0, 0)


def tree_ways(course: Course, answers: tuple[int, ...]) -> set[tuple[int, ...]]:
    found = {run for run in runs(unfold(course.check, course.screens)) if run[: len(answers)] == answers}
    return {run[: len(answers) + 1] for run in found if len(run) > len(answers)}


def check_ending(place: AtEnding, shown: Shown) -> None:
    """No ending carries answers; an urgent one has a number to call and offers nothing."""
    presses = [decode(button.data) for button in buttons(shown) if button.data]
    links = {button.url for button in buttons(shown) if button.url}
    assert place.outcome.says in shown.text
    assert not any(isinstance(press, Walk) and press.answers for press in presses)
    items = [press for press in presses if isinstance(press, ShowItem)]
    books = any(isinstance(press, ShowBooking) for press in presses)
    if place.outcome.help.is_urgent:
        assert not re.search("book|example.org", shown.html, re.IGNORECASE)
        assert not items
        assert not books
        assert not any(isinstance(press, (Walk, ShowMore)) for press in presses)
        assert links == (set() if place.outcome.help is Help.CRISIS else {NHS_111})
        assert "999" in shown.text or "111" in shown.text
    else:
        assert "not a diagnosis" in shown.text
        assert place.outcome.when in shown.text
        assert len(items) <= 2
        assert (len(place.items) > 2) == any(isinstance(press, ShowMore) for press in presses)
        assert books == place.outcome.may_book
        assert not links
    if place.outcome.help is Help.EMERGENCY:
        assert "999" in shown.text
    if place.outcome.help is Help.CRISIS:
        assert not shown.buttons


async def dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, without what a check may change."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(select(table))).mappings()
            forgiven = {"last_active_at"} if table.name == "subscribers" else set()
            found[table.name] = [{key: row[key] for key in row if key not in forgiven} for row in rows]
    return found


async def test_many_runs_at_random_leave_nothing_behind(anna: Visitor, database: Database) -> None:
    dice = random.Random(20261122)  # noqa: S311 (no secret: the same runs each time)
    endings = [(course, run) for course in BY_ID.values() for run in runs(unfold(course.check, course.screens))]
    before = await dump(database)
    anna.house.clock.now += timedelta(hours=1)
    for _ in range(RUNS_AT_RANDOM // 50):
        picked = [dice.choice(endings) for _ in range(50)]
        shown = await anna.presses(*(walk_data(*one) for one in picked))
        assert course_of(picked[-1]).outcome.says in shown.text
    after = await dump(database)
    assert before["subscribers"]
    assert after == before


def course_of(ended: tuple[Course, tuple[int, ...]]) -> AtEnding:
    place = ended[0].at(ended[1])
    assert isinstance(place, AtEnding)
    return place


async def test_a_whole_run_and_what_stands_at_its_end_leave_nothing_behind(
    anna: Visitor, database: Database
) -> None:
    before = await dump(database)
    course = BY_ID[CATALOGUE.checks(ENGLISH)[0].id]
    for number in range(6):
        await anna.walks(course, *(0,) * number)
    await anna.walks(course, 1)
    ending = next(press for button in buttons(anna.anna.last) if isinstance(press := decode(button.data), ShowCall))
    await anna.presses(encode(ending), encode(CloseCheck()))
    assert await dump(database) == before


@pytest.mark.parametrize("answers", [(), (0,), (1,), (0, 0, 0), (0, 0, 0, 0, 0, 0, 0, 0)])
async def test_a_press_twice_is_as_good_as_once(anna: Visitor, answers: tuple[int, ...]) -> None:
    course = CATALOGUE.courses(ENGLISH)[0]
    once = await anna.walks(course, *answers)
    twice = await anna.presses(walk_data(course, answers), walk_data(course, answers))
    assert (twice.message_id, twice.html, twice.labels) == (once.message_id, once.html, once.labels)


async def test_a_press_on_a_changed_tree_starts_over_and_says_so(anna: Visitor) -> None:
    course = CATALOGUE.courses(ENGLISH)[3]
    old = encode(Walk(course.check.code, Mark("0" * 8), Answers("000")))
    shown = await anna.presses(old)
    assert shown.text.startswith("Before we start (1 of 2)")
    assert anna.anna.toasts[-1].text == TOAST
    await anna.presses(encode(Walk(course.check.code, Mark("0" * 8), Answers(""))))
    assert anna.anna.toasts[-1].text == ""
    await anna.presses(encode(Walk(course.check.code, Mark(course.mark), Answers("09"))))
    assert anna.anna.toasts[-1].text == TOAST


@pytest.mark.parametrize(
    "data",
    [
        "1:w:t1",
        "1:w:t1:0:0",
        "1:w:T1:00000000:",
        "1:w:t1:00000000:x",
        "1:w:t1:00000000:" + "0" * 41,
        "1:rest:t1:00000000:",
    ],
)
async def test_old_and_garbled_buttons_get_a_polite_note(anna: Visitor, data: str) -> None:
    before = anna.anna.last.html
    await anna.presses(data)
    assert anna.anna.last.html == before
    assert anna.anna.toasts[-1].text.startswith("This button is from an older version.")


async def test_a_no_is_kept_and_a_new_text_asks_again(house: House) -> None:
    visitor = await staffed(house)
    await visitor.anna.presses("No")
    assert (await visitor.types("/selftest")).text.startswith("Self-checks to read")
    texts = house.desk.texts[ENGLISH]
    changed = replace(texts, checks_consent=texts.checks_consent.replace("May it?", "Is that fine?"))
    house.restaff(replace(house.desk, library=Library(CATALOGUE), texts={ENGLISH: changed}))
    shown = await visitor.types("/selftest")
    assert "Is that fine?" in shown.text
    # A yes to the former text counts for nothing.
    old = encode(AllowChecks(Mark("12345678"), is_on=True))
    assert "Is that fine?" in (await visitor.presses(old)).text
    async with house.desk.join._database.reading() as books:
        consent = (await books.consents.of(ChatId(visitor.anna.chat_id)))["checks"]
    assert (consent.granted, consent.at) == (False, house.clock.now)


@pytest.mark.parametrize("course", COURSES)
async def test_read_only_shows_each_check_without_answers(house: House, course: Course) -> None:
    visitor = await staffed(house, SelfTests.READ_ONLY)
    assert visitor.anna.last.text.startswith("Self-checks to read")
    await visitor.anna.presses(course.check.name)
    await house.answer()
    shown = visitor.anna.last
    assert len(shown.text) <= MessageLimit.MAX_TEXT_LENGTH
    wanted = [step.says for step in course.check.steps] + list(course.check.notices)
    assert all(words in shown.text for words in wanted)
    assert (course.screens.safety in shown.text) == bool(course.check.steps)
    assert not any(isinstance(decode(button.data), Walk) for button in buttons(shown))
    # Buttons of a time when checks could be answered lead here too, and those to help still do.
    assert (await visitor.walks(course, 0)).html == shown.html
    if course.check.gate is not Gate.NONE:
        assert (await visitor.walks(course, 1)).text.startswith("Please get help now.")


async def test_off_is_said_politely_and_old_buttons_still_lead_to_help(house: House) -> None:
    visitor = await staffed(house, SelfTests.OFF)
    assert visitor.anna.last.text.startswith("There are no self-checks here")
    course = CATALOGUE.courses(ENGLISH)[0]
    assert (await visitor.walks(course, 0)).text.startswith("There are no self-checks here")
    assert "/selftest" not in (await visitor.types("/help")).text
    assert (await visitor.walks(course, 2)).text.startswith("Please get help now.")


async def test_while_stretches_rest_no_ending_offers_one(anna: Visitor) -> None:
    await anna.walks(BY_ID[CATALOGUE.checks(ENGLISH)[3].id], 1)
    await anna.anna.presses("Pause stretches for 7 days")
    await anna.house.answer()
    week = CATALOGUE.courses(ENGLISH)[5]
    shown = await anna.walks(week, 1)
    named = [press.item for button in buttons(shown) if isinstance(press := decode(button.data), ShowItem)]
    assert named
    assert not any(isinstance(CATALOGUE.item(ENGLISH, name), Stretch) for name in named)
    assert any(isinstance(CATALOGUE.item(ENGLISH, name), Stretch) for name in course_of((week, (1,))).items)
    body = CATALOGUE.courses(ENGLISH)[0]
    assert (await anna.walks(body, 0)).text.startswith("Stretches rest until Sunday 29/11")
    anna.house.clock.now += timedelta(days=7)
    assert (await anna.walks(body, 0)).text.startswith("Before we start (2 of 3)")
