"""What operators are told by the bot itself, in their private chats with it."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from tipbot.bot.article_news import trouble_phrase
from tipbot.bot.rendering import escaped
from tipbot.domain.alarms import (
    Alarm,
    BroadcastStopped,
    ContentBroken,
    DatabaseRestored,
    DeliveriesLate,
    FeedFailing,
    ItemRefused,
    TokenWasRefused,
)
from tipbot.domain.broadcasts import PausedFor
from tipbot.domain.content import Language
from tipbot.domain.operators import Right
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.texts import Texts, texts_for
from tipbot.usecases.staffing import Staffing

log = get_logger(__name__)

_PATIENCE_SECONDS = 3.0


class OperatorChats:
    """Brings alarms to everybody who may do something about them; one who cannot be written to holds nobody up.

    While the database is away they go to `owners`, whom the settings name. Moments are shown in the IANA `zone`.
    """

    def __init__(
        self,
        bot: Bot,
        owners: Collection[int],
        staffing: Staffing,
        texts: Mapping[Language, Texts],
        *,
        zone: str,
    ) -> None:
        self._bot = bot
        self._owners = owners
        self._staffing = staffing
        self._texts = texts
        self._zone = zone

    async def tell(self, alarm: Alarm) -> bool:
        """Send the alarm to every operator; return False when nobody could be reached."""
        reached = [
            await self._reached(user, words_of(alarm, texts_for(self._texts, language)[1], self._zone))
            for user, language in await self._whom()
        ]
        return any(reached)

    async def bring(self, operator: int, words: str) -> None:
        """Send words, as Telegram's HTML, to one operator."""
        await self._reached(operator, words)

    async def _reached(self, operator: int, words: str) -> bool:
        try:
            await self._bot.send_message(
                operator,
                words,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            log.warning("operator_not_told", operators=1, reason=error.message)
            return False
        return True

    async def _whom(self) -> list[tuple[int, Language | None]]:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                everybody = await self._staffing.everybody()
            return [(one.user, one.language) for one in everybody if one.role.may(Right.SEND)]
        except (StorageUnavailable, TimeoutError) as outage:
            log.warning("operators_not_known", reason=str(outage))
            return [(owner, None) for owner in sorted(self._owners)]


def words_of(alarm: Alarm, texts: Texts, zone: str) -> str:
    """Return what operators are told; moments are shown as clocks in this IANA zone do."""
    match alarm:
        case ItemRefused(item, reason):
            return texts.alarm_refused.format(item=escaped(item), reason=escaped(reason))
        case BroadcastStopped(broadcast, why, _):
            return texts.alarm_broadcast_stopped.format(number=broadcast, why=reason_of(why, texts))
        case FeedFailing(trouble, _):
            return texts.alarm_feed_failing.format(why=trouble_phrase(trouble, texts))
        case ContentBroken(machine, faults, first, _):
            number = texts.content_faults.format(number=faults)
            return texts.alarm_content_broken.format(machine=escaped(machine), number=number, fault=escaped(first))
        case _:
            return _words_of_times(alarm, texts, zone)


def _words_of_times(alarm: DeliveriesLate | DatabaseRestored | TokenWasRefused, texts: Texts, zone: str) -> str:
    match alarm:
        case DeliveriesLate(since):
            return texts.alarm_late.format(since=_moment(since, texts, zone))
        case DatabaseRestored(_, since):
            known = texts.restored_since_unknown if since is None else _moment(since, texts, zone)
            return texts.alarm_restored.format(since=known)
        case TokenWasRefused(since, until):
            return texts.alarm_token.format(since=_moment(since, texts, zone), until=_moment(until, texts, zone))


def reason_of(why: PausedFor, texts: Texts) -> str:
    """Return why a broadcast stands still, in words."""
    return texts.paused_for[list(PausedFor).index(why)]


def _moment(moment: datetime, texts: Texts, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    weekday = texts.weekdays[local.weekday()]
    return texts.on_date.format(weekday=weekday, day=local.day, month=local.month, time=f"{local:%H:%M}")
