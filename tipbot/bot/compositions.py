"""One way to bring a composition to a chat: for the preview, for tests and for everybody; and to change it there.

Telegram takes no buttons below an album: links follow as the last line of its caption where that fits. Otherwise,
as with an offer's button to stop, they stand in a message of their own after the album.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.payloads import AS_REPLY, NO_PREVIEW, Manner, Payload, send_by_library
from tipbot.bot.presses_of_rights import StopOffers
from tipbot.bot.rendering import escaped
from tipbot.domain.composition import MOST_CAPTION, Composition, LinkButton, Part, PartKind, plain
from tipbot.texts import Texts

_IN_ALBUMS = {
    PartKind.PHOTO: InputMediaPhoto,
    PartKind.VIDEO: InputMediaVideo,
    PartKind.AUDIO: InputMediaAudio,
    PartKind.DOCUMENT: InputMediaDocument,
}
_ALONE = {
    PartKind.PHOTO: ("sendPhoto", "photo"),
    PartKind.VIDEO: ("sendVideo", "video"),
    PartKind.ANIMATION: ("sendAnimation", "animation"),
    PartKind.AUDIO: ("sendAudio", "audio"),
    PartKind.VOICE: ("sendVoice", "voice"),
    PartKind.DOCUMENT: ("sendDocument", "document"),
}
_MAY_BE_VEILED = frozenset({PartKind.PHOTO, PartKind.VIDEO, PartKind.ANIMATION})
_UNCHANGED = "message is not modified"
_NOT_THERE = ("message to delete not found", "message_id_invalid")


@dataclass(frozen=True, slots=True)
class Dressed:
    """A composition as one reader gets it; `tail` is the text of a message that follows an album, or empty."""

    composition: Composition
    keyboard: InlineKeyboardMarkup | None = None
    tail: str = ""

    @property
    def messages(self) -> int:
        """How many messages this is in a chat."""
        return len(self.composition.parts) + bool(self.tail)

    @property
    def excess(self) -> int:
        """By how many characters this is too long for Telegram, 0 where it fits."""
        return max((part.excess for part in self.composition.parts), default=0)


class LeftBehind(Exception):  # noqa: N818 (an answer: nobody can know any more what is in the chat)
    """An album arrived, the message after it did not, and the album could not be taken back."""


def dress(composition: Composition, *, is_offer: bool, clinic: str, texts: Texts) -> Dressed:
    """Return a composition with its links, and below an offer who it is from and the button that ends offers.

    Marketing has to name its sender and give an easy way out in each message (UK: PECR, regulations 22 and 23).
    """
    rows = [[InlineKeyboardButton(link.label, url=link.url)] for link in composition.links]
    if is_offer:
        rows.append([button(texts.button_stop_offers, StopOffers())])
    below = keyboard(*rows) if rows else None
    sender = texts.offer_sender.format(clinic=escaped(clinic))
    if not composition.is_album:
        return Dressed(_with_below(composition, sender) if is_offer else composition, below)
    if is_offer:
        return Dressed(composition, below, sender)
    return _album(composition, below, clinic)


def _album(composition: Composition, below: InlineKeyboardMarkup | None, clinic: str) -> Dressed:
    if below is None:
        return Dressed(composition)
    linked = _with_below(composition, " · ".join(map(_as_link, composition.links)))
    if len(plain(linked.words)) <= MOST_CAPTION:
        return Dressed(linked)
    return Dressed(composition, below, f"<b>{escaped(clinic)}</b>")


def _with_below(composition: Composition, line: str) -> Composition:
    words = composition.parts[composition.leading].html
    return composition.with_words(f"{words}\n\n{line}" if words else line)


def _as_link(link: LinkButton) -> str:
    return f'<a href="{escape(link.url)}">{escaped(link.label)}</a>'


async def send(bot: Bot, chat_id: int, dressed: Dressed, manner: Manner = AS_REPLY) -> list[Message]:
    """Send a composition and return its messages; raises TelegramError, and then nothing of it is in the chat.

    Only an error after which nobody can know leaves that open; LeftBehind says that part of it is there.
    """
    composition = dressed.composition
    if not composition.is_album:
        return [await send_by_library(bot, chat_id, single(dressed), manner)]
    album = [_described(part) for part in composition.parts]
    sent = list(await bot.send_media_group(chat_id, album, **manner))
    if not dressed.tail:
        return sent
    try:
        return [*sent, await _send_tail(bot, chat_id, dressed, manner)]
    except TelegramError as error:
        if not await _took_back(bot, chat_id, sent):
            raise LeftBehind from error
        raise


async def _send_tail(bot: Bot, chat_id: int, dressed: Dressed, manner: Manner) -> Message:
    return await bot.send_message(
        chat_id,
        dressed.tail,
        parse_mode=ParseMode.HTML,
        reply_markup=dressed.keyboard,
        link_preview_options=NO_PREVIEW,
        **manner,
    )


async def _took_back(bot: Bot, chat_id: int, sent: Sequence[Message]) -> bool:
    try:
        return await bot.delete_messages(chat_id, [message.message_id for message in sent])
    except TelegramError:
        return False


def single(dressed: Dressed) -> Payload:
    """Return a composition that is one message and no album."""
    part = dressed.composition.parts[0]
    given: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": dressed.keyboard}
    if part.kind is PartKind.TEXT:
        preview = _preview(dressed.composition)
        return Payload("sendMessage", {"text": part.html, "link_preview_options": preview, **given})
    method, field = _ALONE[part.kind]
    return Payload(method, {field: part.media, "caption": part.html, **_look(part), **given})


def _look(part: Part) -> dict[str, bool]:
    """Return how a picture is shown, as parameters that only pictures take."""
    if part.kind not in _MAY_BE_VEILED:
        return {}
    return {"has_spoiler": part.has_spoiler, "show_caption_above_media": part.is_caption_above}


def _described(part: Part) -> Any:  # noqa: ANN401 (one of the library's kinds of InputMedia)
    return _IN_ALBUMS[part.kind](part.media, caption=part.html, parse_mode=ParseMode.HTML, **_look(part))


def _preview(composition: Composition) -> LinkPreviewOptions | None:
    if composition.preview_url == "":
        return NO_PREVIEW
    return LinkPreviewOptions(
        url=composition.preview_url,
        show_above_text=composition.is_preview_above or None,
        prefer_large_media=True if composition.is_preview_large else None,
        prefer_small_media=True if composition.is_preview_large is False else None,
    )


async def change(
    bot: Bot, chat_id: int, messages: Sequence[int], dressed: Dressed, manner: Manner = AS_REPLY
) -> None:
    """Let messages that were sent show this text or caption, and these links; raises TelegramError.

    What is shown beside the words stays: a picture is changed by taking the message back and sending another.
    """
    composition = dressed.composition
    number = messages[composition.leading]
    below = None if composition.is_album else dressed.keyboard
    if composition.is_text:
        await _unless_unchanged(
            bot.edit_message_text(
                composition.words,
                chat_id,
                number,
                parse_mode=ParseMode.HTML,
                reply_markup=below,
                link_preview_options=_preview(composition),
                **manner,
            )
        )
    else:
        await _change_caption(bot, chat_id, number, dressed, below, manner)
    if dressed.tail and len(messages) == dressed.messages:
        await _unless_unchanged(
            bot.edit_message_text(
                dressed.tail,
                chat_id,
                messages[-1],
                parse_mode=ParseMode.HTML,
                reply_markup=dressed.keyboard,
                link_preview_options=NO_PREVIEW,
                **manner,
            )
        )


async def _change_caption(
    bot: Bot, chat_id: int, number: int, dressed: Dressed, below: InlineKeyboardMarkup | None, manner: Manner
) -> None:
    part = dressed.composition.parts[dressed.composition.leading]
    await _unless_unchanged(
        bot.edit_message_caption(
            chat_id,
            number,
            caption=part.html,
            parse_mode=ParseMode.HTML,
            reply_markup=below,
            show_caption_above_media=part.is_caption_above or None,
            **manner,
        )
    )


async def _unless_unchanged(editing: Any) -> None:  # noqa: ANN401 (what each edit returns is of no use here)
    try:
        await editing
    except BadRequest as refusal:
        if not refusal.message.lower().startswith(_UNCHANGED):
            raise


async def take_back(bot: Bot, chat_id: int, messages: Sequence[int], manner: Manner = AS_REPLY) -> None:
    """Delete messages that were sent; what is gone already is done. Raises TelegramError, as after 48 hours.

    The first is deleted alone: of several at once Telegram does not say which were too old (deleteMessages).
    """
    first, *rest = messages
    try:
        await bot.delete_message(chat_id, first, **manner)
    except BadRequest as refusal:
        if not refusal.message.lower().startswith(_NOT_THERE):
            raise
    for start in range(0, len(rest), 100):
        await bot.delete_messages(chat_id, rest[start : start + 100], **manner)


def without_media(composition: Composition) -> Composition:
    """Return the words of a composition alone, as a text."""
    return replace(composition, parts=(Part(PartKind.TEXT, composition.words),), album="")


def file_id_of(message: Message) -> str:
    """Return what Telegram calls the file of a message that was sent, or nothing for a text."""
    if message.photo:
        return message.photo[-1].file_id
    files = (message.animation, message.video, message.audio, message.voice, message.document)
    return next((file.file_id for file in files if file is not None), "")
