"""Notes about the messages themselves, as messages: a question or a word of goodbye, never a reproach."""

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.presses import HowOften, Resume, ShowPause, ShowSettings, StillHere
from tipbot.bot.rendering import Screen
from tipbot.domain.kindness import Note, Wish
from tipbot.texts import Texts


def render_note(note: Note, texts: Texts) -> Screen:
    """Return the message for a note."""
    match note:
        case Note.HOW_OFTEN:
            return Screen(texts.note_how_often, keyboard(_wishes(texts), [_settings(texts)]))
        case Note.STILL_THERE:
            here = button(texts.button_still_here, StillHere())
            less = button(texts.button_less_often, HowOften(Wish.LESS))
            rest = button(texts.button_pause, ShowPause())
            return Screen(texts.note_still_there, keyboard([here], [less, rest]))
        case Note.WEEKLY:
            back = button(texts.button_back_to_plan, StillHere())
            return Screen(texts.note_weekly, keyboard([back], [_settings(texts)]))
        case Note.RESTING:
            return Screen(texts.note_resting, keyboard([button(texts.button_resume, Resume())]))
        case Note.FAREWELL:
            return Screen(texts.note_farewell, keyboard([button(texts.button_keep_me, StillHere())]))


def _wishes(texts: Texts) -> list[InlineKeyboardButton]:
    labels = {
        Wish.MORE: texts.button_more_often,
        Wish.SAME: texts.button_as_often,
        Wish.LESS: texts.button_less_often,
    }
    return [button(label, HowOften(wish)) for wish, label in labels.items()]


def _settings(texts: Texts) -> InlineKeyboardButton:
    return button(texts.button_settings, ShowSettings())
