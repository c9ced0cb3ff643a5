"""A broadcast in `tipbot demo` without a browser: the clock, the crowd, faults, and what ticks the tour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.page.conftest import Watch
from tests.test_demo_page import ANN, CHARLOTTE, moved, running, subscribes
from tipbot.bot.buttons import encode
from tipbot.bot.presses_of_sending import BroadcastNumber, ShowReport
from tipbot.clock import Clock
from tipbot.demo.crowd import gather
from tipbot.demo.moving import Mover
from tipbot.demo.page import Demo
from tipbot.demo.tour import RULES, Evidence, Step, read_steps
from tipbot.domain.broadcasts import Broadcast, BroadcastId, BroadcastStatus, Wave
from tipbot.domain.subscribers import ChatId
from tipbot.sandbox import Kind, Person, Sandbox
from tipbot.sandbox.calls import Call
from tipbot.sandbox.dispatch import carry_out
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.screen import Shown
from tipbot.storage.database import Database


async def test_a_broadcast_and_its_report_tick_the_tour() -> None:
    sandbox = Sandbox(now=Watch())
    ann, charlotte = (
        sandbox.person("Ann", started=True),
        sandbox.person("Charlotte", chat_id=CHARLOTTE, started=True),
    )
    went_out, report = read_steps()[4:]

    def ticked(outbox: list[dict[str, object]], step: Step) -> bool:
        made: list[dict[str, object]] = [{"id": 7}]
        records = {ANN: {"outbox": outbox}, CHARLOTTE: {"broadcasts": made}}
        presses = [event for event in sandbox.telegram.events.since(0) if event.kind == "pressed"]
        return RULES[step.rule](Evidence(records, presses, sandbox, ()), step)

    arrived: list[dict[str, object]] = [{"broadcast_id": 7, "status": "sent"}]
    assert ticked(arrived, went_out)
    assert not ticked([{"broadcast_id": 7, "status": "queued"}, {"broadcast_id": None, "status": "sent"}], went_out)
    for person in (ann, charlotte):
        await reads_report(sandbox, person)
        assert ticked(arrived, report) == (person is charlotte)
    assert not ticked([], report)


async def reads_report(sandbox: Sandbox, person: Person) -> None:
    keys = {
        "inline_keyboard": [[{"text": "How did it go?", "callback_data": encode(ShowReport(BroadcastNumber(7)))}]]
    }
    given = {"chat_id": person.chat_id, "text": "Done", "reply_markup": keys}
    await carry_out(sandbox.telegram, "sendmessage", Parameters(given))
    await person.presses("How did it go?")
    shown = {"chat_id": person.chat_id, "message_id": person.last.message_id, "text": "All about it"}
    sandbox.calls.add(Call("editMessageText", Parameters(shown), 200, {"ok": True}, sandbox.telegram.now()))


@pytest.mark.long(15)
async def test_a_broadcast_to_a_crowd_can_be_watched_to_its_end(tmp_path: Path) -> None:
    async with running(tmp_path) as demo:
        await subscribes(demo, ANN)
        await moved(demo, "tomorrow 08:30")
        database = Database(demo.settings.database_url.get_secret_value())
        await gather(demo.sandbox, database, "1", now=demo.clock.now(), size=40)
        await database.close()
        charlotte = demo.cast.player(CHARLOTTE).person
        for words in ("/broadcast", "The studio has moved"):
            await charlotte.sends(words)
            await demo.sandbox.quiet()
        for label in ("An article", "Send"):
            await charlotte.presses(label)
            await demo.sandbox.quiet()
        # One of them is asked to wait for, and of another the bot never learns whether it arrived.
        demo.sandbox.faults.add(Kind.TOO_MANY_REQUESTS, "sendMessage", chat_id=ANN, retry_after=1)
        demo.sandbox.faults.add(Kind.DROP_AFTER, "sendMessage", chat_id=500_001)
        await charlotte.presses("Send to 41 people")
        await demo.sandbox.until(lambda: "wait for the right time" in card(demo).text, 30)
        # It is half past three in New York: four of them sleep, and the clock goes on to their morning.
        assert await moved(demo, "next", CHARLOTTE) == ""
        assert f"{demo.clock.now():%H:%M}" == "13:00"
        await demo.sandbox.until(lambda: card(demo).text.startswith("Done in"), 30)
        assert "Reached 39 of 41." in card(demo).text
        assert card(demo).text.endswith("blocked 1 · unknown 1")
        seen = shown(demo)
        assert len(seen) > 1
        assert any("▓" in text for text in seen)
        await charlotte.presses("Report")
        await demo.sandbox.until(lambda: "report_was_read" in demo.stagehand.ticked, 30)
        assert "broadcast_went_out" in demo.stagehand.ticked


def card(demo: Demo) -> Shown:
    """Return the message that shows how the broadcast goes; other messages for operators may come after it."""
    edited = demo.sandbox.calls.of("editMessageText", CHARLOTTE)[-1].parameters["message_id"]
    screen = demo.cast.player(CHARLOTTE).person.screen
    return next(message for message in screen if message.message_id == edited)


def shown(demo: Demo) -> set[str]:
    """Return what the message about a broadcast said whenever it changed by itself."""
    edits = demo.sandbox.calls.of("editMessageText", CHARLOTTE)
    return {str(edit.parameters["text"]) for edit in edits if edit.ok}


async def test_the_clock_knows_when_a_broadcast_goes_out(sqlite_url: str) -> None:
    clock, database = Clock(datetime(2026, 11, 23, 14, 5, tzinfo=UTC)), Database(sqlite_url)
    mover = Mover(Sandbox(now=clock.now), clock, database, lambda: None)
    assert await mover.next_moment(ChatId(CHARLOTTE)) is None
    at = clock.now() + timedelta(hours=2)
    draft = Broadcast(BroadcastId(0), CHARLOTTE, at, at, status=BroadcastStatus.SCHEDULED, starts_at=at)
    async with database.writing() as books:
        number = (await books.broadcasts.add(draft)).id
    assert await mover.next_moment(ChatId(CHARLOTTE)) == at
    async with database.writing() as books:
        await books.broadcasts.save(replace(draft, id=number, status=BroadcastStatus.SENDING))
        await books.recipients.add_waves(number, [Wave("Asia/Tokyo", at, 3)])
        assert await books.agenda.next_broadcast() == at
    clock.move_to(at)
    later = at + timedelta(hours=9)
    async with database.writing() as books:
        await books.recipients.add_waves(number, [Wave("America/New_York", later, 3)])
        assert await books.agenda.next_broadcast() == at
    assert await mover.next_moment(ChatId(CHARLOTTE)) == later, "what goes out now does not come"
    async with database.writing() as books:
        await books.broadcasts.save(replace(draft, id=number, status=BroadcastStatus.PAUSED))
        assert await books.agenda.next_broadcast() is None
    await database.close()
