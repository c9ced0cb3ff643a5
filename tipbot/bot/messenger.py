"""Brings one delivery to Telegram and says what became of it."""

from collections.abc import Callable

from telegram.error import TelegramError
from telegram.ext import ExtBot

from tipbot.bot.broadcast_messenger import MATTERS, BroadcastMessenger
from tipbot.bot.notes import render_note
from tipbot.bot.pacing import Bulk
from tipbot.bot.payloads import Encoded, encode, message_of
from tipbot.bot.post import Post
from tipbot.bot.receipts import receipt_for
from tipbot.bot.rendering import Screen, render_delivery, render_post, with_offer
from tipbot.domain.content import ItemId, Language, Origin
from tipbot.domain.delivery import Claim, Matter, Receipt, Refused, Retired, Sent
from tipbot.domain.kindness import Note
from tipbot.domain.subscribers import Kind
from tipbot.logs import get_logger
from tipbot.texts import Texts
from tipbot.usecases.booking import BookingLinks
from tipbot.usecases.library import Library

log = get_logger(__name__)


class TelegramMessenger:
    """Sends a delivery as the content in use has it, so that corrected content reaches people at once."""

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
        self._post = Post(bot)
        self._edition = library.edition
        self._letters: dict[tuple[Matter, ItemId, Language, bool], Encoded | None] = {}

    async def deliver(self, claim: Claim) -> Receipt:
        """Send the message that this claim stands for; Telegram's errors become receipts."""
        if claim.kind in MATTERS and self._broadcasts is not None:
            return await self._broadcasts.deliver(claim)
        try:
            letter = self._letter(claim)
        except Exception as fault:  # surely not sent, and no better at the next try
            log.exception("item_not_rendered", item=claim.item)
            return Refused(f"it cannot be rendered: {type(fault).__name__}")
        if letter is None:
            return Retired()
        try:
            return Sent(await self._post.bring(letter, claim.chat_id))
        except TelegramError as error:
            return receipt_for(error)

    def _letter(self, claim: Claim) -> Encoded | None:
        """Return the message, made once for all who get it in this edition; None for what is not there any more."""
        if self._edition is not self._library.edition:
            self._edition = self._library.edition
            self._letters.clear()
        what = (claim.kind, claim.item, claim.language, claim.has_offer)
        if what not in self._letters:
            screen = self._screen(claim)
            self._letters[what] = None if screen is None else encode(message_of(screen), is_paid=self._is_paid)
        return self._letters[what]

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
