"""Conversations with operators about what became of a broadcast: the report, and the table of everybody."""

from tipbot.bot.broadcast_screens import named
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.broadcasts import elsewhere, reader_of
from tipbot.bot.operating.door import person
from tipbot.bot.presses_of_sending import SendTable, ShowReport
from tipbot.bot.rendering import Screen, escaped
from tipbot.bot.report_screens import report_screen
from tipbot.usecases.tables import files_of


async def show_report(visit: Visit, press: ShowReport) -> None:
    """Show what became of a broadcast."""
    report = await visit.desk.reports.report(press.number, operator=person(visit), now=visit.now)
    reader = await reader_of(visit)
    screen = report_screen(report, visit.texts, zone=visit.desk.home_zone, may_export=reader.may_send)
    await elsewhere(visit, screen)


async def send_table(visit: Visit, press: SendTable) -> None:
    """Send the table of everybody, in several files where one would be too long."""
    broadcast = await visit.desk.broadcasting.find(press.number, operator=person(visit))
    lines = visit.desk.reports.lines(press.number, operator=person(visit), now=visit.now)
    part = 0
    async for content in files_of(lines):
        part += 1
        name = f"broadcast-{press.number}{f'-{part}' if part > 1 else ''}.csv"
        title = named(broadcast, visit.texts)
        await visit.send_file(content, name, visit.texts.table_caption.format(title=title, file=escaped(name)))
    if not part:
        await visit.send(Screen(visit.texts.table_empty))
