"""Plays conversations around a broadcast that goes out; who gets it is settled in the record, without a chat each.

Further acts: `people>` so many subscribers, `confirmed>` a broadcast with these words goes out, `deliver>` so many,
and behind a semicolon chats and what became of them, such as `3 blocked`; `seconds>` pass, `live>` the messages
that change by themselves do so; `restored>` the database is the one of a minute ago.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from telegram.constants import ParseMode
from telegram.ext import ExtBot

from tests.bot.conftest import House
from tests.bot.shortcut import Shortcut
from tests.bot.transcript import Play
from tests.usecases.mailing import WORDS, Mailing, people
from tipbot.bot.operators import words_of
from tipbot.bot.pacing import Bulk, ReplyPacing
from tipbot.bot.progress_messages import ProgressMessages
from tipbot.domain.alarms import Alarm
from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import Receipt, Refused, Uncertain, Unwanted, Vanished
from tipbot.domain.witness import Mark, Record
from tipbot.usecases.restoring import WatchRecord
from tipbot.usecases.staffing import SHELL
from tipbot.usecases.watching import Watching

FATES: dict[str, Receipt] = {
    "blocked": Unwanted("Forbidden: bot was blocked by the user"),
    "gone": Vanished("Forbidden: user is deactivated"),
    "failed": Refused("Bad Request: TOPIC_CLOSED"),
    "unknown": Uncertain("no answer in time"),
}


async def _at_ease(_: object) -> None:
    return None


@asynccontextmanager
async def progress_messages(house: House) -> AsyncIterator[ProgressMessages]:
    """What keeps the messages of operators up to date, with a connection of its own."""
    bot: ExtBot[Bulk] = ExtBot(
        house.sandbox.token,
        base_url=str(house.bot.base_url).removesuffix(house.sandbox.token),
        request=Shortcut(house.sandbox.telegram, connections=2),
        get_updates_request=Shortcut(house.sandbox.telegram, connections=1),
        rate_limiter=ReplyPacing(sent=lambda _: None, slow_down=_at_ease),
    )
    async with bot:
        texts = house.desk.texts[ENGLISH]
        yield ProgressMessages(bot, Watching(house.database), texts, zone="Europe/London", now=house.clock)


class MailingPlay(Play):
    """One conversation of Olive's about broadcasts."""

    def __init__(self, house: House, progress: ProgressMessages) -> None:
        super().__init__(house)
        self.mailing = Mailing(house.database)
        self.progress = progress
        self.acts |= {
            "people": self._people,
            "confirmed": self._confirmed,
            "deliver": self._deliver,
            "seconds": self._seconds,
            "live": self._live,
            "meanwhile": self._meanwhile,
            "restored": self._restored,
            "olive": self.olive.sends,
            "olive presses": self.olive.presses,
            "olive presses twice": self._olive_presses_twice,
            "olive deletes": lambda _: self.olive.deletes(self.olive.last),
        }

    async def _people(self, words: str) -> None:
        await people(self.house.database, int(words))

    async def _confirmed(self, words: str) -> None:
        composition = replace(WORDS, parts=(replace(WORDS.parts[0], html=words),))
        now = self.house.clock()
        await self.mailing.confirmed(await self.mailing.drafted(composition, now=now), now=now)

    async def _deliver(self, words: str) -> None:
        most, _, fates = words.partition(";")
        pairs = (fate.split() for fate in fates.split(",") if fate.strip())
        await self.mailing.tick(self.house.clock())
        answers = {int(chat): FATES[fate] for chat, fate in pairs}
        await self.mailing.post(self.house.clock(), answers, most=int(most))
        await self.mailing.tick(self.house.clock())

    async def _seconds(self, words: str) -> None:
        self.house.clock.now += timedelta(seconds=int(words))

    async def _live(self, _: str) -> None:
        await self.progress.tick(lambda number: self.mailing.sending.watch(number, now=self.house.clock()))

    async def _meanwhile(self, _: str) -> None:
        """Let another operator cancel the newest broadcast."""
        (newest,) = await self.mailing.reports.latest(most=1, operator=SHELL)
        await self.mailing.broadcasting.cancel(newest.id, operator=SHELL, now=self.house.clock())

    async def _restored(self, _: str) -> None:
        """Let the database be one of a minute ago, and operators be told."""
        rang: list[Alarm] = []
        watch, now = (
            WatchRecord(self.house.database, self.house.desk.library, alarm=rang.append),
            self.house.clock(),
        )
        await watch.beat(now=now - timedelta(minutes=1))
        async with self.house.database.writing() as books:
            record = await books.witness.look()
        await watch.beat(now=now)
        async with self.house.database.writing() as books:
            await books.witness.save(record or Record(Mark(""), now))
        await watch.beat(now=now)
        for alarm in rang:
            words = words_of(alarm, self.house.desk.texts[ENGLISH], "Europe/London")
            await self.house.bot.send_message(self.olive.chat_id, words, parse_mode=ParseMode.HTML)

    async def _olive_presses_twice(self, words: str) -> None:
        await self.olive.presses(words)
        await self.olive.presses(words)
