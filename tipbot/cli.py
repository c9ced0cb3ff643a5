"""The `tipbot` command: parse, call, print, exit code. 0 is well, 1 a fault that was found, 2 a wrong setting."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from tipbot import app
from tipbot.cli_broadcast import broadcast
from tipbot.clock import Clock
from tipbot.doctor import Grade, examine
from tipbot.domain.check import CheckId
from tipbot.domain.content import ENGLISH, ItemId, Language
from tipbot.domain.faults import ContentFaults
from tipbot.domain.statistics import Statistics
from tipbot.figures import as_csv, tables
from tipbot.graphs import draw_picture, mermaid
from tipbot.logs import configure_logs
from tipbot.shell import complaints, finish, given_settings, out, refused, with_database
from tipbot.shipped import shipped
from tipbot.storage.backup import back_up, put_back
from tipbot.storage.database import Database
from tipbot.storage.leadership import ProcessLock
from tipbot.storage.migrations import check, current, newest, upgrade
from tipbot.texts import Texts
from tipbot.usecases.deeds import Deeds, DeedsPage, name_of
from tipbot.usecases.library import Library
from tipbot.usecases.restoring import call_restored
from tipbot.usecases.staffing import SHELL
from tipbot.usecases.statistics import LONGEST, TakeStatistics

main = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
db = typer.Typer(help="The database.", no_args_is_help=True)
content = typer.Typer(help="The clinic's advice.", no_args_is_help=True)
main.add_typer(broadcast, name="broadcast")
main.add_typer(db, name="db")
main.add_typer(content, name="content")

MARKS = {Grade.WELL: "[green]ok   [/]", Grade.REMARK: "[yellow]look [/]", Grade.FAULT: "[red]fault[/]"}

ContentFolder = Annotated[Path | None, typer.Option("--dir", help="Another content folder than the shipped one.")]


@main.command()
def run() -> None:
    """Bring the database up to date, then take updates and send what is due, until stopped."""
    settings = given_settings()
    configure_logs(settings.log, settings.secrets)

    async def until_stopped() -> None:
        stop = asyncio.Event()
        app.stop_on_signals(stop)
        await app.run(settings, Clock(), stop)

    finish(until_stopped())


@main.command()
def demo(
    terminal: Annotated[bool, typer.Option("--terminal", help="Show a first day here, without a browser.")] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Where the page is; 8000 if it is free.")
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="A folder to keep the demo in, and to go on with it.")] = None,
) -> None:
    """Try everything in the browser: the real bot and a Telegram of its own on this machine; no token is needed."""
    # Not at the top, nor what previews: the local Telegram has no place in the memory of a bot that runs.
    from tipbot.demo import show  # noqa: PLC0415 (see above)
    from tipbot.demo.page import show_page  # noqa: PLC0415 (see above)
    from tipbot.sandbox.keeping import NotOneOfOursError  # noqa: PLC0415 (see above)

    if terminal:
        finish(show(out))
        return
    try:
        finish(show_page(out, port=port, kept=keep))
    except (OSError, NotOneOfOursError) as reason:
        raise refused(reason) from None


@main.command()
def doctor(
    *,
    feed: Annotated[bool, typer.Option(help="Whether to fetch the clinic's feed as well.")] = True,
) -> None:
    """Examine settings, content, database, deliveries, Telegram and feed; exit code 1 when something is wrong."""
    settings = given_settings()
    configure_logs(settings.log, settings.secrets)

    async def report() -> bool:
        is_well = True
        async for finding in examine(settings, now=Clock().now, with_feed=feed):
            out.print(MARKS[finding.grade], escape(finding.text))
            is_well = is_well and finding.grade is not Grade.FAULT
        return is_well

    if not finish(report()):
        raise typer.Exit(1)


@main.command()
def stats(
    days: Annotated[int, typer.Option(min=1, max=LONGEST, help="How many days, today included.")] = 30,
    *,
    csv: Annotated[bool, typer.Option("--csv", help="One row for each day, for a spreadsheet.")] = False,
) -> None:
    """Show the clinic's numbers; those about checks only in full tens."""
    settings = given_settings()
    library, _ = _content(settings.content_dir)

    async def taken(database: Database) -> Statistics:
        view = await TakeStatistics(database).of_days(days, operator=SHELL, now=Clock().now())
        return view.statistics

    statistics = finish(with_database(taken))
    if csv:
        out.print(as_csv(statistics), markup=False, end="")
    else:
        out.print(tables(statistics, library.catalogue))


@main.command()
def audit(
    *,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print all of it, oldest first, for a spreadsheet.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="How many to list.")] = 20,
) -> None:
    """List what operators did, newest first; times are UTC, people are numbers, "shell" is whoever sits here."""

    async def read(database: Database) -> str | DeedsPage:
        await check(database)
        deeds = Deeds(database)
        return await (deeds.as_csv(operator=SHELL) if as_csv else deeds.page(0, size=most, operator=SHELL))

    found = finish(with_database(read))
    if isinstance(found, str):
        typer.echo(found, nl=False)
        return
    table = Table("when (UTC)", "who", "what", "to what", box=None, pad_edge=False)
    for deed in found.deeds:
        table.add_row(f"{deed.at:%Y-%m-%d %H:%M}", name_of(deed.operator), deed.action, deed.subject)
    out.print(table)


@main.command()
def backup(file: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Copy a SQLite database into a file, also while TipBot runs; on PostgreSQL use pg_dump."""

    async def copy(database: Database) -> None:
        await check(database)
        await asyncio.to_thread(back_up, database, file)

    finish(with_database(copy))
    out.print("The database is in", escape(str(file)), "now. Keep it no longer than 30 days.")


@main.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that `tipbot backup` made.")]) -> None:
    """Put a copy in the place of a SQLite database while TipBot is stopped; what was there is gone."""

    async def back(database: Database) -> None:
        with ProcessLock(database):
            await asyncio.to_thread(put_back, database, file)

    finish(with_database(back))
    out.print("Done. The next start notices it, and sends nothing by itself that may have gone out since.")


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the shape this version needs."""
    out.print("The database is at revision", finish(with_database(_upgrade_alone)))


@db.command("current")
def db_current() -> None:
    """Say which shape the database has, and which one is needed."""
    out.print("The database is at revision", finish(with_database(current)) or "none", "of", newest())


@db.command("restored")
def db_restored() -> None:
    """Say that this database is an older copy, where TipBot cannot notice it by itself; then start it."""
    finish(with_database(_call_restored))
    out.print("The next start takes the database for a restored one: what may have gone out does not go out again.")


@content.command("check")
def content_check(folder: ContentFolder = None) -> None:
    """Check every rule the advice must keep, and list all faults at once."""
    library, _ = _content(folder)
    catalogue = library.catalogue
    shelf, coverage = catalogue.shelves[ENGLISH], catalogue.coverage
    out.print(
        f"{len(shelf.tips)} tips, {len(shelf.cards)} education cards, {len(shelf.stretches)} stretches, "
        f"{len(shelf.articles)} articles, "
        f"{len(shelf.checks)} checks"
    )
    out.print(
        f"{coverage.items} source items: {coverage.covered} covered, {coverage.omitted} omitted with a reason"
    )


@content.command("show")
def content_show(item: str, folder: ContentFolder = None) -> None:
    """Print an item, or all pages of an article, as Telegram will show it."""
    from tipbot.preview import preview, preview_article  # noqa: PLC0415 (as in demo)

    library, texts = _content(folder)
    catalogue = library.catalogue
    article = catalogue.article(ENGLISH, ItemId(item))
    if article is not None:
        out.print(preview_article(article, texts[ENGLISH], catalogue), soft_wrap=False)
        return
    found = catalogue.item(ENGLISH, ItemId(item))
    if found is None:
        complaints.print(f"There is no item called {escape(item)}. Ids stand in the content files.")
        raise typer.Exit(1)
    out.print(preview(found, texts[ENGLISH], catalogue), soft_wrap=False)


@content.command("graph")
def content_graph(
    check: str,
    folder: ContentFolder = None,
    png: Annotated[Path | None, typer.Option(help="Draw a picture into this file instead.")] = None,
) -> None:
    """Draw a self-check: Mermaid text, or a picture with --png."""
    library, _ = _content(folder)
    courses = {course.check.id: course for course in library.catalogue.courses(ENGLISH)}
    course = courses.get(CheckId(check))
    if course is None:
        complaints.print(f"There is no check called {escape(check)}. There are: {', '.join(courses)}.")
        raise typer.Exit(1)
    if png is None:
        out.print(mermaid(course), markup=False)
        return
    try:
        draw_picture(course, png)
    except OSError as error:
        complaints.print(escape(f"{png} cannot be written: {error.strerror}."))
        raise typer.Exit(1) from None


def _content(folder: Path | None) -> tuple[Library, Mapping[Language, Texts]]:
    try:
        return app.read_content(folder or shipped("content"))
    except ContentFaults as found:
        for fault in found.faults:
            complaints.print(escape(str(fault)))
        complaints.print(f"[red]{len(found.faults)} faults[/]")
        raise typer.Exit(1) from None


async def _call_restored(database: Database) -> None:
    with ProcessLock(database):
        await check(database)
        await call_restored(database)


async def _upgrade_alone(database: Database) -> str:
    with ProcessLock(database):
        return await upgrade(database)
