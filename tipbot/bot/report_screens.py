"""The report of a broadcast as a message: every recipient stands in exactly one of its lines."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tipbot.bot.broadcast_screens import OUTCOMES, Many, named, time_phrase
from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import clock_in, place_name
from tipbot.bot.presses_of_sending import BroadcastNumber, SendTable, ShowBroadcast
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.broadcasts import Action
from tipbot.domain.delivery import DeliveryStatus
from tipbot.texts import Texts
from tipbot.usecases.reporting import Report

# Telegram gives a few reasons; what comes seldom does not help to understand.
MOST_REASONS = 5
# With fewer a share in percent says more than is known.
ENOUGH_FOR_A_SHARE = 50


def report_screen(report: Report, texts: Texts, *, zone: str, may_export: bool) -> Screen:
    """Return the report; times are those of the clinic's IANA zone."""
    broadcast = report.broadcast
    number = BroadcastNumber(broadcast.id)
    words = texts.report.format(
        title=named(broadcast, texts),
        when=_when(report, texts, zone),
        people=Many(report.tally.people),
        lines="\n".join(lines_of(report, texts)),
        after="\n".join(_after(report, texts)),
    ).strip()
    table = [button(texts.button_table, SendTable(number))] if may_export and report.has_details else []
    return Screen(words, keyboard(table, [button(texts.button_back, ShowBroadcast(number))]))


def _when(report: Report, texts: Texts, zone: str) -> str:
    began, took = report.broadcast.started_at, report.took
    if began is None or took is None:
        return texts.report_still
    return texts.report_when.format(
        date=_date(began, texts, zone),
        begin=clock_in(zone, began),
        end=clock_in(zone, began + took),
        place=place_name(zone),
        time=time_phrase(took, texts),
    )


def _date(moment: datetime, texts: Texts, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return texts.full_date.format(day=local.day, month=local.month, year=local.year)


def lines_of(report: Report, texts: Texts) -> list[str]:
    """Return what became of how many, and why it failed; what happened to nobody is left out."""
    numbers = [report.tally.of(status) for status in OUTCOMES[:-1]]
    numbers += [report.cancelled, report.passed_over, report.erased, report.to_come, report.never]
    lines = []
    for outcome, number, status in zip(texts.report_outcomes, numbers, [*OUTCOMES, *(None,) * 4], strict=True):
        if number:
            lines.append(texts.report_line.format(number=Many(number), outcome=outcome))
        if status is DeliveryStatus.FAILED:
            lines += _reasons(report, texts)
    return lines or [texts.outcome_none]


def _reasons(report: Report, texts: Texts) -> list[str]:
    most = sorted(report.reasons.items(), key=lambda one: (-one[1], one[0]))[:MOST_REASONS]
    return [texts.report_reason.format(number=Many(number), reason=escaped(reason)) for reason, number in most]


def _after(report: Report, texts: Texts) -> list[str]:
    is_message = report.broadcast.action is Action.MESSAGE
    lines = [_left(report, texts)] if is_message and report.reached else []
    if report.taken_back:
        lines.append(texts.taken_back_since.format(number=Many(report.taken_back)))
    if is_message and report.broadcast.composition.links:
        presses = report.presses
        counted = texts.report_presses_off if presses is None else texts.report_presses.format(number=Many(presses))
        lines.append(counted)
    if not report.has_details and report.tally.people:
        lines.append(texts.report_without_details)
    return lines


def _left(report: Report, texts: Texts) -> str:
    reached, stops = Many(report.reached), Many(report.stops)
    if not stops:
        part = texts.report_nobody
    elif reached < ENOUGH_FOR_A_SHARE:
        part = texts.report_few.format(number=stops, reached=reached)
    else:
        share = f"{100 * stops / reached:.1f}"
        part = texts.report_share.format(number=stops, reached=reached, share=share)
    left = texts.report_left if report.is_final else texts.report_left_so_far
    return left.format(part=part)
