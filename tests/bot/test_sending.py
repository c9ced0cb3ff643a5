"""Operators watch broadcasts go out and decide about them, as it is written down in tests/transcripts/sending."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bot.conftest import OPERATOR, House
from tests.bot.mailing_play import MailingPlay, progress_messages
from tests.usecases.people import MONDAY_NOON
from tipbot.domain.operators import Operator, Role
from tipbot.sandbox.faults import Kind

FOLDER = Path(__file__).parent.parent / "transcripts" / "sending"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BEGINNING = """\
people> 60
confirmed> <b>Sleep</b> and your back
olive> /broadcasts
olive presses> Sleep and your back · going out
"""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
async def test_conversation_goes_as_written_down(path: Path, house: House) -> None:
    written = path.read_text(encoding="utf-8")
    async with progress_messages(house) as progress:
        happened = await MailingPlay(house, progress).run(written)
    if os.environ.get("TIPBOT_TEST_REWRITE"):
        path.write_text(happened, encoding="utf-8")
    assert happened == written


async def test_a_429_to_the_message_disturbs_nobody_and_it_is_shown_later(house: House) -> None:
    async with progress_messages(house) as progress:
        play = MailingPlay(house, progress)
        await play.run(BEGINNING)
        house.sandbox.faults.add(Kind.TOO_MANY_REQUESTS, "editMessageText", retry_after=7)
        happened = await play.run("deliver> 60\nseconds> 3\nlive>\nseconds> 3\nlive>\n")
        assert "edits" not in happened, "for seven seconds the message is left alone"
        assert len(play.mailing.got) == 60
        assert "Done" in await play.run("seconds> 6\nlive>\n")
        assert "edits" not in await play.run("seconds> 3\nlive>\n"), "and then it is shown for good"


async def test_operators_see_that_telegram_asked_for_a_slower_pace(house: House) -> None:
    async with house.database.writing() as books:
        pace = await books.pace.load(ceiling=25, now=house.clock())
        await books.pace.save(pace.stopped(timedelta(seconds=3), now=house.clock()))
    async with progress_messages(house) as progress:
        play = MailingPlay(house, progress)
        await play.run(BEGINNING + "deliver> 20\nseconds> 3\nlive>\n")
        assert "20 of 60 · 22/s, as Telegram asked us to slow down · about 2 s" in play.olive.last.text


async def test_two_operators_watch_the_same_and_who_is_removed_sees_nothing_new(house: House) -> None:
    otto = house.sandbox.person("Otto", chat_id=OPERATOR + 50, started=True)
    async with house.database.writing() as books:
        await books.staff.save(Operator(otto.chat_id, Role.VIEWER, MONDAY_NOON))
    async with progress_messages(house) as progress:
        play = MailingPlay(house, progress)
        await play.run(BEGINNING)
        play.acts |= {"otto": otto.sends, "otto presses": otto.presses}
        await play.run("otto> /broadcasts\notto presses> Sleep and your back · going out\n")
        assert otto.last.labels == [["Report"], ["All broadcasts"]], "a viewer looks"
        await play.run("deliver> 20\nseconds> 3\nlive>\n")
        assert "20 of 60" in otto.last.text
        async with house.database.writing() as books:
            await books.staff.remove(otto.chat_id)
        await play.run("deliver> 20\nseconds> 3\nlive>\n")
        assert "40 of 60" in play.olive.last.text
        assert "20 of 60" in otto.last.text


async def test_the_table_says_of_everybody_what_the_record_says_and_is_audited(house: House) -> None:
    async with progress_messages(house) as progress:
        play = MailingPlay(house, progress)
        await play.run(BEGINNING + "deliver> 100; 3 blocked, 4 failed\nseconds> 3\nlive>\n")
        await play.run("olive presses> Report\nolive presses> Everybody, as a table\n")
    file = play.olive.last.content["document"]
    table = house.sandbox.telegram.files.find("document", file["file_id"]).data.decode()
    lines = table.splitlines()
    assert lines[0] == "chat_id,zone,status,time_utc,message_id,attempts,reason"
    assert len(lines) == 61
    assert lines[3].startswith("3,Europe/London,blocked,2026-11-22 14:05:00,,1,Forbidden")
    async with house.database.reading() as books:
        assert [deed.action for deed in await books.audit.latest(1)] == ["broadcast-export"]
