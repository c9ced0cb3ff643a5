"""The buttons below an item: what is shown there, what it says about the votes given, and changes to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tipbot.bot.buttons import button, decode, keyboard
from tipbot.bot.item_presses import AnotherThemed, GiveVote, Keep, LeaveOut, LetGo, TakeVoteBack, UndoLeaveOut
from tipbot.bot.presses import Another, OpenSettings, Press
from tipbot.domain.content import ItemId, Theme
from tipbot.domain.feedback import Opinion, Vote
from tipbot.domain.subscribers import Kind
from tipbot.texts import Texts


@dataclass(frozen=True, slots=True)
class Below:
    """What is special about the buttons of one message.

    `theme` is the topic or position that "Another" stays with; `in_place_of` was left out for this item.
    """

    is_kept: bool = False
    theme: Theme | None = None
    in_place_of: ItemId | None = None


NOTHING_SPECIAL = Below()


def item_keyboard(item: ItemId, kind: Kind, texts: Texts, below: Below) -> InlineKeyboardMarkup:
    """Return the buttons below an item: two in a row, so that every word can be read on a phone."""
    another = AnotherThemed(below.theme, item) if below.theme else Another(kind)
    undo = below.in_place_of
    return keyboard(
        [button(texts.button_undo_left_out, UndoLeaveOut(undo))] if undo else [],
        [vote_button(item, opinion, texts, None) for opinion in Opinion],
        [keep_button(item, texts, is_kept=below.is_kept), button(texts.button_leave_out, LeaveOut(item))],
        [button(texts.button_another, another), button(texts.button_settings_below, OpenSettings())],
    )


def vote_button(item: ItemId, opinion: Opinion, texts: Texts, vote: Vote | None) -> InlineKeyboardButton:
    """Return the button for an opinion; the one that was given shows it, and takes it back."""
    label = texts.button_helpful if opinion is Opinion.HELPFUL else texts.button_unhelpful
    if vote is None or vote.opinion is not opinion:
        return button(label, GiveVote(item, opinion))
    return button(texts.button_chosen.format(label=label), TakeVoteBack(item, opinion, vote.day))


def keep_button(item: ItemId, texts: Texts, *, is_kept: bool) -> InlineKeyboardButton:
    """Return the button that keeps an item, or lets it go."""
    return button(texts.button_kept, LetGo(item)) if is_kept else button(texts.button_keep, Keep(item))


def vote_shown(markup: InlineKeyboardMarkup, item: ItemId) -> Vote | None:
    """Return the vote that the buttons of a message show for an item."""
    for press in _presses(markup):
        if isinstance(press, TakeVoteBack) and press.item == item:
            return Vote(press.opinion, press.day)
    return None


def is_below(markup: InlineKeyboardMarkup, item: ItemId) -> bool:
    """Say whether these buttons belong to an item, so that its vote can be compared with them."""
    return any(isinstance(press, GiveVote) and press.item == item for press in _presses(markup))


def theme_shown(markup: InlineKeyboardMarkup) -> Theme | None:
    """Return the topic or position that a message stays with."""
    return next((press.theme for press in _presses(markup) if isinstance(press, AnotherThemed)), None)


def redrawn(
    markup: InlineKeyboardMarkup, item: ItemId, texts: Texts, *, vote: Vote | None, is_kept: bool
) -> InlineKeyboardMarkup:
    """Return the buttons with another vote and another star; those that mean something else stay as they are."""

    def changed(press: Press | None) -> InlineKeyboardButton | None:
        match press:
            case GiveVote(own, opinion) | TakeVoteBack(own, opinion, _) if own == item:
                return vote_button(item, opinion, texts, vote)
            case Keep(own) | LetGo(own) if own == item:
                return keep_button(item, texts, is_kept=is_kept)
        return None

    return _changed(markup, changed)


def _changed(
    markup: InlineKeyboardMarkup, change: Callable[[Press | None], InlineKeyboardButton | None]
) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[change(_press(one)) or one for one in row] for row in markup.inline_keyboard])


def _presses(markup: InlineKeyboardMarkup) -> Iterator[Press | None]:
    return (_press(one) for row in markup.inline_keyboard for one in row)


def _press(one: InlineKeyboardButton) -> Press | None:
    return decode(one.callback_data) if isinstance(one.callback_data, str) else None
