"""What operators are told by the bot itself, in their private chats with it."""

from collections.abc import Iterable, Mapping

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from tipbot.bot.article_news import trouble_phrase
from tipbot.bot.pacing import Bulk
from tipbot.bot.rendering import escaped
from tipbot.domain.alarms import Alarm, BroadcastStopped, ContentBroken, FeedFailing, ItemRefused
from tipbot.domain.broadcasts import PausedFor
from tipbot.domain.content import Language
from tipbot.logs import get_logger
from tipbot.texts import Texts, texts_for

log = get_logger(__name__)


class OperatorChats:
    """Brings alarms to every operator; one who never started the bot cannot be told, and that is logged."""

    def __init__(self, bot: ExtBot[Bulk], operators: Iterable[int], texts: Mapping[Language, Texts]) -> None:
        self._bot = bot
        self._operators = tuple(sorted(operators))
        self._texts = texts

    async def tell(self, alarm: Alarm) -> None:
        """Send the alarm to every operator."""
        words = words_of(alarm, texts_for(self._texts, None)[1])
        for operator in self._operators:
            await self.bring(operator, words)

    async def bring(self, operator: int, words: str) -> None:
        """Send words, as Telegram's HTML, to one operator."""
        try:
            await self._bot.send_message(
                operator,
                words,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            log.warning("operator_not_told", operators=len(self._operators), reason=error.message)


def words_of(alarm: Alarm, texts: Texts) -> str:
    """Return what operators are told."""
    match alarm:
        case ItemRefused(item, reason):
            return texts.alarm_refused.format(item=escaped(item), reason=escaped(reason))
        case BroadcastStopped(broadcast, why, _):
            return texts.alarm_broadcast_stopped.format(number=broadcast, why=reason_of(why, texts))
        case ContentBroken(machine, faults, first, _):
            return texts.alarm_content_broken.format(
                machine=escaped(machine), number=texts.content_faults.format(number=faults), fault=escaped(first)
            )
        case FeedFailing(trouble, _):
            return texts.alarm_feed_failing.format(why=trouble_phrase(trouble, texts))


def reason_of(why: PausedFor, texts: Texts) -> str:
    """Return why a broadcast stands still, in words."""
    return texts.paused_for[list(PausedFor).index(why)]
