"""Conversations with operators about who the operators are."""

from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import LAST_PAGE, button, keyboard
from tipbot.bot.conversations.phrases import moment_phrase
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import Page
from tipbot.bot.operating.door import Area, Pressed, Spoken, person
from tipbot.bot.operating.naming import Names, names_of
from tipbot.bot.operating.roles import as_role, role_name
from tipbot.bot.operating.telling import tell
from tipbot.bot.presses_of_staff import (
    DIGEST_BEGINNING,
    AskInvitation,
    AskRemoval,
    ChangeRole,
    DigestBeginning,
    InvitationCode,
    Invite,
    RemoveOperator,
    ShowOperator,
    ShowOperators,
    UserNumber,
    WithdrawInvitation,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.operators import Invitation, Operator, Right, Role
from tipbot.texts import Texts
from tipbot.usecases.errors import OwnerOfSettings
from tipbot.usecases.inviting import new_code
from tipbot.usecases.staffing import Roster

ON_A_PAGE = 8
_FIRST = Page(0)


async def operators(visit: Visit) -> None:
    """Answer /operators; whoever asks sees their commands in the menu from now on, if that failed before."""
    screen = await _list_screen(visit, _FIRST)
    known = await visit.desk.staffing.find(person(visit))
    await visit.send(screen)
    await visit.desk.menus.show(visit.bot, person(visit), None if known is None else known.role)


async def show_operators(visit: Visit, press: ShowOperators) -> None:
    """Turn to a page of the list."""
    await visit.show(await _list_screen(visit, press.page))


async def show_operator(visit: Visit, press: ShowOperator) -> None:
    """Show one operator and what can be changed."""
    known = await visit.desk.staffing.find(press.user)
    await _show_one(visit, known)


async def change_role(visit: Visit, press: ChangeRole) -> None:
    """Give somebody another role, and tell them."""
    before = await visit.desk.staffing.find(press.user)
    try:
        known = await visit.desk.staffing.change_role(press.user, press.role, operator=person(visit), now=visit.now)
    except (OwnerOfSettings, ValueError):
        await _show_one(visit, before)
        return
    await _show_one(visit, known)
    if known is not None and before is not None and known.role is not before.role:
        role = known.role
        await visit.desk.menus.show(visit.bot, known.user, role)
        await tell(visit.bot, visit.desk, known, lambda texts: _new_role(role, texts))


async def ask_removal(visit: Visit, press: AskRemoval) -> None:
    """Ask once before somebody is removed."""
    known = await visit.desk.staffing.find(press.user)
    if known is None or known.role is Role.OWNER:
        await _show_one(visit, known)
        return
    texts, names = visit.texts, await names_of(visit.bot, [known.user])
    yes = button(texts.button_remove_operator, RemoveOperator(press.user))
    no = button(texts.button_keep_operator, ShowOperator(press.user))
    await visit.show(Screen(texts.operator_remove.format(name=names.escaped(known.user)), keyboard([yes], [no])))


async def remove_operator(visit: Visit, press: RemoveOperator) -> None:
    """Remove somebody, and tell them."""
    known = await visit.desk.staffing.find(press.user)
    try:
        was_one = await visit.desk.staffing.remove(press.user, operator=person(visit), now=visit.now)
    except OwnerOfSettings:
        await _show_one(visit, known)
        return
    await visit.show(await _list_screen(visit, _FIRST))
    if was_one and known is not None:
        await visit.desk.menus.show(visit.bot, known.user, None)
        await tell(visit.bot, visit.desk, known, lambda texts: texts.you_were_removed)


async def ask_invitation(visit: Visit, _: AskInvitation) -> None:
    """Ask as what somebody shall be invited; the code of the link waits in the buttons."""
    texts, code = visit.texts, InvitationCode(new_code())
    rows = [
        [button(texts.button_invite_operator, Invite(Role.OPERATOR, code))],
        [button(texts.button_invite_viewer, Invite(Role.VIEWER, code))],
        [button(texts.button_back, ShowOperators(_FIRST))],
    ]
    await visit.show(Screen(texts.invite_as, keyboard(*rows)))


async def invite(visit: Visit, press: Invite) -> None:
    """Make an invitation, and send a message with the link that can be passed on as it is."""
    try:
        made = await visit.desk.inviting.invite(press.invitation, press.role, operator=person(visit), now=visit.now)
    except ValueError:
        made = None
    if made is None:  # an old button, whose invitation was used meanwhile
        await visit.show(await _list_screen(visit, _FIRST))
        return
    texts = visit.texts
    until = moment_phrase(made.expires_at, visit.desk.home_zone, texts, now=visit.now)
    back = button(texts.button_all_operators, ShowOperators(_FIRST))
    await visit.show(Screen(texts.invitation_made.format(until=until), keyboard([back])))
    clinic = escaped(visit.desk.library.catalogue.clinic.name)
    link = f"https://t.me/{visit.bot.username}?start={press.invitation}"
    role = as_role(made.role, texts)
    await visit.send(Screen(texts.invitation.format(clinic=clinic, role=role, until=until, link=link)))


async def withdraw(visit: Visit, press: WithdrawInvitation) -> None:
    """Take an invitation back; one that is gone already is gone."""
    await visit.desk.inviting.withdraw(press.digest, operator=person(visit), now=visit.now)
    await visit.show(await _list_screen(visit, _FIRST))


async def _list_screen(visit: Visit, page: Page) -> Screen:
    texts = visit.texts
    roster = await visit.desk.staffing.roster(operator=person(visit), now=visit.now)
    page = Page(min(page, (len(roster.operators) - 1) // ON_A_PAGE, LAST_PAGE))
    shown = roster.operators[page * ON_A_PAGE :][:ON_A_PAGE]
    names = await names_of(visit.bot, [one.user for one in shown])
    parts = [texts.operators_page.format(operators="\n".join(_line(visit, one, names) for one in shown))]
    if roster.invitations:
        waiting = "\n".join(_invitation_line(visit, one) for one in roster.invitations)
        parts.append(texts.invitations_waiting.format(invitations=waiting))
    if not roster.may_manage:
        parts.append(texts.operators_by_owners)
    rows = _rows_of_owners(visit, roster, shown, names) if roster.may_manage else []
    return Screen("\n\n".join(parts), keyboard(*rows, _leaf(roster, page, texts)))


def _rows_of_owners(
    visit: Visit, roster: Roster, shown: tuple[Operator, ...], names: Names
) -> list[list[InlineKeyboardButton]]:
    texts = visit.texts
    people = [one for one in shown if one.role is not Role.OWNER]
    rows = [[button(names.plain(one.user), ShowOperator(UserNumber(one.user)))] for one in people]
    for one in roster.invitations:
        label = texts.button_withdraw.format(role=role_name(one.role, texts), moment=_expiry(visit, one))
        rows.append([button(label, WithdrawInvitation(DigestBeginning(one.code_digest[:DIGEST_BEGINNING])))])
    return [*rows, [button(texts.button_invite, AskInvitation())]]


def _leaf(roster: Roster, page: Page, texts: Texts) -> list[InlineKeyboardButton]:
    has_more = len(roster.operators) > (page + 1) * ON_A_PAGE and page < LAST_PAGE
    earlier = [button(texts.button_back, ShowOperators(Page(page - 1)))] if page else []
    return [*earlier, *([button(texts.button_next, ShowOperators(Page(page + 1)))] if has_more else [])]


def _line(visit: Visit, operator: Operator, names: Names) -> str:
    texts = visit.texts
    words = texts.operator_you if operator.user == person(visit) else texts.operator_line
    return words.format(
        name=names.escaped(operator.user),
        role=role_name(operator.role, texts),
        since=_date(operator.since, visit.desk.home_zone, texts),
    )


def _invitation_line(visit: Visit, invitation: Invitation) -> str:
    role = role_name(invitation.role, visit.texts)
    return visit.texts.invitation_line.format(role=role, until=_expiry(visit, invitation))


def _expiry(visit: Visit, invitation: Invitation) -> str:
    return moment_phrase(invitation.expires_at, visit.desk.home_zone, visit.texts, now=visit.now)


async def _show_one(visit: Visit, operator: Operator | None) -> None:
    """Show what can be changed about somebody; who is no operator (any more) is missing from the list instead."""
    if operator is None:
        await visit.show(await _list_screen(visit, _FIRST))
        return
    texts, names = visit.texts, await names_of(visit.bot, [operator.user])
    words = {
        Role.OWNER: texts.owner_page,
        Role.OPERATOR: texts.operator_page,
        Role.VIEWER: texts.viewer_page,
    }[operator.role]
    since = _date(operator.since, visit.desk.home_zone, texts)
    user, rows = UserNumber(operator.user), [[button(texts.button_back, ShowOperators(_FIRST))]]
    if operator.role is not Role.OWNER:
        is_viewer = operator.role is Role.VIEWER
        label = texts.button_make_operator if is_viewer else texts.button_make_viewer
        change = ChangeRole(user, Role.OPERATOR if is_viewer else Role.VIEWER)
        rows = [[button(label, change)], [button(texts.button_remove_operator, AskRemoval(user))], *rows]
    await visit.show(Screen(words.format(name=names.escaped(operator.user), since=since), keyboard(*rows)))


def _new_role(role: Role, texts: Texts) -> str:
    return texts.you_are_viewer if role is Role.VIEWER else texts.you_are_operator


def _date(moment: datetime, zone: str, texts: Texts) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return texts.full_date.format(day=local.day, month=local.month, year=local.year)


AREA = Area(
    commands={"operators": Spoken(Right.SEE, operators)},
    presses={
        ShowOperators: Pressed(Right.SEE, show_operators),
        ShowOperator: Pressed(Right.MANAGE, show_operator),
        ChangeRole: Pressed(Right.MANAGE, change_role),
        AskRemoval: Pressed(Right.MANAGE, ask_removal),
        RemoveOperator: Pressed(Right.MANAGE, remove_operator),
        AskInvitation: Pressed(Right.MANAGE, ask_invitation),
        Invite: Pressed(Right.MANAGE, invite),
        WithdrawInvitation: Pressed(Right.MANAGE, withdraw),
    },
)
