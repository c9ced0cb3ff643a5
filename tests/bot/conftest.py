"""The whole bot against a Telegram of our own, with a fresh database and a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from telegram import Update
from telegram.ext import ApplicationBuilder, ExtBot

from tests.bot import samples
from tests.bot.disguise import in_both, write_content
from tests.bot.shortcut import Shortcut
from tests.content import shipped_texts
from tipbot.app import read_content
from tipbot.bot.desk import Desk
from tipbot.bot.handlers import OPERATOR_COMMANDS, handler_table
from tipbot.bot.menus import OperatorMenus
from tipbot.charts import Picture, draw
from tipbot.domain.broadcasts import QuietHours
from tipbot.domain.content import Language
from tipbot.sandbox.sandbox import Sandbox
from tipbot.storage.database import Database
from tipbot.texts import Texts
from tipbot.usecases.afterwards import Afterwards
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.articles import Articles
from tipbot.usecases.asking import Ask
from tipbot.usecases.booking import BookingLinks
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.channels import Channels
from tipbot.usecases.checking import CheckConsent
from tipbot.usecases.choosing import Choose
from tipbot.usecases.consenting import Reconsent
from tipbot.usecases.deeds import Deeds
from tipbot.usecases.drafting import Drafting
from tipbot.usecases.finding import Find
from tipbot.usecases.inviting import Inviting
from tipbot.usecases.joining import Join
from tipbot.usecases.library import Library
from tipbot.usecases.marketing import signs_in_articles
from tipbot.usecases.offers import Offers
from tipbot.usecases.rating import Rate
from tipbot.usecases.reaching import Reach
from tipbot.usecases.reloading import Reload
from tipbot.usecases.reporting import Reports
from tipbot.usecases.retiring import Retire
from tipbot.usecases.rights import Rights
from tipbot.usecases.staffing import Staffing
from tipbot.usecases.statistics import TakeStatistics
from tipbot.usecases.tallying import CountChecks
from tipbot.usecases.watching import Watching
from tipbot.usecases.writing import WriteArticle


async def draw_here(picture: Picture) -> bytes:
    """Draw as TipBot does, but without a process of its own, which takes a second to start."""
    return await asyncio.to_thread(draw, picture)


# The person of this number decides for the clinic.
OPERATOR = 7000
# Nothing is ever fetched from there; what a blog brings, a test hands over itself.
FEED_URL = "https://clinic.example/feed"


@dataclass
class Clock:
    """The time in the whole house; tests move it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 14, 5, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    """Everything that a conversation needs, and a bot that answers when it is told to."""

    sandbox: Sandbox
    clock: Clock
    desk: Desk
    bot: ExtBot[None]
    database: Database
    errors: list[BaseException]

    def __post_init__(self) -> None:
        self.application = ApplicationBuilder().bot(self.bot).updater(None).job_queue(None).build()
        self.application.add_handlers(handler_table(self.desk))
        self.application.add_error_handler(self._note)
        self._offset = 0

    def restaff(self, desk: Desk) -> None:
        """Let the conversations work with another desk from now on."""
        for handler in list(self.application.handlers[0]):
            self.application.remove_handler(handler)
        self.application.add_handlers(handler_table(desk))

    async def answer(self) -> None:
        """Let the bot answer everything that waits, in order; raises what a handler raised."""
        # A poll that brings nothing is as dear as one that does: most of them are spared.
        while self.sandbox.telegram.updates.after(self._offset - 1):
            for update in await self.bot.get_updates(offset=self._offset, timeout=0):
                await self.application.process_update(update)
                self._offset = update.update_id + 1
        if self.errors:
            raise self.errors.pop()

    async def _note(self, update: object, context: object) -> None:
        assert isinstance(update, Update)
        self.errors.append(context.error)  # type: ignore[attr-defined]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[tuple[Sandbox, str]]:
    sandbox = Sandbox(now=clock)
    async with sandbox.serving() as address:
        yield sandbox, address


@pytest.fixture
async def house(database: Database, sandbox: tuple[Sandbox, str], clock: Clock) -> AsyncIterator[House]:
    library = Library(samples.catalogue(), shipped_texts())
    texts = library.texts
    await Staffing(database).appoint({OPERATOR}, now=clock())
    broadcasting = Broadcasting(database, quiet=QuietHours(), ceiling=25)
    links = BookingLinks(library, public_url=None)
    sign_of = signs_in_articles(links, texts)
    desk = Desk(
        join=Join(database),
        arrange=Arrange(database),
        ask=Ask(database, library),
        choose=Choose(database, library),
        rate=Rate(database),
        reach=Reach(database),
        channels=Channels(database),
        rights=Rights(database),
        reconsent=Reconsent(database, library),
        find=Find(library, texts),
        check_consent=CheckConsent(database),
        check_counts=CountChecks(database),
        statistics=TakeStatistics(database),
        staffing=Staffing(database),
        drafting=Drafting(database),
        inviting=Inviting(database),
        deeds=Deeds(database),
        menus=OperatorMenus(texts, OPERATOR_COMMANDS),
        reload=Reload(database, library, None, read_at=clock()),
        retire=Retire(database, library),
        broadcasting=broadcasting,
        afterwards=Afterwards(database),
        reports=Reports(database, counts_presses=False),
        watching=Watching(database),
        articles=Articles(database, texts, sign_of=sign_of, feed_url=FEED_URL),
        write_article=WriteArticle(database, texts, sign_of=sign_of),
        library=library,
        links=links,
        offers=Offers(database),
        texts=texts,
        now=clock,
        home_zone="Europe/London",
        draw=draw_here,
    )
    telegram, address = sandbox
    bot: ExtBot[None] = ExtBot(
        telegram.token,
        base_url=f"{address}/bot",
        request=Shortcut(telegram.telegram, connections=4),
        get_updates_request=Shortcut(telegram.telegram, connections=1),
    )
    built = House(telegram, clock, desk, bot, database, [])
    async with built.application:
        yield built


@pytest.fixture(scope="session")
def texts_of_two_languages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Language, Texts]:
    """The shipped words, and beside them all of them in another language; the advice has to pass as well."""
    _, texts = read_content(write_content(tmp_path_factory.mktemp("content")))
    return texts


@pytest.fixture
def bilingual(house: House, texts_of_two_languages: Mapping[Language, Texts]) -> House:
    """The house with a second language, in its words as in its advice."""
    house.desk.library.take_in(in_both(house.desk.library.catalogue))
    menus = OperatorMenus(texts_of_two_languages, OPERATOR_COMMANDS)
    house.desk = replace(house.desk, texts=texts_of_two_languages, menus=menus)
    house.restaff(house.desk)
    return house
