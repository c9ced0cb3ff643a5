"""A word to another operator than the one who is here, in the language they speak with the bot."""

from collections.abc import Callable

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from tipbot.bot.desk import Desk
from tipbot.domain.operators import Operator
from tipbot.logs import get_logger
from tipbot.texts import Texts

log = get_logger(__name__)


async def tell(bot: Bot, desk: Desk, operator: Operator, words: Callable[[Texts], str]) -> None:
    """Send somebody a message; where Telegram does not take it, that is logged and nothing else."""
    try:
        await bot.send_message(
            operator.user,
            words(desk.texts_in(operator.language)),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    except TelegramError as error:
        log.warning("operator_not_told", operators=1, reason=error.message)
