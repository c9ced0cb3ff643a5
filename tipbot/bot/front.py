"""The front desk: one update goes through the handler table, and what a handler raised comes out again.

That somebody has blocked the bot, perhaps a moment after they wrote, is no fault: it is noted.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Update
from telegram.error import BadRequest, Forbidden
from telegram.ext import Application, ApplicationBuilder, BaseHandler, CallbackContext, ExtBot

from tipbot.bot.pacing import Bulk, TurnedAway
from tipbot.bot.receipts import receipt_for
from tipbot.domain.delivery import Vanished
from tipbot.domain.subscribers import ChatId, Status
from tipbot.logs import get_logger

log = get_logger(__name__)

# The library's context type has four parameters of which none is used here.
AnyApplication = Application[Any, Any, Any, Any, Any, Any]
AnyHandler = BaseHandler[Update, Any, Any]


class Front:
    """Runs the library's dispatcher without its updater, which would confirm updates before they are handled."""

    def __init__(
        self,
        bot: ExtBot[Bulk],
        handlers: Sequence[AnyHandler],
        *,
        lost: Callable[[ChatId, Status], Awaitable[None]],
    ) -> None:
        """`lost` is told which chat takes no messages any more, and how that is called."""
        self._lost = lost
        self.application: AnyApplication = ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()
        self.application.add_handlers(list(handlers))
        self.application.add_error_handler(self._note_error)
        self._errors: dict[int, Exception] = {}

    async def handle(self, update: Update) -> None:
        """Handle one update; raises whatever its handler raised."""
        await self.application.process_update(update)
        error = self._errors.pop(update.update_id, None)
        if isinstance(error, TurnedAway):
            is_gone = isinstance(receipt_for(error), Vanished)
            await self._lost(error.chat_id, Status.GONE if is_gone else Status.BLOCKED)
            log.info("reply_not_wanted", update=update.update_id, reason=error.message)
        elif error is not None:
            raise error

    async def _note_error(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Keep a handler's error for the caller: the library itself would only log it."""
        if isinstance(update, Update) and context.error is not None:
            self._errors[update.update_id] = context.error


def apology(bot: ExtBot[Bulk], text: Callable[[Update], Awaitable[str]]) -> Callable[[Update], Awaitable[None]]:
    """Return what says sorry after a handler failed; `text` gives the words for whoever sent the update."""

    async def apologise(update: Update) -> None:
        words = await text(update)
        try:
            if update.callback_query is not None:
                await bot.answer_callback_query(update.callback_query.id, text=words, show_alert=True)
            elif update.effective_message is not None:
                await bot.send_message(update.effective_message.chat_id, words)
        except (Forbidden, BadRequest) as error:
            # Whoever blocked the bot meanwhile, or pressed too long ago, cannot be told and need not be.
            log.info("apology_not_wanted", update=update.update_id, reason=error.message)

    return apologise
