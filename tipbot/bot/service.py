"""The bot as one thing to open and close: connection, handlers, messenger, and the ways updates come in."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from types import TracebackType
from typing import Self

from telegram import Update
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from tipbot.bot.article_news import ArticleNews
from tipbot.bot.broadcast_messenger import BroadcastMessenger
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.credentials import TokenWatch
from tipbot.bot.front import Front, apology
from tipbot.bot.handlers import handler_table
from tipbot.bot.intake import Polling
from tipbot.bot.lanes import Lanes
from tipbot.bot.line import ALLOWED_UPDATES, Line
from tipbot.bot.messenger import TelegramMessenger
from tipbot.bot.operating.summary import SummaryChats
from tipbot.bot.operators import OperatorChats
from tipbot.bot.pacing import ReplyPacing
from tipbot.bot.profile import publish_profile
from tipbot.bot.progress_messages import ProgressMessages
from tipbot.bot.surroundings import Surroundings, set_desk
from tipbot.bot.transport import AiohttpRequest
from tipbot.bot.urgency import is_urgent
from tipbot.bot.webhook import Webhook
from tipbot.domain.operators import Role
from tipbot.domain.subscribers import ChatId, Status
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.leadership import Leadership
from tipbot.texts import Texts, texts_for
from tipbot.usecases.compositions import Compositions
from tipbot.usecases.updating import UpdateRecord
from tipbot.usecases.watching import Watching

log = get_logger(__name__)

# At start Telegram may be out of reach for a while: after this many tries the process ends and is started again.
START_TRIES = 10
START_PAUSE_SECONDS = 3.0


class TokenRefused(Exception):  # noqa: N818 (an answer to whoever starts TipBot)
    """Telegram does not know TIPBOT_TOKEN: ask @BotFather for the current one."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TelegramUnreachable(Exception):  # noqa: N818 (same)
    """Telegram cannot be reached from here at the moment, or does not accept what it needs to be told at start."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Telegram cannot be reached or refuses: {reason}")


class TelegramService:
    """Speaks with Telegram; open it with `async with`. Raises TokenRefused or TelegramUnreachable."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._token_watch = TokenWatch(now=around.now, alarm=around.alarm)
        self._requests = tuple(
            AiohttpRequest(connections=connections, heard=self._token_watch.heard)
            for connections in (around.connections, 2)
        )
        self._bot = Line(
            around.token,
            base_url=f"{around.api_url}/bot",
            base_file_url=f"{around.api_url}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
            rate_limiter=ReplyPacing(sent=around.sent, slow_down=around.slow_down),
        )
        self._desk = set_desk(around)
        self._front = Front(self._bot, handler_table(self._desk), lost=self._lost)
        self._record = UpdateRecord(around.database)
        self.operators = OperatorChats(
            self._bot, around.operators, self._desk.staffing, around.texts, zone=around.home_zone
        )
        self.summaries = SummaryChats(self._bot, around.library, self._desk.draw)
        self.article_news = ArticleNews(self._bot, around.texts)
        self.messenger = self._find_messenger()

    def _find_messenger(self) -> TelegramMessenger:
        around = self._around
        broadcasts = BroadcastMessenger(
            self._bot,
            Compositions(around.database),
            around.library,
            self._texts,
            is_paid=around.is_paid,
            sent=around.sent,
            public_url=around.links.public_url,
        )
        return TelegramMessenger(
            self._bot,
            around.library,
            self._texts,
            links=around.links,
            is_paid=around.is_paid,
            broadcasts=broadcasts,
        )

    def _texts(self, language: str | None) -> Texts:
        return texts_for(self._around.texts, language)[1]

    @property
    def token_refused_since(self) -> datetime | None:
        """Since when Telegram refuses the token (UTC), None while it takes it."""
        return self._token_watch.refused_since

    @property
    def bot_id(self) -> int:
        """The bot's number on Telegram, which stays when its token is changed."""
        return self._bot.id

    @property
    def username(self) -> str:
        """The bot's name on Telegram, without the @."""
        return self._bot.username

    async def __aenter__(self) -> Self:
        try:
            await self._reach_telegram()
        except BaseException:
            await self._close()
            raise
        return self

    async def _reach_telegram(self) -> None:
        for attempt in range(1, START_TRIES + 1):
            try:
                await self._front.application.initialize()
            except InvalidToken as error:
                raise TokenRefused from error
            except (NetworkError, RetryAfter) as error:
                log.warning("telegram_not_reached", attempt=attempt, reason=error.message)
                if attempt == START_TRIES:
                    raise TelegramUnreachable(error.message) from error
                await asyncio.sleep(START_PAUSE_SECONDS)
            else:
                return

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        await self._front.application.shutdown()
        await self._bot.shutdown()
        # The library closes nothing that was not opened to its end, as after a stop in the middle of it.
        for request in self._requests:
            await request.shutdown()

    def lanes(self, tasks: asyncio.TaskGroup) -> Lanes:
        """Return the lanes that handle updates, with their work in this group."""
        apologise = apology(self._bot, self._sorry)
        return Lanes(self._front.handle, apologise, tasks, is_urgent=is_urgent)

    async def _lost(self, chat_id: ChatId, status: Status) -> None:
        await self._desk.reach.lost(chat_id, status, now=self._around.now())

    async def _sorry(self, update: Update) -> str:
        visit = Visit.of(update, self._bot, self._desk)
        return self._texts(None).apology if visit is None else (await visit.in_chosen_language()).texts.apology

    def polling(self, lanes: Lanes, leadership: Leadership) -> Polling:
        """Return what asks Telegram for updates."""
        return Polling(self._bot, lanes, self._record, leadership, now=self._around.now)

    def webhook(self, lanes: Lanes) -> Webhook:
        """Return what takes updates that Telegram brings."""
        return Webhook(self._bot, lanes, self._record, now=self._around.now)

    async def announce_webhook(self, url: str, *, secret: str) -> None:
        """Tell Telegram where to bring updates."""
        try:
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)
        except TelegramError as error:
            raise TelegramUnreachable(error.message) from error

    async def forget_webhook(self) -> None:
        """Tell Telegram that updates will be asked for, without losing any that wait."""
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            raise TelegramUnreachable(error.message) from error

    def progress_messages(self) -> ProgressMessages:
        """Return what keeps the messages up to date in which operators watch broadcasts go out."""
        around = self._around
        watching, texts = Watching(around.database), self._texts(None)
        return ProgressMessages(self._bot, watching, texts, zone=around.home_zone, now=around.now)

    async def publish(self, former_operators: Collection[int] = ()) -> None:
        """Set commands and descriptions; a failure is logged, because the bot works without them.

        Operators get menus of their own, and those who are none any more lose them.
        """
        try:
            await publish_profile(self._bot, self._around.texts, has_checks=self._around.has_checks)
            operators = await self._desk.staffing.everybody()
        except (TelegramError, StorageUnavailable) as error:
            log.warning("profile_not_published", reason=str(error))
            return
        roles: dict[int, Role | None] = {
            **dict.fromkeys(former_operators),
            **{one.user: one.role for one in operators},
        }
        for user, role in roles.items():
            await self._desk.menus.show(self._bot, user, role)


async def ask_who_we_are(token: str, api_url: str) -> str:
    """Return the bot's username; raises TokenRefused, or TelegramUnreachable when Telegram cannot be asked."""
    # Of its own, the library would read all certificates for a second connection that asks nothing.
    asking, unused = AiohttpRequest(connections=1), AiohttpRequest(connections=1)
    bot: ExtBot[None] = ExtBot(token, base_url=f"{api_url}/bot", request=asking, get_updates_request=unused)
    try:
        async with bot:
            return bot.username
    except InvalidToken as error:
        raise TokenRefused from error
    except TelegramError as error:
        raise TelegramUnreachable(error.message) from error
