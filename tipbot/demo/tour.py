"""The guided tour: six steps, each ticked by what the database or the sandbox's log says, never by the page."""

import asyncio
import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tipbot.bot.buttons import decode
from tipbot.bot.check_presses import Walk
from tipbot.bot.presses_of_sending import ShowReport
from tipbot.demo.cast import OPERATOR
from tipbot.domain.subscribers import DEFAULT_TIMES, ChatId, Kind, Status
from tipbot.domain.walking import AtEnding, Course
from tipbot.sandbox import Sandbox
from tipbot.sandbox.events import Event
from tipbot.storage.database import Database

STEPS = Path(__file__).with_name("tour.toml")
# The bot writes down what became of a message a moment after it has arrived.
LOOK_AFTER_SECONDS = (0.3, 1.0, 2.0)

Rows = Sequence[Mapping[str, object]]
Courses = Callable[[], Awaitable[Sequence[Course]]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, in whose chat, and the name of the rule that ticks it."""

    rule: str
    title: str
    text: str
    chat: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known: the record's rows about each person of the tour by table, the log, and all checks."""

    records: Mapping[int, Mapping[str, Rows]]
    presses: Sequence[Event]
    sandbox: Sandbox
    courses: Sequence[Course]

    def rows(self, table: str) -> list[Mapping[str, object]]:
        """Return the rows of one table about anybody of the tour; none for a table that there is not."""
        return [row for record in self.records.values() for row in record.get(table, ())]


def read_steps() -> tuple[Step, ...]:
    """Return the steps as they stand in tour.toml."""
    with STEPS.open("rb") as file:
        return tuple(Step(**step) for step in tomllib.load(file)["steps"])


def _subscribed(evidence: Evidence, _step: Step) -> bool:
    return any(row["status"] == Status.ACTIVE for row in evidence.rows("subscribers"))


def _changed_time(evidence: Evidence, _step: Step) -> bool:
    return any(row["wall_time"] != DEFAULT_TIMES[Kind(str(row["kind"]))] for row in evidence.rows("slots"))


def _got_the_next_tip(evidence: Evidence, _step: Step) -> bool:
    """Say whether a tip came by itself on a later day (UTC) than the one they joined on."""
    joined = {row["chat_id"]: row["joined_at"] for row in evidence.rows("subscribers")}
    sent = [row for row in evidence.rows("outbox") if row["kind"] == Kind.TIP and row["status"] == "sent"]
    return any(_day(row["due_at"]) > _day(joined.get(row["chat_id"], row["due_at"])) for row in sent)


def _day(moment: object) -> date:
    if not isinstance(moment, datetime):
        raise TypeError(moment)
    return moment.date()


def _finished_a_check(evidence: Evidence, _step: Step) -> bool:
    courses = {course.check.code: course for course in evidence.courses}
    for pressed in evidence.presses:
        press = decode(str(pressed.details["data"]))
        if isinstance(press, Walk) and press.tree in courses and _ends(courses[press.tree], press):
            return _was_answered(evidence.sandbox, pressed)
    return False


def _ends(course: Course, press: Walk) -> bool:
    try:
        return isinstance(course.at([int(digit) for digit in press.answers]), AtEnding)
    except ValueError:
        return False


def _was_answered(sandbox: Sandbox, pressed: Event) -> bool:
    edits = sandbox.calls.of("editMessageText", pressed.chat_id)
    return any(edit.ok and edit.parameters.get("message_id") == pressed.details["message_id"] for edit in edits)


def _broadcast_went_out(evidence: Evidence, _step: Step) -> bool:
    """Say whether a broadcast of the operator reached anybody of the tour."""
    made = {row["id"] for row in evidence.rows("broadcasts")}
    return any(row["broadcast_id"] in made and row["status"] == "sent" for row in evidence.rows("outbox"))


def _report_was_read(evidence: Evidence, step: Step) -> bool:
    """Say whether the operator asked for the report on a broadcast that went out, and it came."""
    if not _broadcast_went_out(evidence, step):
        return False
    mine = (pressed for pressed in evidence.presses if pressed.details["user_id"] == OPERATOR)
    reports = (pressed for pressed in mine if isinstance(decode(str(pressed.details["data"])), ShowReport))
    return any(_was_answered(evidence.sandbox, pressed) for pressed in reports)


RULES: dict[str, Callable[[Evidence, Step], bool]] = {
    "subscribed": _subscribed,
    "changed_time": _changed_time,
    "got_the_next_tip": _got_the_next_tip,
    "finished_a_check": _finished_a_check,
    "broadcast_went_out": _broadcast_went_out,
    "report_was_read": _report_was_read,
}


class Tour:
    """Watches the demo and ticks steps off; `changed` is called for each. A tick is never taken back."""

    def __init__(
        self,
        sandbox: Sandbox,
        database: Database,
        courses: Courses,
        changed: Callable[[], None],
        *,
        done: Iterable[str] = (),
    ) -> None:
        self._sandbox, self._database, self._courses, self._changed = sandbox, database, courses, changed
        self.steps = read_steps()
        self.done = set(done)

    async def run(self) -> None:
        """Look again after whatever happens, until every step is ticked or this is cancelled."""
        seen = -1
        while len(self.done) < len(self.steps):
            await self._sandbox.telegram.pulse.until(lambda seen=seen: self._happened() != seen, None)  # type: ignore[misc]
            seen = self._happened()
            for pause in LOOK_AFTER_SECONDS:
                await asyncio.sleep(pause)
                await self.look()

    async def look(self) -> None:
        """Tick what has happened by now."""
        evidence = await self._evidence()
        ticked = {step.rule for step in self.steps if RULES[step.rule](evidence, step)} - self.done
        if ticked:
            self.done |= ticked
            self._changed()

    def _happened(self) -> int:
        return self._sandbox.telegram.events.newest + self._sandbox.calls.total

    async def _evidence(self) -> Evidence:
        numbers = {step.chat for step in self.steps}
        async with self._database.reading() as books:
            records = {number: await books.personal.rows_of(ChatId(number)) for number in numbers}
        presses = [event for event in self._sandbox.telegram.events.since(0) if event.kind == "pressed"]
        return Evidence(records, presses, self._sandbox, await self._courses() if presses else ())
