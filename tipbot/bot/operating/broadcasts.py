"""Conversations with operators about broadcasts as they stand: the list, one of them, hold, go on, cancel."""

from collections.abc import Callable, Coroutine
from typing import Any

from tipbot.bot.broadcast_screens import Many, Reader, broadcast_list, card, title_of
from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.door import person
from tipbot.bot.operating.previewing import open_draft
from tipbot.bot.presses import Press
from tipbot.bot.presses_of_sending import (
    AskCancel,
    BroadcastNumber,
    CancelBroadcast,
    ChangeScheduled,
    PauseBroadcast,
    ResumeBroadcast,
    ResumeKnowingly,
    ShowBroadcast,
    ShowBroadcasts,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.broadcasts import Broadcast, BroadcastStatus
from tipbot.domain.operators import Right
from tipbot.usecases.errors import ChangeUnderWay, MayBeDouble, NoSuchBroadcast, NotReady, Unready, WrongMoment

ON_A_PAGE = 8

Conversation = Callable[[Visit, Any], Coroutine[Any, Any, None]]


def as_it_stands(conversation: Conversation) -> Conversation:
    """Return a conversation that shows how things stand where what was asked for does not fit (any more)."""

    async def answer(visit: Visit, press: Any) -> None:  # noqa: ANN401 (paired with its press in the table)
        try:
            await conversation(visit, press)
        except NoSuchBroadcast:
            await elsewhere(visit, Screen(visit.texts.broadcast_gone))
        except WrongMoment:
            await show_standing(visit, press.number)
        except ChangeUnderWay as change:
            await show_standing(visit, change.number)
        except NotReady as missing:
            await elsewhere(visit, _not_ready(visit, press, missing.reason))

    return answer


def _not_ready(visit: Visit, press: Press, reason: Unready) -> Screen:
    texts = visit.texts
    back = button(texts.button_back, ShowBroadcast(_number_of(press)))
    match reason:
        case Unready.STILL_IN_AIR:
            return Screen(texts.still_in_air, keyboard([button(texts.button_try_again, press), back]))
        case Unready.TOO_OLD:
            return Screen(texts.take_back_too_late, keyboard([back]))
    return Screen(texts.nobody_left, keyboard([back]))


def _number_of(press: Press) -> BroadcastNumber:
    return BroadcastNumber(getattr(press, "number", 0))


async def show_progress(visit: Visit, broadcast: Broadcast) -> None:
    """Show an operator how a broadcast goes out, in a message that changes by itself from now on."""
    await show_standing(visit, broadcast.id)


async def show_standing(visit: Visit, number: int) -> None:
    """Show how a broadcast stands, in a message that follows it from now on; raises NoSuchBroadcast."""
    desk = visit.desk
    progress = await desk.broadcasting.look(number, operator=person(visit), now=visit.now)
    shown = await visit.place(card(progress, await reader_of(visit)))
    await desk.watching.begin(progress, chat=visit.chat_id, message=shown.message)


async def follow(visit: Visit, number: int, message: int) -> None:
    """Let a message that says how a broadcast stands follow it from now on."""
    progress = await visit.desk.broadcasting.look(number, operator=person(visit), now=visit.now)
    await visit.desk.watching.begin(progress, chat=visit.chat_id, message=message)


async def elsewhere(visit: Visit, screen: Screen) -> None:
    """Show something else in the place of a message that may have followed a broadcast until now."""
    if visit.query is not None and visit.query.message is not None:
        await visit.desk.watching.leave(chat=visit.chat_id, message=visit.query.message.message_id)
    await visit.show(screen)


async def reader_of(visit: Visit) -> Reader:
    """Return who looks."""
    operator = await visit.desk.staffing.find(person(visit))
    may_send = operator is not None and operator.role.may(Right.SEND)
    return Reader(visit.texts, visit.desk.home_zone, visit.now, may_send)


async def broadcasts(visit: Visit) -> None:
    """Answer /broadcasts."""
    await visit.send(await _list(visit, 0))


async def show_broadcasts(visit: Visit, press: ShowBroadcasts) -> None:
    """Leaf through the list."""
    await elsewhere(visit, await _list(visit, press.page))


async def _list(visit: Visit, page: int) -> Screen:
    offset = page * ON_A_PAGE
    found = await visit.desk.reports.latest(most=ON_A_PAGE + 1, offset=offset, operator=person(visit))
    return broadcast_list(found[:ON_A_PAGE], page, has_more=len(found) > ON_A_PAGE, texts=visit.texts)


async def show_broadcast(visit: Visit, press: ShowBroadcast) -> None:
    """Open one of the list, or go back to it."""
    await show_standing(visit, press.number)


async def pause(visit: Visit, press: PauseBroadcast) -> None:
    """Hold a broadcast."""
    await visit.desk.broadcasting.pause(press.number, operator=person(visit), now=visit.now)
    await show_standing(visit, press.number)


async def go_on(visit: Visit, press: ResumeBroadcast) -> None:
    """Let a broadcast go on; where nobody knows who has it, ask once."""
    try:
        await visit.desk.broadcasting.resume(press.number, operator=person(visit), now=visit.now)
    except MayBeDouble:
        await _ask_to_go_on(visit, press.number)
        return
    await show_standing(visit, press.number)


async def _ask_to_go_on(visit: Visit, number: BroadcastNumber) -> None:
    texts = visit.texts
    yes = button(texts.button_go_on_knowingly, ResumeKnowingly(number))
    rest = button(texts.button_cancel_rest, AskCancel(number))
    back = button(texts.button_back, ShowBroadcast(number))
    await elsewhere(visit, Screen(texts.go_on_question, keyboard([yes], [rest, back])))


async def go_on_knowingly(visit: Visit, press: ResumeKnowingly) -> None:
    """Let a broadcast go on though some may get it twice."""
    await visit.desk.broadcasting.resume(press.number, operator=person(visit), now=visit.now, is_sure=True)
    await show_standing(visit, press.number)


async def ask_cancel(visit: Visit, press: AskCancel) -> None:
    """Ask once, with the number of those who will not get it."""
    texts, number = visit.texts, press.number
    progress = await visit.desk.broadcasting.look(number, operator=person(visit), now=visit.now)
    status = progress.broadcast.status
    if status is BroadcastStatus.SCHEDULED:
        question = texts.cancel_question_scheduled.format(title=escaped(title_of(progress.broadcast, texts)))
    elif status in {BroadcastStatus.SENDING, BroadcastStatus.PAUSED}:
        left = max(progress.tally.people - progress.tally.settled, 0)
        question = texts.cancel_question.format(number=Many(left))
    else:
        raise WrongMoment(status)
    yes = button(texts.button_yes_cancel, CancelBroadcast(number))
    back = button(texts.button_back, ShowBroadcast(number))
    await elsewhere(visit, Screen(question, keyboard([yes, back])))


async def cancel(visit: Visit, press: CancelBroadcast) -> None:
    """End a broadcast for good."""
    await visit.desk.broadcasting.cancel(press.number, operator=person(visit), now=visit.now)
    await show_standing(visit, press.number)


async def change_scheduled(visit: Visit, press: ChangeScheduled) -> None:
    """Take a planned broadcast back into the drafts, and open it there."""
    draft = await visit.desk.broadcasting.unschedule(press.number, operator=person(visit), now=visit.now)
    await open_draft(visit, draft)
