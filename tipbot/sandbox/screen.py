"""What a person sees: messages with their buttons, as values for tests and pages to read."""

from dataclasses import dataclass
from typing import Any

from tipbot.sandbox.formatting import as_html
from tipbot.sandbox.messages import Message


class NoSuchButtonError(LookupError):
    """There is no button of that name on the screen."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button; `data` goes to the bot, `url` opens a page, a button below the text field has neither."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as it looked when the screen was read."""

    message_id: int
    chat_id: int
    text: str
    entities: tuple[dict[str, Any], ...]
    html: str
    buttons: tuple[tuple[Button, ...], ...]
    media: str | None
    edited: bool
    from_bot: bool
    deleted: bool
    reply_to: int | None
    content: dict[str, Any]

    @property
    def labels(self) -> list[list[str]]:
        """The words on the buttons, row by row."""
        return [[button.label for button in row] for row in self.buttons]

    def button(self, label: str) -> Button:
        """Return the button with exactly this label; raises NoSuchButtonError naming those there are."""
        for row in self.buttons:
            for button in row:
                if button.label == label:
                    return button
        reason = f"no button {label!r} under message {self.message_id}; there are {self.labels}"
        raise NoSuchButtonError(reason)


def shown(message: Message) -> Shown:
    """Return the message as it looks now."""
    formatted = message.formatted
    return Shown(
        message_id=message.message_id,
        chat_id=message.chat.id,
        text=formatted.text,
        entities=formatted.entities,
        html=as_html(formatted),
        buttons=tuple(tuple(_button(button) for button in row) for row in message.inline_keyboard),
        media=message.media,
        edited=message.edit_date is not None,
        from_bot=message.sender.is_bot,
        deleted=message.deleted,
        reply_to=message.reply_to.message_id if message.reply_to else None,
        content=message.content,
    )


def _button(button: dict[str, Any]) -> Button:
    return Button(button["text"], button.get("callback_data"), button.get("url"))
