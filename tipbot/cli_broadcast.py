"""`tipbot broadcast`: what operators see and decide in the chat, from a shell; never the words of a message."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar
from rich.table import Table

from tipbot.clock import Clock
from tipbot.domain.broadcasts import Broadcast, BroadcastStatus, QuietHours
from tipbot.domain.delivery import DeliveryStatus
from tipbot.shell import complaints, finish, given_settings, out
from tipbot.storage.database import Database
from tipbot.storage.migrations import check
from tipbot.usecases.afterwards import FAILED, UNKNOWN, Afterwards
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.errors import ChangeUnderWay, MayBeDouble, NoSuchBroadcast, NotReady, WrongMoment
from tipbot.usecases.reporting import Report, Reports
from tipbot.usecases.staffing import SHELL
from tipbot.usecases.standing import Progress
from tipbot.usecases.tables import heading, written

broadcast = typer.Typer(help="Broadcasts: look, hold, resume, cancel, report.", no_args_is_help=True)

LOOK_EVERY_SECONDS = 1.0
_ANSWERS = (NoSuchBroadcast, WrongMoment, NotReady, ChangeUnderWay, MayBeDouble)

Result = TypeVar("Result")
Number = Annotated[int, typer.Argument(help="The broadcast's number, as `tipbot broadcast list` shows it.", min=1)]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the commands need."""

    broadcasting: Broadcasting
    afterwards: Afterwards
    reports: Reports
    now: Callable[[], datetime]


@broadcast.command("list")
def list_all(most: Annotated[int, typer.Option(help="How many lines.", min=1, max=500)] = 20) -> None:
    """List broadcasts and drafts, the newest first."""
    table = Table("number", "what", "how it stands", "reached", "changed (UTC)")
    for one in _done(lambda desk: desk.reports.latest(most=most, operator=SHELL)):
        reached = str(one.tally.of(DeliveryStatus.SENT))
        table.add_row(str(one.id), _kind(one), one.status.value, reached, f"{one.changed_at:%Y-%m-%d %H:%M}")
    out.print(table)


@broadcast.command()
def show(
    number: Number,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Until it ends.")] = False,
) -> None:
    """Show how a broadcast stands."""
    if watch:
        _done(lambda desk: _watch(desk, number), number)
    progress = _done(lambda desk: desk.broadcasting.look(number, operator=SHELL, now=desk.now()), number)
    _print(progress)


@broadcast.command()
def pause(number: Number) -> None:
    """Send nothing more of it for now."""
    _decided(number, lambda desk: desk.broadcasting.pause(number, operator=SHELL, now=desk.now()))


@broadcast.command()
def resume(
    number: Number,
    *,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="After a backup was restored: even if some get it twice.")
    ] = False,
) -> None:
    """Go on with a paused broadcast."""
    _decided(
        number,
        lambda desk: desk.broadcasting.resume(number, operator=SHELL, now=desk.now(), is_sure=anyway),
    )


@broadcast.command()
def cancel(number: Number) -> None:
    """End it for good; who has it keeps it."""
    _decided(number, lambda desk: desk.broadcasting.cancel(number, operator=SHELL, now=desk.now()))


@broadcast.command()
def again(number: Number) -> None:
    """Send it once more to those of whom nobody knows whether they have it: some may get it twice."""
    _repeated(number, lambda desk: desk.afterwards.again(number, UNKNOWN, operator=SHELL, now=desk.now()))


@broadcast.command()
def retry(number: Number) -> None:
    """Send it once more to those who surely have not got it."""
    _repeated(number, lambda desk: desk.afterwards.again(number, FAILED, operator=SHELL, now=desk.now()))


@broadcast.command()
def report(
    number: Number,
    csv: Annotated[Path | None, typer.Option(help="Write what became of each recipient into this file.")] = None,
) -> None:
    """Print what became of a broadcast, and with --csv of each recipient."""
    found = _done(lambda desk: desk.reports.report(number, operator=SHELL, now=desk.now()), number)
    table = Table("what became of it", "people")
    for label, people in _lines(found):
        table.add_row(label, str(people))
    out.print(table)
    for reason, times in sorted(found.reasons.items(), key=lambda one: -one[1]):
        out.print(f"{times} times: {escape(reason)}")
    if csv is not None:
        out.print(f"{_done(lambda desk: _export(desk, number, csv), number)} lines in", escape(str(csv)))


def _lines(found: Report) -> list[tuple[str, int]]:
    settled = (
        *(DeliveryStatus.SENT, DeliveryStatus.BLOCKED, DeliveryStatus.GONE, DeliveryStatus.FAILED),
        *(DeliveryStatus.UNKNOWN, DeliveryStatus.EXPIRED),
    )
    return [
        *((status.value, found.tally.of(status)) for status in settled),
        ("cancelled", found.cancelled + found.never),
        ("passed over", found.passed_over),
        ("erased since", found.erased),
        ("still to come", found.to_come),
        ("people", found.tally.people),
        ("left within a day" if found.is_final else "left so far", found.stops),
        *([] if found.presses is None else [("presses on its buttons", found.presses)]),
    ]


async def _export(desk: Desk, number: int, file: Path) -> int:
    """Write the table batch by batch, readable for its owner alone: chat numbers are personal data."""
    lines = 0
    try:
        with await asyncio.to_thread(file.open, "wb") as table:
            await asyncio.to_thread(file.chmod, 0o600)
            table.write(heading())
            async with aclosing(desk.reports.lines(number, operator=SHELL, now=desk.now())) as batches:
                async for batch in batches:
                    table.write(written(batch))
                    lines += len(batch)
    except OSError as error:
        complaints.print(escape(f"{file} cannot be written: {error.strerror}."))
        raise typer.Exit(1) from None
    return lines


async def _watch(desk: Desk, number: int) -> None:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with ProgressBar(*columns, console=out) as bar:
        task = bar.add_task("sending", total=None)
        while True:
            progress = await desk.broadcasting.look(number, operator=SHELL, now=desk.now())
            status, tally = progress.broadcast.status, progress.tally
            bar.update(task, description=status.value, total=tally.people or None, completed=tally.settled)
            if status not in {BroadcastStatus.SENDING, BroadcastStatus.SCHEDULED}:
                return
            await asyncio.sleep(LOOK_EVERY_SECONDS)


def _decided(number: int, decide: Callable[[Desk], Awaitable[Broadcast]]) -> None:
    out.print(f"Broadcast {number} is", _done(decide, number).status.value)


def _repeated(number: int, repeat: Callable[[Desk], Awaitable[int]]) -> None:
    people = _done(repeat, number)
    if not people:
        complaints.print("There is nobody left for that.")
        raise typer.Exit(1)
    out.print(f"Broadcast {number} goes out again to {people}")


def _print(progress: Progress) -> None:
    found, tally = progress.broadcast, progress.tally
    table = Table("number", "what", "how it stands", "settled", "people")
    table.add_row(str(found.id), _kind(found), found.status.value, str(tally.settled), str(tally.people))
    out.print(table)
    if found.paused_for is not None:
        out.print("It stands still because of", found.paused_for.value)


def _kind(one: Broadcast) -> str:
    return one.action.value if one.about is None else f"{one.action.value} of {one.about}"


def _done(work: Callable[[Desk], Awaitable[Result]], number: int = 0) -> Result:
    """Do what was asked; what cannot be becomes one clear line and exit code 1."""
    return finish(_with_desk(work, number))


async def _with_desk(work: Callable[[Desk], Awaitable[Result]], number: int) -> Result:
    settings = given_settings()
    database = Database(settings.database_url.get_secret_value())
    broadcasting = Broadcasting(database, quiet=QuietHours(), ceiling=settings.bulk_rate)
    reports = Reports(database, counts_presses=settings.public_url is not None)
    try:
        await check(database)
        return await work(Desk(broadcasting, Afterwards(database), reports, Clock().now))
    except _ANSWERS as answer:
        complaints.print(_said(answer, number))
        raise typer.Exit(1) from None
    finally:
        await database.close()


def _said(answer: Exception, number: int) -> str:
    match answer:
        case NoSuchBroadcast():
            return f"There is no broadcast {number}. `tipbot broadcast list` shows which there are."
        case WrongMoment(status=status):
            return f"Broadcast {number} is {status.value}: that is not possible now."
        case ChangeUnderWay(number=other):
            return f"Broadcast {other} is correcting it or taking it back at this moment."
        case MayBeDouble():
            return (
                "A backup was restored while it went out: whoever got it after the backup was made would get it "
                f"twice. `tipbot broadcast cancel {number}` ends it, `resume {number} --anyway` goes on."
            )
        case NotReady(reason=reason):
            return f"Not possible now: {reason.value}."
    return str(answer)
