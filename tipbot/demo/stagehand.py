"""What surrounds the chats on the demo's page: the clock that is moved on, the tour, and the crowd."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tipbot import app
from tipbot.clock import Clock
from tipbot.demo.crowd import crowd_size, gather
from tipbot.demo.moments import read_moment
from tipbot.demo.moving import Mover
from tipbot.demo.tour import Tour
from tipbot.domain.content import ENGLISH
from tipbot.domain.subscribers import ChatId
from tipbot.domain.walking import Course
from tipbot.sandbox import Sandbox
from tipbot.sandbox.page import Act, ActRefusedError, Cast, field_of
from tipbot.shipped import shipped
from tipbot.storage.database import Database
from tipbot.usecases.library import Library

NEXT = "next"
NO_MOMENT = "That is no moment. Like this: 18:00, tomorrow 09:00, friday 7pm, +2h, +1d"


class Stagehand:
    """Does what the page asks for around the chats, and says by events "stage" when something of it is new."""

    def __init__(
        self, sandbox: Sandbox, clock: Clock, database: Database, cast: Cast, *, done: Sequence[str]
    ) -> None:
        self._sandbox, self._clock, self._database, self._cast = sandbox, clock, database, cast
        self._mover = Mover(sandbox, clock, database, self._changed)
        self._tour = Tour(sandbox, database, self._courses, self._changed, done=done)
        self._library: Library | None = None
        self._reading = asyncio.Lock()
        self._is_gathering = False

    @property
    def ticked(self) -> list[str]:
        """The steps of the tour that have happened."""
        return sorted(self._tour.done)

    async def run(self) -> None:
        """Move the clock when asked to and watch the tour, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._mover.run())
            tasks.create_task(self._tour.run())

    def state(self) -> dict[str, Any]:
        """Return everything the page shows of it."""
        return {
            "moving_to": self._mover.to.isoformat() if self._mover.to else None,
            "word": self._mover.word,
            "crowd": crowd_size(self._sandbox),
            "gathering": self._is_gathering,
            "tour": [
                {"title": step.title, "text": step.text, "chat": step.chat, "done": step.rule in self._tour.done}
                for step in self._tour.steps
            ],
        }

    def acts(self) -> dict[str, Act]:
        """Return what the page can ask for beside what people do in chats."""
        return {"clock": self._move, "halt": self._halt, "gather": self._gather}

    async def _move(self, given: Mapping[str, Any]) -> None:
        """Move on to the next message in a chat, or to a moment on the clock of whoever looks at it."""
        words = field_of(given, "to", str)
        player = self._cast.player(given.get("person"))
        if words == NEXT:
            chat = ChatId(field_of(given, "chat", int))
            self._mover.order(await self._mover.next_moment(chat))
            return
        moment = self._read(words, player.city.zone)
        if moment is None:
            raise ActRefusedError(NO_MOMENT)
        self._mover.order(moment)

    def _read(self, words: str, zone: str) -> datetime | None:
        return read_moment(words, zone=zone, now=self._clock.now())

    async def _halt(self, _given: Mapping[str, Any]) -> None:
        self._mover.halt()

    async def _gather(self, _given: Mapping[str, Any]) -> None:
        if self._is_gathering:
            return
        self._is_gathering = True
        self._changed()
        try:
            version = (await self._content()).consent_version
            await gather(self._sandbox, self._database, version, now=self._clock.now())
        finally:
            self._is_gathering = False
            self._changed()

    async def _courses(self) -> Sequence[Course]:
        return (await self._content()).catalogue.courses(ENGLISH)

    async def _content(self) -> Library:
        """Read the advice when it is first needed: a page that opens at once is worth more."""
        async with self._reading:
            if self._library is None:
                library, _ = await asyncio.to_thread(app.read_content, shipped("content"))
                self._library = library
            return self._library

    def _changed(self) -> None:
        self._sandbox.telegram.events.add("stage", None, {})
