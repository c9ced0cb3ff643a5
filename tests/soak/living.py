"""What people do meanwhile: write, press, change their settings, leave, come back; and what an operator sends."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.soak.population import OPERATOR
from tipbot.domain.broadcasts import BroadcastStatus
from tipbot.sandbox import Person, Sandbox, Shown
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable

COMMANDS = (
    *("/tip", "/stretch", "/help", "/settings", "/favourites", "/therapists", "/articles", "/book", "/selftest"),
    *("/time", "/time 7:30", "/time stretch 19:00", "/timezone Europe/Paris", "/timezone Kathmandu", "/timezone"),
    *("/pause 3", "/pause", "/resume", "/resume", "/stop", "/start", "/start", "/mydata", "/urgent", "/privacy"),
    *("my neck is stiff", "asdf", "7:15", "thank you"),
)
BLOCKS, PRESSES = 0.02, 0.5
# What is on the buttons on the way to a broadcast, the last first; and the question that the words answer.
WAY = tuple(map(re.compile, ("Send to ", "Send$", "An article")))
QUESTION = "What shall go out?"
# A reply may be lost with a connection, as in life; then people try again.
PATIENCE_SECONDS = 15
LOOK_EVERY_SECONDS = 0.2
ON_ITS_WAY = (BroadcastStatus.SENDING, BroadcastStatus.PAUSED, BroadcastStatus.DONE)


@dataclass
class Living:
    """Everything that people do; `acts` counts it for each chat."""

    sandbox: Sandbox
    people: list[Person]
    random: Random
    a_second: float
    acts: Counter[int] = field(default_factory=Counter)

    async def run(self, stop: asyncio.Event) -> None:
        """Do something again and again until the end."""
        while not stop.is_set():
            await asyncio.sleep(self.random.expovariate(self.a_second))
            await self._act(self.random.choice(self.people))

    async def _act(self, person: Person) -> None:
        self.acts[person.chat_id] += 1
        buttons = _buttons(person)
        if person.chat.bot_standing == "kicked":
            await person.unblocks()
        elif self.random.random() < BLOCKS:
            await person.blocks()
        elif buttons and self.random.random() < PRESSES:
            await person.presses_data(*self.random.choice(buttons))
        else:
            await person.sends(self.random.choice(COMMANDS))


def _buttons(person: Person) -> list[tuple[str, Shown]]:
    """Return what could be pressed on the last two screens."""
    rows = [(row, message) for message in person.screen[-2:] for row in message.buttons]
    return [(button.data, message) for row, message in rows for button in row if button.data]


@dataclass
class Operator:
    """Sends messages to everybody, by the chat; where the bot stops one by itself, lets it go on."""

    sandbox: Sandbox
    database: Database
    sent: int = 0

    async def sends(self, words: str) -> None:
        """Write, look at and confirm a message, until it goes out."""
        self.sent += 1
        while await self._under_way() < self.sent:
            before = self._screen()
            await self._go_on(words)
            await self._changes(before)

    async def watches(self, stop: asyncio.Event) -> None:
        """Let go on what stands still, until the end."""
        while not stop.is_set():
            await asyncio.sleep(1)
            if any("Resume" in row for message in self._olive.screen[-3:] for row in message.labels):
                await self._olive.presses("Resume")
                await asyncio.sleep(PATIENCE_SECONDS)

    async def done(self) -> int:
        """Return how many have come to their end."""
        async with self.database.reading() as books:
            return len(await books.broadcasts.at([BroadcastStatus.DONE]))

    @property
    def _olive(self) -> Person:
        return self.sandbox.known(OPERATOR)

    async def _under_way(self) -> int:
        try:
            async with self.database.reading() as books:
                return len(await books.broadcasts.at(ON_ITS_WAY))
        except StorageUnavailable:
            return 0

    async def _go_on(self, words: str) -> None:
        screen = self._olive.screen
        labels = [label for row in screen[-1].labels for label in row] if screen else []
        wanted = next((label for step in WAY for label in labels if step.match(label)), None)
        if wanted is not None:
            await self._olive.presses(wanted)
        elif screen and QUESTION in screen[-1].text:
            await self._olive.sends(words)
        else:
            await self._olive.sends("/broadcast")

    async def _changes(self, before: object) -> None:
        """Wait until the bot has answered, or for as long as somebody is ready to wait."""
        for _ in range(round(PATIENCE_SECONDS / LOOK_EVERY_SECONDS)):
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            if self._screen() != before and self._olive.last.from_bot:
                return

    def _screen(self) -> object:
        return [(message.text, message.labels) for message in self._olive.screen if message.from_bot]
