"""The buttons below a broadcast: those that make sense as it stands now, for whoever reads it."""

from datetime import datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.item_presses import Page
from tipbot.bot.presses import Press
from tipbot.bot.presses_of_sending import (
    AskCancel,
    AskCorrection,
    AskTakeBack,
    AskUnknownAgain,
    BroadcastNumber,
    ChangeScheduled,
    PauseBroadcast,
    ResumeBroadcast,
    RetryFailed,
    ShowBroadcast,
    ShowBroadcasts,
    ShowReport,
)
from tipbot.domain.broadcasts import DELETABLE_FOR, Action, Broadcast, BroadcastStatus
from tipbot.domain.delivery import DeliveryStatus
from tipbot.texts import Texts
from tipbot.usecases.standing import Progress


def rows_to_decide(progress: Progress, texts: Texts, *, now: datetime) -> InlineKeyboardMarkup:
    """Return the buttons for somebody who may decide about it."""
    broadcast = progress.broadcast
    number = BroadcastNumber(broadcast.id)
    match broadcast.status:
        case BroadcastStatus.SENDING:
            pause = button(texts.button_pause_sending, PauseBroadcast(number))
            return keyboard([pause, button(texts.button_cancel_rest, AskCancel(number))])
        case BroadcastStatus.PAUSED:
            go_on = button(texts.button_go_on, ResumeBroadcast(number))
            first = [go_on, button(texts.button_cancel_rest, AskCancel(number))]
            return keyboard(first, *_afterwards(progress, texts, now), _all(texts))
        case BroadcastStatus.SCHEDULED:
            change = button(texts.button_change_scheduled, ChangeScheduled(number))
            return keyboard([change, button(texts.button_cancel_scheduled, AskCancel(number))], _all(texts))
        case BroadcastStatus.DRAFT:
            return keyboard([button(texts.button_open_draft, _opening(broadcast))], _all(texts))
        case BroadcastStatus.DONE | BroadcastStatus.CANCELLED:
            return keyboard(*_afterwards(progress, texts, now), _all(texts))


def _opening(draft: Broadcast) -> Press:
    if draft.action is Action.CORRECTION and draft.about is not None:
        return AskCorrection(BroadcastNumber(draft.about))
    if draft.action is Action.WITHDRAWAL and draft.about is not None:
        return AskTakeBack(BroadcastNumber(draft.about))
    return ChangeScheduled(BroadcastNumber(draft.id))


def _afterwards(progress: Progress, texts: Texts, now: datetime) -> list[list[InlineKeyboardButton]]:
    broadcast, tally = progress.broadcast, progress.tally
    number = BroadcastNumber(broadcast.id)
    failed = tally.of(DeliveryStatus.FAILED, DeliveryStatus.EXPIRED)
    rows = [[button(texts.button_report, ShowReport(number))]]
    if tally.of(DeliveryStatus.UNKNOWN):
        rows.append([button(texts.button_unknown_again, AskUnknownAgain(number))])
    if failed:
        rows[-1].append(button(texts.button_retry_failed, RetryFailed(number)))
    if broadcast.action is not Action.MESSAGE:
        about = BroadcastNumber(broadcast.about or broadcast.id)
        return [*rows, [button(texts.button_original, ShowBroadcast(about))]]
    changes = []
    if tally.of(DeliveryStatus.SENT) > progress.taken_back:
        changes.append(button(texts.button_correct, AskCorrection(number)))
        if now - broadcast.changed_at < DELETABLE_FOR:
            changes.append(button(texts.button_take_back_all, AskTakeBack(number)))
    return [*rows, changes]


def rows_to_look(progress: Progress, texts: Texts) -> InlineKeyboardMarkup:
    """Return the buttons for somebody who may only look."""
    number = BroadcastNumber(progress.broadcast.id)
    has_begun = progress.broadcast.status not in {BroadcastStatus.DRAFT, BroadcastStatus.SCHEDULED}
    return keyboard([button(texts.button_report, ShowReport(number))] if has_begun else [], _all(texts))


def _all(texts: Texts) -> list[InlineKeyboardButton]:
    return [button(texts.button_all_broadcasts, ShowBroadcasts(Page(0)))]
