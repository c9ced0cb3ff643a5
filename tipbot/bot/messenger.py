"""Brings one delivery to Telegram and says what became of it."""

from collections.abc import Callable

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from tipbot.bot.broadcast_messenger import MATTERS, BroadcastMessenger
from tipbot.bot.notes import render_note
from tipbot.bot.pacing import BULK, Bulk
from tipbot.bot.receipts import receipt_for
from tipbot.bot.rendering import Screen, render_delivery, render_post, with_offer
from tipbot.domain.content import Language, Origin
from tipbot.domain.delivery import Claim, Matter, Receipt, Refused, Retired, Sent
from tipbot.domain.kindness import Note
from tipbot.domain.subscribers import Kind
from tipbot.logs import get_logger
from tipbot.texts import Texts
from tipbot.usecases.booking import BookingLinks
from tipbot.usecases.library import Library

log = get_logger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramMessenger:
    """Renders a delivery at the moment it is sent, so that corrected content reaches people at once."""

    def __init__(
        self,
        bot: ExtBot[Bulk],
        library: Library,
        texts: Callable[[Language], Texts],
        *,
        links: BookingLinks,
        is_paid: bool,
        broadcasts: BroadcastMessenger | None = None,
    ) -> None:
        """Without `broadcasts` there is nobody who could bring one, as in a preview of the content."""
        self._bot = bot
        self._broadcasts = broadcasts
        self._links = links
        self._is_paid = is_paid
        self._library = library
        self._texts = texts

    async def deliver(self, claim: Claim) -> Receipt:
        """Send the message that this claim stands for; Telegram's errors become receipts."""
        if claim.kind in MATTERS and self._broadcasts is not None:
            return await self._broadcasts.deliver(claim)
        try:
            screen = self._screen(claim)
        except Exception as fault:  # surely not sent, and no better at the next try
            log.exception("item_not_rendered", item=claim.item)
            return Refused(f"it cannot be rendered: {type(fault).__name__}")
        if screen is None:
            return Retired()
        try:
            message = await self._bot.send_message(
                claim.chat_id,
                screen.text,
                parse_mode=ParseMode.HTML,
                reply_markup=screen.keyboard,
                link_preview_options=_NO_PREVIEW,
                allow_paid_broadcast=self._is_paid or None,
                rate_limit_args=BULK,
            )
        except TelegramError as error:
            return receipt_for(error)
        return Sent(message.message_id)

    def _screen(self, claim: Claim) -> Screen | None:
        """Return the message, or None for an item that is not there any more."""
        texts, catalogue = self._texts(claim.language), self._library.catalogue
        if claim.kind is Matter.NOTE:
            return render_note(Note(claim.item), texts)
        item = self._library.item(claim.language, claim.item)
        if item is None:
            return None
        if claim.kind is Matter.POST:
            return render_post(item, texts, catalogue, bot=self._bot.username)
        screen = render_delivery(item, texts, catalogue, Kind(claim.kind.value))
        if not claim.has_offer:
            return screen
        return with_offer(screen, texts, catalogue, link=self._links.shown(Origin.TIP))
