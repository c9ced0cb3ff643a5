"""One update as the conversations see it: who came, where, and how to answer them."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Self

from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardMarkup,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import BadRequest, TelegramError

from tipbot.bot.desk import Desk
from tipbot.bot.payloads import NO_PREVIEW, send_by_library, text_message
from tipbot.bot.rendering import Screen
from tipbot.domain.content import Language
from tipbot.domain.subscribers import ChatId, Subscription
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.texts import Texts
from tipbot.usecases.errors import NotSubscribed

log = get_logger(__name__)

# What Telegram says when there is nothing to edit: deleted, too old, or a picture.
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message_id_invalid",
)
# The urgent signs must not wait for a database that does not answer.
_PATIENCE_SECONDS = 1.0


class Placed(NamedTuple):
    """In which message something is shown, and whether it was not before."""

    message: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody wrote or pressed something; `now` is UTC and the same for all that follows from it."""

    desk: Desk
    bot: Bot
    chat_id: ChatId
    is_group: bool
    user: User | None
    message: Message | None
    query: CallbackQuery | None
    now: datetime
    chosen: Language | None = None

    @classmethod
    def of(cls, update: Update, bot: Bot, desk: Desk) -> Self | None:
        """Return the visit behind an update, or None where there is no chat to answer in.

        In a channel only presses are visits: the clinic speaks there, and nobody else.
        """
        chat = update.effective_chat
        if chat is None or (chat.type == ChatType.CHANNEL and update.callback_query is None):
            return None
        return cls(
            desk=desk,
            bot=bot,
            chat_id=ChatId(chat.id),
            is_group=chat.type != ChatType.PRIVATE,
            user=update.effective_user,
            message=update.message,
            query=update.callback_query,
            now=desk.now(),
        )

    async def in_chosen_language(self) -> Self:
        """Return the visit with the language that its chat chose, if that is known.

        While the database is away the language of the person's Telegram has to do.
        """
        if len(self.desk.texts) == 1:
            return self
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                chosen = await self.desk.join.language_of(self.chat_id)
        except (StorageUnavailable, TimeoutError) as reason:
            log.info("language_not_known", reason=type(reason).__name__)
            return self
        return self if chosen is None else replace(self, chosen=chosen)

    @property
    def language_code(self) -> str | None:
        """The IETF tag of what the chat chose, else of the person's Telegram, which may be absent."""
        return self.chosen or (self.user.language_code if self.user else None)

    @property
    def language(self) -> Language:
        """The language that TipBot speaks with this person, before anything else is known of them."""
        return self.desk.language_of(self.language_code)

    @property
    def texts(self) -> Texts:
        """The words for this chat."""
        return self.desk.texts_in(self.language_code)

    def in_any_language(self, words: Callable[[Texts], Iterable[str]]) -> tuple[str, ...]:
        """Return words as they may be typed: in every language there is, because people mix them."""
        return tuple(dict.fromkeys(word for texts in self.desk.texts.values() for word in words(texts)))

    @property
    def text(self) -> str:
        """What the person typed, be it below a picture."""
        return (self.message.text or self.message.caption if self.message else None) or ""

    @property
    def is_own_advice(self) -> bool:
        """Say whether the person passed on what the bot offered: it comes back here too, and needs no answer."""
        via = self.message.via_bot if self.message else None
        return via is not None and via.id == self.bot.id

    @property
    def words(self) -> str:
        """What the person typed after the command."""
        return " ".join(self.text.split()[1:])

    def texts_of(self, subscription: Subscription) -> Texts:
        """Return the words in the language that the chat chose."""
        return self.desk.texts_in(subscription.subscriber.language)

    @property
    def is_channel(self) -> bool:
        """Whether this is a press below a post in a channel."""
        message = self.query.message if self.query is not None else None
        return message is not None and message.chat.type == ChatType.CHANNEL

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """The buttons below the pressed message, or None where Telegram does not say: deleted, or very old."""
        message = self.query.message if self.query is not None else None
        return message.reply_markup if isinstance(message, Message) else None

    async def look_up(self) -> Subscription | None:
        """Return what this chat has ordered, or None for a stranger."""
        return await self.desk.join.look_up(self.chat_id)

    async def known(self) -> Subscription:
        """Return what this chat has ordered; raises NotSubscribed for a stranger."""
        subscription = await self.look_up()
        if subscription is None:
            raise NotSubscribed
        return subscription

    async def may_change(self) -> bool:
        """Say whether this person decides here: always alone with the bot, in a group as an administrator.

        Nobody does below a post in a channel: what comes there, an operator decides alone with the bot.
        """
        if self.is_channel:
            return False
        if not self.is_group:
            return True
        if self.message is not None and self.message.sender_chat is not None:
            # An anonymous administrator writes in the name of the group itself; anybody else of a channel.
            return self.message.sender_chat.id == self.chat_id
        if self.user is None:
            return False
        try:
            member = await self.bot.get_chat_member(self.chat_id, self.user.id)
        except BadRequest:  # Telegram does not know them here (any more)
            return False
        return member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}

    async def answer(self, toast: str | None = None) -> None:
        """Answer a press, so that the button stops waiting; where that fails, the rest happens all the same."""
        if self.query is None:
            return
        try:
            await self.query.answer(toast)
        except TelegramError as error:
            # Too late, or Telegram has trouble: what was pressed for matters more than a button that spins.
            log.info("press_not_answered", reason=error.message)

    async def show(self, screen: Screen) -> bool:
        """Show a screen in place of the message whose button was pressed, or as a new message.

        Returns False where it stood there already, as after a second press of the same button.
        """
        return (await self.place(screen)).is_new

    async def place(self, screen: Screen) -> Placed:
        """Show a screen like that, and return in which message, and whether it stood there already."""
        if self.query is None or self.query.message is None:
            return Placed((await self.send(screen)).message_id, is_new=True)
        try:
            await self.bot.edit_message_text(
                screen.text,
                chat_id=self.chat_id,
                message_id=self.query.message.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=screen.keyboard,
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as refusal:
            reason = refusal.message.lower()
            if reason.startswith(_NOT_EDITABLE):
                return Placed((await self.send(screen)).message_id, is_new=True)
            if reason.startswith("message is not modified"):
                return Placed(self.query.message.message_id, is_new=False)
            raise
        return Placed(self.query.message.message_id, is_new=True)

    async def change_keyboard(self, markup: InlineKeyboardMarkup) -> bool:
        """Change the buttons of the pressed message alone; return False where they are just like that already."""
        if self.query is None or self.query.message is None:
            return True
        try:
            await self.bot.edit_message_reply_markup(
                self.chat_id, self.query.message.message_id, reply_markup=markup
            )
        except BadRequest as refusal:
            reason = refusal.message.lower()
            if reason.startswith("message is not modified"):
                return False
            if not reason.startswith(_NOT_EDITABLE):
                raise
        return True

    async def send(self, screen: Screen) -> Message:
        """Send a screen as a new message and return it."""
        return await self._send(screen.text, screen.keyboard)

    async def send_file(self, content: bytes, name: str, caption: str) -> None:
        """Send a file with some words below it; Telegram takes at most 1024 characters of them."""
        await self.bot.send_document(
            self.chat_id, content, filename=name, caption=caption, parse_mode=ParseMode.HTML
        )

    async def send_below(self, text: str, below: ReplyKeyboardMarkup | ReplyKeyboardRemove) -> None:
        """Send a message that changes the keyboard below the text field."""
        await self._send(text, below)

    async def _send(
        self, text: str, markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None
    ) -> Message:
        message = text_message(text, markup)
        return await send_by_library(self.bot, self.chat_id, message, {"message_thread_id": self._topic})

    @property
    def _topic(self) -> int | None:
        """The topic of a group with topics in which this visit takes place; an answer elsewhere would be lost."""
        message = self.query.message if self.query is not None else self.message
        is_in_topic = isinstance(message, Message) and message.is_topic_message
        return message.message_thread_id if isinstance(message, Message) and is_in_topic else None
