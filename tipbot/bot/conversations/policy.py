"""The privacy policy in one message that changes; it needs no database and answers strangers as well."""

from tipbot.bot.buttons import button, in_rows, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses_of_rights import ShowPolicy, ShowPolicyPage
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.content import Policy


async def privacy(visit: Visit) -> None:
    """Answer /privacy."""
    await visit.send(_first_screen(visit))


async def show_policy(visit: Visit, _: ShowPolicy) -> None:
    """Show the first page: what matters most, and a button for each of the others."""
    await visit.show(_first_screen(visit))


async def show_page(visit: Visit, press: ShowPolicyPage) -> None:
    """Show one page; where it is no more, the first one leads on."""
    policy = _policy(visit)
    page = next((page for page in policy.pages if page.id == press.page), None)
    if page is None:
        await visit.show(_first_screen(visit))
        return
    back = button(visit.texts.button_back, ShowPolicy())
    await visit.show(Screen(_words(visit, page.title, page.text), keyboard([back])))


def _first_screen(visit: Visit) -> Screen:
    policy = _policy(visit)
    pages = [button(page.button, ShowPolicyPage(page.id)) for page in policy.pages]
    return Screen(_words(visit, policy.title, policy.summary), keyboard(*in_rows(pages, 2)))


def _policy(visit: Visit) -> Policy:
    return visit.desk.library.catalogue.policy(visit.desk.language_of(visit.language_code))


def _words(visit: Visit, title: str, text: str) -> str:
    clinic, policy = visit.desk.library.catalogue.clinic, _policy(visit)
    filled = escaped(text.strip()).format(
        clinic=escaped(clinic.name),
        address=escaped(clinic.address),
        contact=escaped(clinic.contact),
        website=escaped(clinic.website),
        privacy_contact=escaped(clinic.privacy_contact),
        host=escaped(clinic.host),
        chat=visit.chat_id,
    )
    effective = policy.effective
    day = visit.texts.full_date.format(day=effective.day, month=effective.month, year=effective.year)
    return visit.texts.policy_page.format(title=escaped(title), text=filled, version=policy.version, date=day)
