"""How a handler calls a conversation: who may, what comes first, and what happens around it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar

from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)
from telegram.ext import ContextTypes as Types

from tipbot.bot.buttons import SOURCE_CODE, decode
from tipbot.bot.conversations import (
    guessing,
    pausing,
    sharing,
    starting,
)
from tipbot.bot.conversations.reconsenting import noted
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.desk import Desk
from tipbot.bot.operating import channels
from tipbot.bot.presses import Press
from tipbot.bot.rendering import Screen
from tipbot.usecases.errors import NotSubscribed

Handler = BaseHandler[Update, Types.DEFAULT_TYPE, Any]
Conversation = Callable[[Visit], Awaitable[None]]
Pressed = TypeVar("Pressed", bound=Press)

# /urgent is the answer to worrying words itself, and /stop stops before anything else is said.
_BEFORE_WORRIES = frozenset({"urgent", "stop"})


class Who(Enum):
    """Who may say something in a group; alone with the bot everybody decides for themselves."""

    EVERYBODY = auto()
    ADMINISTRATORS = auto()


def command(desk: Desk, name: str, conversation: Conversation, who: Who) -> Handler:
    """Handle a command; alone with the bot, worrying words after it matter more than the command."""
    answer = conversation if name in _BEFORE_WORRIES else unless_worrying(conversation)
    return CommandHandler(name, hearing(desk, answer, who), filters.UpdateType.MESSAGE)


def unless_worrying(conversation: Conversation) -> Conversation:
    """Return a conversation that gives way to worrying words; in groups people talk to each other."""

    async def answer(visit: Visit) -> None:
        is_link = visit.text.startswith("/start") and SOURCE_CODE.fullmatch(visit.words)
        if visit.is_group or is_link or not await guessing.calmed(visit):
            await conversation(visit)

    return answer


async def stop_at_once(visit: Visit) -> None:
    """Stop messages before anything else is said; worrying words beside the command are answered all the same."""
    try:
        await pausing.stop(visit)
    finally:  # whom to call is said even while the database is away
        if not visit.is_group:
            await guessing.calmed(visit)


def sent(desk: Desk, what: filters.BaseFilter, conversation: Conversation) -> Handler:
    """Handle what is sent to the bot alone; in groups people talk to each other."""
    alone = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    return MessageHandler(alone & what, hearing(desk, conversation, Who.EVERYBODY))


@dataclass(frozen=True, slots=True)
class Pressing:
    """What follows a press of one kind, and who may press it in a group."""

    kind: type[Press]
    conversation: Callable[[Visit, Any], Awaitable[None]]
    who: Who
    answers_itself: bool


def pressed(
    kind: type[Pressed],
    conversation: Callable[[Visit, Pressed], Awaitable[None]],
    *,
    who: Who = Who.ADMINISTRATORS,
    answers_itself: bool = False,
    is_noted: bool = True,
) -> Pressing:
    """Say what follows a press; one that `is_noted` is a sign of life, and needs the database after its answer."""
    return Pressing(kind, noted(conversation) if is_noted else conversation, who, answers_itself)


def pressing(desk: Desk, known: Iterable[Pressing]) -> Handler:
    """Handle every press, by its kind; whoever presses what is not known any more hears that it is old."""
    by_kind = {one.kind: one for one in known}

    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        visit = await _visit(update, context, desk)
        press = decode(update.callback_query.data if update.callback_query else None)
        if visit is None:
            return
        if press is None or type(press) not in by_kind:
            await visit.answer(visit.texts.old_button)
            return
        await _follow(visit, press, by_kind[type(press)])

    return CallbackQueryHandler(handle)


async def _follow(visit: Visit, press: Press, known: Pressing) -> None:
    if known.who is Who.ADMINISTRATORS and not await visit.may_change():
        texts = visit.texts
        await visit.answer(texts.channel_only_votes if visit.is_channel else texts.group_administrators_only)
        return
    if not known.answers_itself:
        await visit.answer()
    await _held(visit, known.conversation(visit, press), is_answered=not known.answers_itself)


def hearing(desk: Desk, conversation: Conversation, who: Who) -> Callable[[Update, Types.DEFAULT_TYPE], Any]:
    """Return what answers something said, by people who may say it here."""

    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        visit = await _visit(update, context, desk)
        if visit is None or visit.is_own_advice:
            return
        if who is Who.ADMINISTRATORS and not await visit.may_change():
            await visit.send(Screen(visit.texts.group_administrators_only))
            return
        await _held(visit, conversation(visit))

    return handle


async def _visit(update: Update, context: Types.DEFAULT_TYPE, desk: Desk) -> Visit | None:
    visit = Visit.of(update, context.bot, desk)
    return None if visit is None else await visit.in_chosen_language()


async def _held(visit: Visit, conversation: Awaitable[None], *, is_answered: bool = True) -> None:
    """Let a conversation run; whoever turns out to be a stranger is welcomed instead."""
    try:
        await conversation
    except NotSubscribed:
        if not is_answered:
            await visit.answer()
        await starting.welcome(visit)


def reporting(
    desk: Desk, conversation: Callable[[Visit, Update], Awaitable[None]]
) -> Callable[[Update, Types.DEFAULT_TYPE], Any]:
    """Return what takes in Telegram's own reports about the bot's place in a chat."""

    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        visit = await _visit(update, context, desk)
        if visit is not None:
            await conversation(visit, update)
        elif update.my_chat_member is not None:
            await channels.note_standing(update.my_chat_member, context.bot, desk)

    return handle


def offering(desk: Desk) -> Callable[[Update, Types.DEFAULT_TYPE], Any]:
    """Return what offers advice while somebody types the bot's name in another chat."""

    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        if update.inline_query is not None:
            await sharing.answer(update.inline_query, context.bot, desk)

    return handle
