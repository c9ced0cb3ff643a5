"""Conversations with operators about a broadcast that goes out, and what can be done afterwards."""

from tipbot.bot import presses_of_sending as presses
from tipbot.bot.operating import afterwards, broadcasts, reports
from tipbot.bot.operating.broadcasts import Conversation, as_it_stands, show_progress
from tipbot.bot.operating.door import Area, Pressed, Spoken
from tipbot.bot.presses import Press
from tipbot.domain.operators import Right

__all__ = ["AREA", "show_progress"]

_LOOKING: dict[type[Press], Conversation] = {
    presses.ShowBroadcasts: broadcasts.show_broadcasts,
    presses.ShowBroadcast: broadcasts.show_broadcast,
    presses.ShowReport: reports.show_report,
}
_DECIDING: dict[type[Press], Conversation] = {
    presses.PauseBroadcast: broadcasts.pause,
    presses.ResumeBroadcast: broadcasts.go_on,
    presses.ResumeKnowingly: broadcasts.go_on_knowingly,
    presses.AskCancel: broadcasts.ask_cancel,
    presses.CancelBroadcast: broadcasts.cancel,
    presses.ChangeScheduled: broadcasts.change_scheduled,
    presses.SendTable: reports.send_table,
    presses.AskUnknownAgain: afterwards.ask_unknown_again,
    presses.UnknownAgain: afterwards.send_unknown_again,
    presses.RetryFailed: afterwards.retry_failed,
    presses.AskCorrection: afterwards.ask_correction,
    presses.ConfirmCorrection: afterwards.correct,
    presses.DiscardChange: afterwards.discard,
    presses.AskTakeBack: afterwards.ask_take_back,
    presses.TakeMessageBack: afterwards.take_back,
}

AREA = Area(
    commands={"broadcasts": Spoken(Right.SEE, broadcasts.broadcasts)},
    presses={
        **{press: Pressed(Right.SEE, as_it_stands(answer)) for press, answer in _LOOKING.items()},
        **{press: Pressed(Right.SEND, as_it_stands(answer)) for press, answer in _DECIDING.items()},
    },
    awaited={afterwards.WORDS: Spoken(Right.SEND, afterwards.read_words)},
)
