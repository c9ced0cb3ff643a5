"""Brings one delivery of a broadcast to its chat: the message, a correction of it, or its taking back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from telegram.error import TelegramError
from telegram.ext import ExtBot

from tipbot.bot.compositions import Dressed, LeftBehind, change, dress, send, single, take_back
from tipbot.bot.pacing import BULK, Bulk
from tipbot.bot.payloads import Encoded, Manner, encode
from tipbot.bot.post import Post
from tipbot.bot.receipts import receipt_for
from tipbot.domain.audience import Purpose
from tipbot.domain.content import ItemId, Language
from tipbot.domain.delivery import Claim, Matter, NotTried, Receipt, Refused, Sent, Uncertain
from tipbot.domain.subscribers import ChatId
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.texts import Texts
from tipbot.usecases.broadcast_links import counted_links
from tipbot.usecases.compositions import Compositions
from tipbot.usecases.library import Library

log = get_logger(__name__)

MATTERS = frozenset({Matter.BROADCAST, Matter.CORRECTION, Matter.WITHDRAWAL})
# More than go out at once, in more languages than there are.
MOST_MESSAGES = 64
_BULK: Manner = {"rate_limit_args": BULK}


@dataclass(frozen=True, slots=True)
class _Message:
    """What a broadcast is in one language; `letter` is it as bytes, unless it is an album."""

    dressed: Dressed
    letter: Encoded | None = None


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
        sent: Callable[[int | None], object],
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
        self._is_paid = is_paid
        self._manner: Manner = {**_BULK, "allow_paid_broadcast": True} if is_paid else _BULK
        self._post = Post(bot)
        self._edition = library.edition
        self._messages: dict[tuple[ItemId, Language], _Message] = {}
        self._making = asyncio.Lock()

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
        message = await self._message(claim)
        if message is None:
            return Refused(f"there is no broadcast {claim.item}")
        if claim.kind is Matter.CORRECTION:
            await change(self._bot, claim.chat_id, messages, message.dressed, _BULK)
            return Sent(messages[0], messages[1:])
        if message.letter is not None:
            return Sent(await self._post.bring(message.letter, claim.chat_id))
        return await self._send_album(claim.chat_id, message.dressed)

    async def _send_album(self, chat_id: ChatId, dressed: Dressed) -> Sent:
        sent = await send(self._bot, chat_id, dressed, self._manner)
        for _ in sent[1:]:
            self._sent(chat_id)
        return Sent(sent[0].message_id, tuple(message.message_id for message in sent[1:]))

    async def _message(self, claim: Claim) -> _Message | None:
        """Return what a claim brings, made once for all who read it in one language and edition."""
        if self._edition is not self._library.edition or len(self._messages) > MOST_MESSAGES:
            self._edition = self._library.edition
            self._messages.clear()
        what = (claim.item, claim.language)
        if (known := self._messages.get(what)) is not None:
            return known
        # The first hundred of a broadcast set off together: one of them makes the message, the others wait for it.
        async with self._making:
            if (known := self._messages.get(what)) is not None:
                return known
            edition, made = self._library.edition, await self._made(claim)
            if made is not None and edition is self._library.edition:
                self._messages[what] = made
        return made

    async def _made(self, claim: Claim) -> _Message | None:
        broadcast = await self._compositions.find(claim.item)
        if broadcast is None or not broadcast.composition.parts:
            return None
        clinic = self._library.catalogue.clinic.name
        is_offer = broadcast.purpose is Purpose.OFFER
        # What corrects a message counts where the message did.
        composition = counted_links(broadcast.about or broadcast.id, broadcast.composition, self._public_url)
        dressed = dress(composition, is_offer=is_offer, clinic=clinic, texts=self._texts(claim.language))
        if composition.is_album:
            return _Message(dressed)
        return _Message(dressed, encode(single(dressed), is_paid=self._is_paid))
