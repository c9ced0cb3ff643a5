"""An article goes to very many: held in two seconds, cut off by `kill -9`, reported; the next has to be undone."""

import asyncio
import csv
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.process.running import Process, tipbot_with
from tests.process.seeding import end_leases
from tests.usecases.mailing import people
from tipbot.clock import Clock
from tipbot.sandbox import Person, Sandbox
from tipbot.sandbox.faults import Kind
from tipbot.storage.database import Database
from tipbot.storage.subscriber_tables import is_sending

# Thousands of messages take their time on a machine that is busy with other things.
pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]

NOW = Clock().now
OPERATOR, FIRST = 7000, 10_000
SETTINGS = {
    "TIPBOT_OPERATORS": str(OPERATOR),
    "TIPBOT_PAID_BROADCAST": "true",
    "TIPBOT_QUIET_HOURS": "off",
}
# Of those who subscribed, every so many has blocked the bot, has no account any more, or gets it without TipBot
# ever hearing of that.
BLOCKED, GONE, SILENT = 40, 67, 101
PAUSE_WITHIN = timedelta(seconds=2)
SLEEP, WALK, WALK_WELL = "Sleep, and your back", "Walk, and your back", "Walk well, and your back is glad"


@dataclass
class Clinic:
    """A Telegram with subscribers and an operator, and TipBot processes that come and go."""

    sandbox: Sandbox
    address: str
    database_url: str
    database: Database
    chats: list[int]
    olive: Person
    before: int = 0

    async def presses(self, label: str) -> None:
        await self.sandbox.until(lambda: self.shows(label), timeout=30)
        await self.olive.presses(label)

    async def sees(self, words: str) -> None:
        """Wait until these words stand in some message of hers."""
        await self.sandbox.until(lambda: self.shows(words), timeout=30)

    def shows(self, words: str) -> bool:
        return any(words in one.text or any(words in row for row in one.labels) for one in self.olive.screen)

    def sent(self) -> list[datetime]:
        """Return when messages went to subscribers, taken or not."""
        return [call.at for call in self.sandbox.calls.of("sendMessage") if call.chat_id != OPERATOR]

    async def sends(self, share: float) -> None:
        """Wait until this share of all was sent what is going out."""
        number = self.before + len(self.chats) * share
        await self.sandbox.until(lambda: self.sandbox.calls.counts["sendMessage"] >= number, timeout=60)

    async def lands(self) -> None:
        """Wait until what is in the air is written down."""
        async with asyncio.timeout(30):
            while await self._in_the_air():
                await asyncio.sleep(0.1)

    async def _in_the_air(self) -> bool:
        async with self.database.engine.connect() as connection:
            return await connection.scalar(select(is_sending).where(is_sending).limit(1)) is not None

    def button(self, begins: str) -> str:
        """Return what the newest button that begins like this says in full."""
        labels = (label for one in reversed(self.olive.screen) for row in one.labels for label in row)
        return next(label for label in labels if label.startswith(begins))

    def received(self) -> dict[int, list[int]]:
        return {chat: [message.message_id for message in self.sandbox.sent_to(chat)] for chat in self.chats}

    def words(self) -> Counter[str]:
        """Return what stands in the chats now."""
        shown = [message for chat in self.chats for message in self.sandbox.sent_to(chat) if not message.deleted]
        return Counter(message.text for message in shown)

    async def table(self) -> list[dict[str, str]]:
        """Return the table of everybody, as it comes as a file."""
        await self.presses("Report")
        await self.presses("Everybody, as a table")
        await self.sandbox.until(lambda: self.olive.last.media == "document", timeout=30)
        file = self.sandbox.telegram.files.find("document", self.olive.last.content["document"]["file_id"])
        return list(csv.DictReader(file.data.decode().splitlines(keepends=True)))


@asynccontextmanager
async def clinic(database_url: str, number: int) -> AsyncIterator[Clinic]:
    sandbox, database = Sandbox(now=NOW), Database(database_url)
    chats = await people(database, number, first=FIRST, zone="UTC", now=NOW())
    bot = sandbox.telegram.bot.id
    for chat in chats:
        person = sandbox.person(f"Person {chat}", chat_id=chat, started=True)
        if chat % BLOCKED == 0:
            person.chat.standing[bot] = "kicked"
        elif chat % GONE == 0:
            await person.deactivates()
        elif chat % SILENT == 0:
            sandbox.faults.add(Kind.DROP_AFTER, "sendMessage", times=None, chat_id=chat)
    olive = sandbox.person("Olive", chat_id=OPERATOR, started=True)
    async with sandbox.serving() as address:
        yield Clinic(sandbox, address, database_url, database, chats, olive)
    await database.close()


@pytest.mark.long(25)
@pytest.mark.parametrize(
    ("database_url", "number", "rate", "processes"),
    # A pace that the stand-in for Telegram keeps up with: what is in the air at the wrong moment stays little.
    [("sqlite", 2_000, 500, 1), ("postgresql", 2_000, 500, 2)],
    indirect=["database_url"],
)
async def test_an_article_for_very_many(
    database_url: str, tmp_path: Path, number: int, rate: int, processes: int
) -> None:
    async with clinic(database_url, number) as clinic_, AsyncExitStack() as running:

        async def start() -> Process:
            settings = SETTINGS | {"TIPBOT_BULK_RATE": str(rate)}
            process = tipbot_with(clinic_.sandbox, clinic_.address, database_url, tmp_path, **settings)
            return await running.enter_async_context(process)

        first, *_ = [await start() for _ in range(processes)]
        assert await _compose(clinic_, SLEEP) == number
        await _hold_and_resume(clinic_)
        await clinic_.sends(0.6)
        await first.killed()
        await start()
        await _come_to_the_end(clinic_)
        await _hold_the_table_against_the_chats(clinic_)
        await _have_second_thoughts(clinic_)


async def _compose(clinic: Clinic, words: str) -> int:
    """Send an article to everybody, and return how many they are."""
    for typed in ("/broadcast", words):
        await clinic.olive.sends(typed)
        await clinic.sandbox.quiet(timeout=30)
    for label in ("An article", "Send"):
        await clinic.presses(label)
        await clinic.sandbox.quiet(timeout=30)
    # Telegram is busy now and then: everybody waits, and nobody gets it twice.
    every = len(clinic.chats) // 5
    clinic.sandbox.faults.add(Kind.TOO_MANY_REQUESTS, "sendMessage", times=2, every=every)
    clinic.before = clinic.sandbox.calls.counts["sendMessage"]
    button = clinic.button("Send to")
    await clinic.presses(button)
    return int(button.split()[2].replace(",", ""))


async def _hold_and_resume(clinic: Clinic) -> None:
    await clinic.sends(0.2)
    await clinic.presses("Pause")
    pressed = NOW()
    await clinic.sees("Resume")
    await asyncio.sleep((pressed + PAUSE_WITHIN - NOW()).total_seconds())
    await asyncio.sleep(1)
    late = [moment - pressed for moment in clinic.sent() if moment > pressed + PAUSE_WITHIN]
    assert not late
    assert len(clinic.sent()) < len(clinic.chats) * 0.6, "it was still in the middle"
    await clinic.presses("Resume")


async def _come_to_the_end(clinic: Clinic) -> None:
    """Wait for the end; what a killed process had in the air is given up, as it would be after its time."""
    async with asyncio.timeout(60):
        while not clinic.shows("Done in"):
            before = clinic.sandbox.calls.counts["sendMessage"]
            await asyncio.sleep(0.5)
            if clinic.sandbox.calls.counts["sendMessage"] == before:
                await end_leases(clinic.database_url, now=NOW())


async def _hold_the_table_against_the_chats(clinic: Clinic) -> None:
    """Compare row by row."""
    rows, received = await clinic.table(), clinic.received()
    assert sorted(int(row["chat_id"]) for row in rows) == clinic.chats
    for row in rows:
        chat, messages = int(row["chat_id"]), received[int(row["chat_id"])]
        expected = "blocked" if chat % BLOCKED == 0 else "gone" if chat % GONE == 0 else "sent"
        if row["status"] == "unknown":
            assert len(messages) <= 1, chat
            continue
        assert row["status"] == expected, row
        assert messages == ([int(row["message_id"])] if expected == "sent" else []), row
    unknown = sum(row["status"] == "unknown" for row in rows)
    assert unknown < len(rows) / 5


async def _have_second_thoughts(clinic: Clinic) -> None:
    """Hold another article when some have it, change its words in their chats, then take it back from them."""
    await _compose(clinic, WALK)
    await clinic.sends(0.1)
    await clinic.presses("Pause")
    await clinic.sees("Resume")
    await clinic.lands()
    sent, got = len(clinic.sent()), clinic.words()
    await clinic.presses("Correct")
    await clinic.sees("Send me the new words")
    await clinic.olive.sends(WALK_WELL)
    await clinic.sees("That is how it will look")
    number = int(clinic.button("Correct for").split()[2])
    # All who have it, but for those of whom nobody can say whether they do.
    assert len(clinic.chats) / 20 < number <= got[WALK] <= number + len(clinic.chats) / SILENT
    await clinic.presses(clinic.button("Correct for"))
    await clinic.sees(f"Corrected for {number} of {number}")
    assert clinic.words() == {SLEEP: got[SLEEP], WALK_WELL: number, WALK: got[WALK] - number}
    await clinic.presses("The message itself")
    await clinic.presses("Take back")
    await clinic.presses(f"Take back from {number}")
    await clinic.sees(f"Taken back from {number} of {number}")
    assert clinic.words() == {SLEEP: got[SLEEP], WALK: got[WALK] - number}
    assert len(clinic.sent()) == sent, "nobody else got it meanwhile"
