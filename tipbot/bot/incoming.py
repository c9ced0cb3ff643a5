"""Reads what an operator sent or passed on as a part of a broadcast."""

from dataclasses import dataclass

from telegram import LinkPreviewOptions, Message

from tipbot.bot.formatting import html_of
from tipbot.domain.composition import Composition, Part, PartKind


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as a part; `album` is Telegram's mark of the album it belongs to, empty for none."""

    part: Part
    album: str = ""
    preview: LinkPreviewOptions | None = None

    @property
    def composition(self) -> Composition:
        """A composition of this message alone."""
        preview = self.preview
        if preview is None:
            return Composition((self.part,), album=self.album)
        is_large = True if preview.prefer_large_media else False if preview.prefer_small_media else None
        return Composition(
            (self.part,),
            album=self.album,
            preview_url="" if preview.is_disabled else str(preview.url) if preview.url else None,
            is_preview_above=bool(preview.show_above_text),
            is_preview_large=is_large,
        )


def read_message(message: Message) -> Incoming | None:
    """Return a message as a part of a broadcast, or None for what cannot go to many, such as a sticker or a poll.

    Whose message it was, when it was passed on, is left out: subscribers get it from the clinic.
    """
    if message.text is not None:
        part = Part(PartKind.TEXT, html_of(message.text, message.entities), message=message.message_id)
        return Incoming(part, preview=message.link_preview_options)
    found = _media(message)
    if found is None:
        return None
    kind, file = found
    part = Part(
        kind,
        html_of(message.caption or "", message.caption_entities),
        file,
        has_spoiler=bool(message.has_media_spoiler),
        is_caption_above=bool(message.show_caption_above_media),
        message=message.message_id,
    )
    return Incoming(part, message.media_group_id or "")


def _media(message: Message) -> tuple[PartKind, str] | None:
    if message.photo:
        return PartKind.PHOTO, max(message.photo, key=lambda size: size.width * size.height).file_id
    # An animation is a document as well, for programs that know none (Bot API).
    for kind in (PartKind.ANIMATION, PartKind.VIDEO, PartKind.AUDIO, PartKind.VOICE, PartKind.DOCUMENT):
        file = getattr(message, kind.value)
        if file is not None:
            return kind, file.file_id
    return None
