"""How a press fits into callback data, and keyboards made of presses.

Callback data comes back from outside, perhaps years later: what is not exactly one of ours decodes to None.
"""

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date, time
from functools import lru_cache
from typing import Any, NamedTuple, get_type_hints

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tipbot.bot.check_presses import CHECK_PRESSES, Answers, EndingNumber, ItemNumbers, Mark
from tipbot.bot.item_presses import ITEM_PRESSES, Page
from tipbot.bot.leafing import LEAFING
from tipbot.bot.presses import PRESSES, Agree, DayOfWeek, Days, Minutes, Press, SourceCode, Zone
from tipbot.bot.presses_of_articles import PRESSES_OF_ARTICLES, ArticleNumber
from tipbot.bot.presses_of_audience import PRESSES_OF_AUDIENCE
from tipbot.bot.presses_of_composing import PRESSES_OF_COMPOSING, Revision
from tipbot.bot.presses_of_operators import PRESSES_OF_OPERATORS, ChannelId
from tipbot.bot.presses_of_rights import PRESSES_OF_RIGHTS, ConsentVersion
from tipbot.bot.presses_of_sending import PRESSES_OF_SENDING, BroadcastNumber
from tipbot.bot.presses_of_staff import (
    DIGEST_BEGINNING,
    PRESSES_OF_STAFF,
    DigestBeginning,
    InvitationCode,
    UserNumber,
)
from tipbot.bot.presses_of_statistics import PRESSES_OF_STATISTICS
from tipbot.bot.presses_of_upkeep import PRESSES_OF_UPKEEP
from tipbot.domain.articles import Step
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import BroadcastId
from tipbot.domain.check import CheckCode
from tipbot.domain.content import ItemId, Language, Origin, PageId, Theme, TherapistId, theme_named
from tipbot.domain.feedback import Opinion
from tipbot.domain.kindness import Wish
from tipbot.domain.operators import Role
from tipbot.domain.subscribers import ChatKind, Kind
from tipbot.domain.weekdays import Weekdays
from tipbot.places import is_zone
from tipbot.usecases.arranging import LONGEST_PAUSE_DAYS
from tipbot.usecases.inviting import CODE

VERSION = "1"
MOST_BYTES = 64  # Telegram answers BUTTON_DATA_INVALID to more
SOURCE_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")  # the alphabet and length of a deep link's start parameter
ITEM_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CONSENT_VERSION = re.compile(r"[0-9a-z.-]{1,16}")
LAST_PAGE = 99
LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2})?")
MOST_OFFSET = 14 * 60  # minutes; no clock on Earth is further from UTC

EVERY_PRESS = (
    *(*PRESSES, *ITEM_PRESSES, *PRESSES_OF_RIGHTS, *LEAFING, *CHECK_PRESSES),
    *(*PRESSES_OF_OPERATORS, *PRESSES_OF_STAFF, *PRESSES_OF_COMPOSING, *PRESSES_OF_AUDIENCE, *PRESSES_OF_SENDING),
    *(*PRESSES_OF_STATISTICS, *PRESSES_OF_ARTICLES, *PRESSES_OF_UPKEEP),
)
_BY_CODE = {press.code: press for press in EVERY_PRESS}


def encode(press: Press) -> str:
    """Return the callback data of a press; raises ValueError when it does not fit into 64 bytes."""
    parts = [write(getattr(press, name)) for name, (write, _) in _FORMS_OF[type(press)].items()]
    data = ":".join((VERSION, press.code, *parts))
    if len(data.encode()) > MOST_BYTES:
        message = f"callback data may have {MOST_BYTES} bytes: {data}"
        raise ValueError(message)
    return data


@lru_cache(maxsize=256)  # every handler of a press asks whether it is meant
def decode(data: str | None) -> Press | None:
    """Return the press that made this callback data, or None for anything unknown, old or garbled."""
    version, code, *values = *(data or "").split(":"), ""
    values = values[:-1]
    kind = _BY_CODE.get(code) if version == VERSION else None
    if kind is None or len(values) != len(_FORMS_OF[kind]):
        return None
    try:
        return kind(*(read(value) for (_, read), value in zip(_FORMS_OF[kind].values(), values, strict=True)))
    except ValueError:
        return None


def button(label: str, press: Press) -> InlineKeyboardButton:
    """Return a button that means `press`."""
    return InlineKeyboardButton(label, callback_data=encode(press))


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Return rows of buttons as a keyboard; empty rows are left out."""
    return InlineKeyboardMarkup([row for row in rows if row])


def in_rows(buttons: list[InlineKeyboardButton], width: int) -> list[list[InlineKeyboardButton]]:
    """Return buttons in rows of this width."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def agree(source: str) -> Agree:
    """Return the press that starts, with as much of the link's code as fits; a code that is none is left out."""
    if not SOURCE_CODE.fullmatch(source):
        return Agree(SourceCode(""))
    return Agree(SourceCode(source[: MOST_BYTES - len(encode(Agree(SourceCode(""))))]))


class _Form(NamedTuple):
    """How the values of one type are written, and read again; reading raises ValueError for anything else."""

    write: Callable[[Any], str]
    read: Callable[[str], object]


def _read_number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        # int() would take spaces, underscores and digits of other scripts as well.
        number = int(text) if re.fullmatch(r"-?[0-9]{1,4}", text) else most + 1
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return read


def _read_row(text: str) -> int:
    """Read the number of a row, or how often it was changed."""
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise ValueError(text)
    return int(text)


def _read_channel(text: str) -> int:
    # Telegram gives channels ids of -100 and ten or more digits.
    if not re.fullmatch(r"-[0-9]{5,16}", text):
        raise ValueError(text)
    return int(text)


def _read_user(text: str) -> int:
    # Telegram gives users ids of at most 52 bits (Bot API, User).
    if not re.fullmatch(r"[1-9][0-9]{0,15}", text):
        raise ValueError(text)
    return int(text)


def _read_time(text: str) -> time:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise ValueError(text)
    return time(int(text[:2]), int(text[2:]))


def _read_date(text: str) -> date:
    if not re.fullmatch(r"[0-9]{8}", text):
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _read_weekdays(text: str) -> Weekdays:
    return Weekdays(_read_number(1, 127)(text))


def _read_zone(text: str) -> str:
    if not is_zone(text):
        raise ValueError(text)
    return text


def _read_source(text: str) -> str:
    if text and not SOURCE_CODE.fullmatch(text):
        raise ValueError(text)
    return text


def _read_like(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text

    return read


def _read_version(text: str) -> str:
    if not CONSENT_VERSION.fullmatch(text):
        raise ValueError(text)
    return text


def _read_language(text: str) -> str:
    if not LANGUAGE.fullmatch(text):
        raise ValueError(text)
    return text


_FORMS: dict[object, _Form] = {
    Kind: _Form(str, Kind),
    ChatKind: _Form(str, ChatKind),
    Purpose: _Form(str, Purpose),
    BroadcastId: _Form(str, _read_row),
    Revision: _Form(str, _read_row),
    Origin: _Form(str, Origin),
    Wish: _Form(str, Wish),
    ItemId: _Form(str, _read_like(ITEM_ID)),
    Theme: _Form(str, theme_named),
    Opinion: _Form(str, Opinion),
    Page: _Form(str, _read_number(0, LAST_PAGE)),
    date: _Form(lambda value: f"{value:%Y%m%d}", _read_date),
    Language: _Form(str, _read_language),
    PageId: _Form(str, _read_like(ITEM_ID)),
    ConsentVersion: _Form(str, _read_version),
    TherapistId: _Form(str, _read_like(ITEM_ID)),
    time: _Form(lambda value: f"{value:%H%M}", _read_time),
    Weekdays: _Form(lambda value: str(value.mask), _read_weekdays),
    bool: _Form(lambda value: str(int(value)), lambda text: bool(_read_number(0, 1)(text))),
    SourceCode: _Form(str, _read_source),
    Zone: _Form(str, _read_zone),
    Days: _Form(str, _read_number(0, LONGEST_PAUSE_DAYS)),
    DayOfWeek: _Form(str, _read_number(0, 6)),
    ChannelId: _Form(str, _read_channel),
    ArticleNumber: _Form(str, _read_row),
    Step: _Form(str, Step),
    Minutes: _Form(str, _read_number(-MOST_OFFSET, MOST_OFFSET)),
    CheckCode: _Form(str, _read_like(re.compile("[a-z][a-z0-9]{1,3}"))),
    Mark: _Form(str, _read_like(re.compile("[0-9a-f]{8}"))),
    Answers: _Form(str, _read_like(re.compile("[0-9]{0,40}"))),
    ItemNumbers: _Form(str, _read_like(re.compile("[0-9a-z]{1,36}"))),
    UserNumber: _Form(str, _read_user),
    Role: _Form(str, Role),
    InvitationCode: _Form(str, _read_like(CODE)),
    DigestBeginning: _Form(str, _read_like(re.compile(f"[0-9a-f]{{{DIGEST_BEGINNING}}}"))),
    EndingNumber: _Form(str, _read_number(0, 99)),
    BroadcastNumber: _Form(str, _read_row),
}


def _forms_of(press: type[Press]) -> dict[str, _Form]:
    hints = get_type_hints(press)
    return {one.name: _FORMS[hints[one.name]] for one in fields(press)}


_FORMS_OF = {press: _forms_of(press) for press in EVERY_PRESS}
