"""Conversations with operators about what operators did."""

from zoneinfo import ZoneInfo

from tipbot.bot.buttons import LAST_PAGE, button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page
from tipbot.bot.operating.door import Area, Pressed, Spoken, person
from tipbot.bot.operating.naming import Names, names_of
from tipbot.bot.presses_of_staff import ExportDeeds, ShowDeeds
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.operators import Right
from tipbot.domain.wall_time import format_wall_time
from tipbot.storage.audit import Deed
from tipbot.texts import Texts
from tipbot.usecases.staffing import SHELL

ON_A_PAGE = 10
# What these deeds were done to is a person or a channel, which has a name.
_ABOUT_CHATS = ("channel-", "joined-", "operator-", "owner-", "role-")


async def audit(visit: Visit) -> None:
    """Answer /audit."""
    await visit.send(await _screen(visit, Page(0)))


async def show_deeds(visit: Visit, press: ShowDeeds) -> None:
    """Turn to a page."""
    await visit.show(await _screen(visit, press.page))


async def export_deeds(visit: Visit, _: ExportDeeds) -> None:
    """Send everything as a file."""
    table = await visit.desk.deeds.as_csv(operator=person(visit))
    name = visit.texts.audit_file.format(date=f"{visit.now:%Y-%m-%d}")
    # Excel takes a file for UTF-8 only if it begins with this mark.
    await visit.send_file(table.encode("utf-8-sig"), f"{name}.csv", visit.texts.audit_exported)


async def _screen(visit: Visit, page: Page) -> Screen:
    texts = visit.texts
    found = await visit.desk.deeds.page(page, size=ON_A_PAGE, operator=person(visit))
    names = await names_of(visit.bot, _chats(found.deeds))
    lines = [_line(deed, names, texts, visit.desk.home_zone) for deed in found.deeds]
    earlier = [button(texts.button_earlier, ShowDeeds(Page(page - 1)))] if page else []
    more = found.has_more and page < LAST_PAGE
    later = [button(texts.button_more, ShowDeeds(Page(page + 1)))] if more else []
    words = texts.audit_page.format(deeds="\n\n".join(lines)) if lines else texts.audit_none
    return Screen(words, keyboard([*earlier, *later], [button(texts.button_deeds_file, ExportDeeds())]))


def _chats(deeds: tuple[Deed, ...]) -> set[int]:
    about = {chat for deed in deeds if (chat := _chat_of(deed)) is not None}
    return ({deed.operator for deed in deeds} | about) - {SHELL}


def _chat_of(deed: Deed) -> int | None:
    """Return the chat that something was done to, None where it is something else."""
    is_number = deed.subject.removeprefix("-").isdecimal()
    return int(deed.subject) if deed.action.startswith(_ABOUT_CHATS) and is_number else None


def _line(deed: Deed, names: Names, texts: Texts, zone: str) -> str:
    local, chat = deed.at.astimezone(ZoneInfo(zone)), _chat_of(deed)
    subject = escaped(deed.subject) if chat is None else names.escaped(chat)
    return texts.deed_line.format(
        day=local.day,
        month=local.month,
        time=format_wall_time(local.time()),
        who=texts.deed_shell if deed.operator == SHELL else names.escaped(deed.operator),
        what=what_was_done(deed.action, subject, texts),
    )


def what_was_done(action: str, subject: str, texts: Texts) -> str:
    """Return a deed in words: the text named after the action, or the action itself where there is none."""
    words = getattr(texts, f"deed_{action.replace('-', '_')}", None)
    return f"{escaped(action)} {subject}".strip() if words is None else words.format(subject=subject)


AREA = Area(
    commands={"audit": Spoken(Right.REVIEW, audit)},
    presses={
        ShowDeeds: Pressed(Right.REVIEW, show_deeds),
        ExportDeeds: Pressed(Right.REVIEW, export_deeds),
    },
)
