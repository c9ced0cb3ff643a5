"""Who may come in: operators by their role; strangers are answered as if there were no such thing."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tipbot.bot.conversations import guessing
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import Press
from tipbot.bot.rendering import Screen
from tipbot.domain.operators import Operator, Right
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.errors import NotAllowed, NotAnOperator

log = get_logger(__name__)

Conversation = Callable[[Visit], Coroutine[Any, Any, None]]
# The right press for the conversation is paired in each area's table.
PressConversation = Callable[[Visit, Any], Coroutine[Any, Any, None]]

# Somebody who left in the middle and comes back later starts a new conversation.
AWAITED_FOR = timedelta(hours=12)
_PATIENCE_SECONDS = 1.0


class Spoken(NamedTuple):
    """A command, or words that were asked for: which right it takes, and who answers."""

    right: Right
    conversation: Conversation


class Pressed(NamedTuple):
    """A button: which right it takes, and who answers; one that `answers_itself` shows a toast of its own."""

    right: Right
    conversation: PressConversation
    answers_itself: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """One subject: its commands, its buttons, and what it asks operators to type or send."""

    commands: Mapping[str, Spoken] = field(default_factory=dict)
    presses: Mapping[type[Press], Pressed] = field(default_factory=dict)
    awaited: Mapping[str, Spoken] = field(default_factory=dict)


def for_operators(spoken: Spoken) -> Conversation:
    """Return a conversation for operators; anybody else hears that there is no such command.

    In groups nobody is answered: there TipBot leaves alone what it does not know.
    """

    async def answer(visit: Visit) -> None:
        if visit.is_group:
            return
        operator = await visit.desk.staffing.find(person(visit))
        if operator is None:
            await guessing.read_unknown_command(visit)
            return
        if operator.awaits is not None:
            await visit.desk.staffing.wait_no_more(operator.user)
        await admitted(visit, operator, spoken.right, spoken.conversation(visit))

    return answer


def pressed_by_operators(pressed: Pressed) -> PressConversation:
    """Return what answers a press of an operator; for anybody else the button is an old one."""

    async def answer(visit: Visit, press: Press) -> None:
        operator = await visit.desk.staffing.find(person(visit))
        if operator is None or visit.is_group:
            await visit.answer(visit.texts.old_button)
            return
        if not pressed.answers_itself:
            await visit.answer()
        await admitted(visit, operator, pressed.right, pressed.conversation(visit, press))

    return answer


async def admitted(visit: Visit, operator: Operator, right: Right, conversation: Coroutine[Any, Any, None]) -> None:
    """Let a conversation run for an operator whose role includes it; the use case behind it asks again."""
    if not operator.role.may(right):
        conversation.close()
        await _decline(visit)
        return
    try:
        await conversation
        await visit.desk.staffing.note_language(operator, visit.language)
    except NotAllowed:  # another role since a moment ago
        await _decline(visit)
    except NotAnOperator:  # removed at this moment
        await visit.answer()
        await guessing.read_unknown_command(visit)


async def _decline(visit: Visit) -> None:
    await visit.answer()
    await visit.send(Screen(visit.texts.not_allowed))


def unless_awaited(conversation: Callable[[Visit], Awaitable[None]], awaited: Mapping[str, Spoken]) -> Conversation:
    """Return a conversation that gives way to what an operator was asked to type or send."""

    async def answer(visit: Visit) -> None:
        operator = None if visit.is_group else await _operator(visit)
        wanted = None if operator is None or operator.awaits is None else operator.awaits
        if operator is None or wanted is None or wanted.what not in awaited or _is_over(visit, wanted.since):
            await conversation(visit)
            return
        spoken = awaited[wanted.what]
        await admitted(visit, operator, spoken.right, spoken.conversation(visit))

    return answer


def ending_what_was_asked(conversation: Callable[[Visit], Awaitable[None]]) -> Conversation:
    """Return a conversation after which operators are asked for nothing any more.

    Whoever turned to something else in the middle would otherwise find their next words in a draft.
    """

    async def answer(visit: Visit) -> None:
        try:
            await conversation(visit)
        finally:  # a stranger to the tips may be an operator all the same
            operator = None if visit.is_group else await _operator(visit)
            if operator is not None and operator.awaits is not None:
                await visit.desk.staffing.wait_no_more(operator.user)

    return answer


async def _operator(visit: Visit) -> Operator | None:
    """Return the operator, if the database says in time that this is one: everybody else's words wait for this."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await visit.desk.staffing.find(person(visit))
    except (StorageUnavailable, TimeoutError) as reason:
        log.info("operator_not_known", reason=type(reason).__name__)
        return None


def _is_over(visit: Visit, since: datetime) -> bool:
    return visit.now - since > AWAITED_FOR


def person(visit: Visit) -> int:
    """Return the user id of whoever came; nobody has the number 0."""
    return 0 if visit.user is None else visit.user.id
