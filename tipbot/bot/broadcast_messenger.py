"""Brings one delivery of a broadcast to its chat: the message, a correction of it, or its taking back."""

from collections.abc import Callable

from telegram.error import TelegramError
from telegram.ext import ExtBot

from tipbot.bot.compositions import Dressed, LeftBehind, Manner, change, dress, send, take_back
from tipbot.bot.pacing import BULK, Bulk
from tipbot.bot.receipts import receipt_for
from tipbot.domain.audience import Purpose
from tipbot.domain.content import Language
from tipbot.domain.delivery import Claim, Matter, NotTried, Receipt, Refused, Sent, Uncertain
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.texts import Texts
from tipbot.usecases.broadcast_links import counted_links
from tipbot.usecases.compositions import Compositions
from tipbot.usecases.library import Library

log = get_logger(__name__)

MATTERS = frozenset({Matter.BROADCAST, Matter.CORRECTION, Matter.WITHDRAWAL})
_BULK: Manner = {"rate_limit_args": BULK}


class BroadcastMessenger:
    """Does what operators decided; it never raises."""

    def __init__(
        self,
        bot: ExtBot[Bulk],
        compositions: Compositions,
        library: Library,
        texts: Callable[[Language], Texts],
        *,
        is_paid: bool,
        sent: Callable[[int | None], None],
        public_url: str | None = None,
    ) -> None:
        """`sent` counts the further messages of an album, for the pace knows of one each delivery.

        With a `public_url` buttons lead through it, so that presses are counted.
        """
        self._public_url = public_url
        self._bot = bot
        self._compositions = compositions
        self._library = library
        self._texts = texts
        self._sent = sent
        self._manner: Manner = {**_BULK, "allow_paid_broadcast": True} if is_paid else _BULK

    async def deliver(self, claim: Claim) -> Receipt:
        """Do what this claim stands for; Telegram's errors become receipts."""
        try:
            return await self._deliver(claim)
        except StorageUnavailable as outage:
            return NotTried(f"the database is away: {outage}")
        except LeftBehind:
            return Uncertain("the album arrived without the message that follows it")
        except TelegramError as error:
            return receipt_for(error)

    async def _deliver(self, claim: Claim) -> Receipt:
        messages = () if claim.target is None else (claim.target, *claim.also)
        if claim.kind is not Matter.BROADCAST and not messages:
            return Refused("it is not known which message to change")
        if claim.kind is Matter.WITHDRAWAL:
            await take_back(self._bot, claim.chat_id, messages, _BULK)
            return Sent(messages[0], messages[1:])
        dressed = await self._dressed(claim)
        if dressed is None:
            return Refused(f"there is no broadcast {claim.item}")
        if claim.kind is Matter.CORRECTION:
            await change(self._bot, claim.chat_id, messages, dressed, _BULK)
            return Sent(messages[0], messages[1:])
        sent = await send(self._bot, claim.chat_id, dressed, self._manner)
        for _ in sent[1:]:
            self._sent(claim.chat_id)
        return Sent(sent[0].message_id, tuple(message.message_id for message in sent[1:]))

    async def _dressed(self, claim: Claim) -> Dressed | None:
        broadcast = await self._compositions.find(claim.item)
        if broadcast is None or not broadcast.composition.parts:
            return None
        clinic = self._library.catalogue.clinic.name
        is_offer = broadcast.purpose is Purpose.OFFER
        # What corrects a message counts where the message did.
        composition = counted_links(broadcast.about or broadcast.id, broadcast.composition, self._public_url)
        return dress(composition, is_offer=is_offer, clinic=clinic, texts=self._texts(claim.language))
