"""What an operator sees when a draft is not what they think: gone, changed by somebody else, or on its way."""

from collections.abc import Callable, Coroutine
from typing import Any

from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.door import person
from tipbot.bot.operating.previewing import open_draft
from tipbot.bot.rendering import Screen
from tipbot.usecases.errors import ChangedMeanwhile, NoSuchBroadcast, WrongMoment

Typed = Callable[[Visit], Coroutine[Any, Any, None]]
Pressing = Callable[[Visit, Any], Coroutine[Any, Any, None]]


def forgiving(conversation: Pressing) -> Pressing:
    """Return what answers a press on a draft, whatever has become of the draft."""

    async def answer(visit: Visit, press: Any) -> None:  # noqa: ANN401 (each table pairs it with its conversation)
        try:
            await conversation(visit, press)
        except ChangedMeanwhile:
            draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
            await open_draft(visit, draft, visit.texts.compose_changed)
        except NoSuchBroadcast:
            await visit.show(Screen(visit.texts.compose_gone))
        except WrongMoment:
            # A new message: the one with the button may show by now how it goes out.
            await visit.send(Screen(visit.texts.compose_too_late))

    return answer


def forgiving_typed(conversation: Typed) -> Typed:
    """Return what answers something typed or sent for a draft, whatever has become of the draft."""

    async def answer(visit: Visit) -> None:
        try:
            await conversation(visit)
        except NoSuchBroadcast:
            await visit.desk.staffing.wait_no_more(person(visit))
            await visit.send(Screen(visit.texts.compose_gone))
        except WrongMoment:
            await visit.desk.staffing.wait_no_more(person(visit))
            await visit.send(Screen(visit.texts.compose_too_late))

    return answer


async def awaited_draft(visit: Visit) -> int:
    """Return the number of the draft that something was asked for."""
    operator = await visit.desk.staffing.find(person(visit))
    return 0 if operator is None or operator.awaits is None else operator.awaits.about
