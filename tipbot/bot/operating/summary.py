"""The weekly summary as a message to operators: the picture of the week and a few sentences."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from tipbot.bot.operating.numbers import NumberWords, arrivals
from tipbot.bot.operating.statistics import NO_CHOICE, statistics_keyboard
from tipbot.charts import NotDrawn, Picture
from tipbot.logs import get_logger
from tipbot.texts import Texts, texts_for
from tipbot.usecases.library import Library
from tipbot.usecases.summarising import Week

log = get_logger(__name__)


class SummaryChats:
    """Brings the summary to each operator alone; one who cannot be written to holds nobody up."""

    def __init__(self, bot: ExtBot[Any], library: Library, draw: Callable[[Picture], Awaitable[bytes]]) -> None:
        self._bot = bot
        self._library = library
        self._draw = draw

    async def bring(self, week: Week, operators: Sequence[int]) -> None:
        """Send the summary to these operators, in the words of this moment."""
        language, texts = texts_for(self._library.texts, None)
        numbers = NumberWords(texts, language, self._library.catalogue)
        words = summary(week, numbers, texts)
        below = statistics_keyboard(texts, NO_CHOICE, wants_summary=True)
        try:
            picture = await self._draw(numbers.picture(week.statistics, texts.summary_title))
        except NotDrawn:
            log.warning("picture_not_drawn")
            picture = None
        for operator in operators:
            try:
                await self._send(operator, picture, words, below)
            except TelegramError as error:
                log.warning("operator_not_told", operators=len(operators), reason=error.message)

    async def _send(self, operator: int, picture: bytes | None, words: str, below: InlineKeyboardMarkup) -> None:
        if picture is None:
            await self._bot.send_message(operator, words, parse_mode=ParseMode.HTML, reply_markup=below)
        else:
            await self._bot.send_photo(
                operator, picture, caption=words, parse_mode=ParseMode.HTML, reply_markup=below
            )


def summary(week: Week, numbers: NumberWords, texts: Texts) -> str:
    """Return a few sentences on a week, each compared with the week before."""
    now, before = week.statistics, week.before
    (arrived, every), (arrived_before, every_before) = arrivals(now), arrivals(before)
    sentences = (
        texts.stats_heading.format(title=texts.summary_title, period=numbers.period(now)),
        texts.summary_people.format(
            came=numbers.number(now.came),
            left=numbers.number(now.left),
            came_before=numbers.number(before.came),
            left_before=numbers.number(before.left),
            members=numbers.number(now.members),
        ),
        texts.summary_messages.format(
            arrived=numbers.number(arrived),
            all=numbers.number(every),
            arrived_before=numbers.number(arrived_before),
            all_before=numbers.number(every_before),
        ),
        texts.summary_votes.format(votes=numbers.number(now.votes), before=numbers.number(before.votes)),
        texts.summary_more,
    )
    return "\n\n".join(sentences)
