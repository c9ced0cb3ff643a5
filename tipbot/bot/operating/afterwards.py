"""Conversations with operators about a broadcast that went out: again, with other words, or taken back."""

from dataclasses import replace

from telegram.error import BadRequest

from tipbot.bot.broadcast_screens import Many
from tipbot.bot.buttons import button, keyboard
from tipbot.bot.compositions import send
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.incoming import read_message
from tipbot.bot.operating.broadcasts import elsewhere, show_progress, show_standing
from tipbot.bot.operating.card import signs_of
from tipbot.bot.operating.door import person
from tipbot.bot.operating.previewing import dressed_as, excess_of
from tipbot.bot.presses_of_composing import Revision
from tipbot.bot.presses_of_sending import (
    AskCorrection,
    AskTakeBack,
    AskUnknownAgain,
    BroadcastNumber,
    ConfirmCorrection,
    DiscardChange,
    RetryFailed,
    ShowBroadcast,
    TakeMessageBack,
    UnknownAgain,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Action, Broadcast, BroadcastStatus
from tipbot.domain.composition import Composition
from tipbot.domain.delivery import DeliveryStatus
from tipbot.usecases.afterwards import FAILED, UNKNOWN
from tipbot.usecases.errors import ChangedMeanwhile, NoSuchBroadcast, NotReady, Unready, WrongMoment
from tipbot.usecases.marketing import Sign

# What an operator is asked to send.
WORDS = "correction"


async def ask_unknown_again(visit: Visit, press: AskUnknownAgain) -> None:
    """Say plainly that some may get it twice, and ask once; changing a message twice does no harm."""
    texts = visit.texts
    progress = await visit.desk.broadcasting.look(press.number, operator=person(visit), now=visit.now)
    number = Many(progress.tally.of(DeliveryStatus.UNKNOWN))
    if not number:
        raise NotReady(Unready.NOBODY)
    if progress.broadcast.action is not Action.MESSAGE:
        await send_unknown_again(visit, UnknownAgain(press.number))
        return
    yes = button(texts.button_send_again.format(number=number), UnknownAgain(press.number))
    back = button(texts.button_back, ShowBroadcast(press.number))
    await elsewhere(visit, Screen(texts.unknown_question.format(number=number), keyboard([yes, back])))


async def send_unknown_again(visit: Visit, press: UnknownAgain) -> None:
    """Send it once more to those of whom nobody knows; a second press finds nobody left."""
    await visit.desk.afterwards.again(press.number, UNKNOWN, operator=person(visit), now=visit.now)
    await show_standing(visit, press.number)


async def retry_failed(visit: Visit, press: RetryFailed) -> None:
    """Send it once more to those who surely have not got it."""
    if not await visit.desk.afterwards.again(press.number, FAILED, operator=person(visit), now=visit.now):
        raise NotReady(Unready.NOBODY)
    await show_standing(visit, press.number)


async def ask_correction(visit: Visit, press: AskCorrection) -> None:
    """Ask for the new words."""
    texts, afterwards = visit.texts, visit.desk.afterwards
    reach = await afterwards.reach(press.number, now=visit.now)
    back = button(texts.button_back, ShowBroadcast(press.number))
    if not reach.people:
        await elsewhere(visit, Screen(texts.correction_impossible, keyboard([back])))
        return
    draft = await afterwards.draft_change(press.number, Action.CORRECTION, operator=person(visit), now=visit.now)
    await visit.desk.staffing.wait_for(person(visit), WORDS, draft.id, now=visit.now)
    leave = button(texts.button_discard_change, DiscardChange(BroadcastNumber(draft.id)))
    await elsewhere(visit, Screen(texts.correction_question.format(number=Many(reach.people)), keyboard([leave])))


async def read_words(visit: Visit) -> None:
    """Take the new words, and show what people will see."""
    operator = await visit.desk.staffing.find(person(visit))
    number = 0 if operator is None or operator.awaits is None else operator.awaits.about
    try:
        draft = await visit.desk.afterwards.correction(number, operator=person(visit))
        refusal = await _take_words(visit, draft)
    except (NoSuchBroadcast, WrongMoment):
        await visit.desk.staffing.wait_no_more(person(visit))
        refusal = Screen(visit.texts.broadcast_gone)
    if refusal is not None:
        await visit.send(refusal)


async def _take_words(visit: Visit, draft: Broadcast) -> Screen | None:
    """Let the draft say what was typed and show it; return a message where that cannot be."""
    texts, words = visit.texts, words_of(visit)
    if not words:
        return Screen(texts.correction_needs_words)
    composition = draft.composition.with_words(words)
    if draft.purpose is Purpose.ARTICLE and _turns_into_offer(visit, draft.composition, composition):
        return Screen(texts.correction_is_offer)
    excess = excess_of(visit, composition, draft.purpose)
    if excess:
        return Screen(texts.correction_too_long.format(excess=Many(excess)))
    try:
        await _preview(visit, replace(draft, composition=composition))
    except BadRequest as refusal:
        return Screen(texts.correction_refused.format(reason=escaped(refusal.message)))
    draft = await visit.desk.afterwards.reword(draft.id, composition, operator=person(visit), now=visit.now)
    await visit.desk.staffing.wait_no_more(person(visit))
    await visit.send(await _question(visit, draft))
    return None


def _turns_into_offer(visit: Visit, before: Composition, after: Composition) -> bool:
    """Say whether a booking link comes in: an article must not become marketing after it was sent (UK: PECR)."""
    sign_of = signs_of(visit).of
    return sign_of(after) is Sign.BOOKING and sign_of(before) is not Sign.BOOKING


def words_of(visit: Visit) -> str:
    """Return what was typed, or stands below a picture, with its formatting; empty for neither."""
    incoming = None if visit.message is None else read_message(visit.message)
    return "" if incoming is None else incoming.part.html


async def _preview(visit: Visit, draft: Broadcast) -> None:
    """Show the operator exactly what people will see; raises BadRequest where Telegram does not take it."""
    await send(visit.bot, visit.chat_id, dressed_as(visit, draft))


async def _question(visit: Visit, draft: Broadcast) -> Screen:
    texts, number = visit.texts, BroadcastNumber(draft.id)
    reach = await visit.desk.afterwards.reach(draft.about or 0, now=visit.now)
    people = Many(reach.people)
    yes = button(
        texts.button_correct_for.format(number=people), ConfirmCorrection(number, Revision(draft.revision))
    )
    other = button(texts.button_write_again, AskCorrection(BroadcastNumber(draft.about or 0)))
    leave = button(texts.button_discard_change, DiscardChange(number))
    return Screen(texts.correction_shown.format(number=people), keyboard([yes], [other, leave]))


async def correct(visit: Visit, press: ConfirmCorrection) -> None:
    """Let the correction go out, exactly as it was shown."""
    operator = person(visit)
    try:
        confirmed = await visit.desk.broadcasting.confirm(
            press.number, revision=press.revision, operator=operator, now=visit.now
        )
    except ChangedMeanwhile:
        draft = await visit.desk.broadcasting.find(press.number, operator=operator)
        await _preview(visit, draft)
        question = await _question(visit, draft)
        await visit.send(Screen(f"{visit.texts.correction_changed}\n\n{question.text}", question.keyboard))
        return
    await show_progress(visit, confirmed)


async def discard(visit: Visit, press: DiscardChange) -> None:
    """Leave the message as it was."""
    await visit.desk.staffing.wait_no_more(person(visit))
    about = await visit.desk.afterwards.discard(press.number, operator=person(visit))
    if about is None:
        raise NoSuchBroadcast
    await show_standing(visit, about)


async def ask_take_back(visit: Visit, press: AskTakeBack) -> None:
    """Ask once, with how many lose it and how many keep it."""
    texts = visit.texts
    broadcast = await visit.desk.broadcasting.find(press.number, operator=person(visit))
    reach = await visit.desk.afterwards.reach(press.number, now=visit.now)
    if not reach.deletable:
        raise NotReady(Unready.TOO_OLD if reach.people else Unready.NOBODY)
    number, older = Many(reach.deletable), Many(reach.people - reach.deletable)
    words = [texts.take_back_question.format(number=number)]
    if older:
        words.append(texts.take_back_older.format(number=older))
    if broadcast.status is BroadcastStatus.PAUSED:
        words.append(texts.take_back_paused)
    yes = button(texts.button_take_back_from.format(number=number), TakeMessageBack(press.number))
    back = button(texts.button_back, ShowBroadcast(press.number))
    await elsewhere(visit, Screen("\n\n".join(words), keyboard([yes, back])))


async def take_back(visit: Visit, press: TakeMessageBack) -> None:
    """Delete it wherever that is possible."""
    going = await visit.desk.afterwards.take_back(press.number, operator=person(visit), now=visit.now)
    await show_progress(visit, going)
