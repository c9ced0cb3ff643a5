"""Help, complaints, the urgent signs and people to call: they need no database and answer even while it is down."""

from telegram import InlineKeyboardMarkup

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import kind_title
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.leafing import ShowUrgent
from tipbot.bot.presses import OpenSettings, Today
from tipbot.bot.rendering import Screen, escaped, render_urgent
from tipbot.domain.check import SelfTests
from tipbot.domain.subscribers import Kind
from tipbot.texts import Texts


async def urgent(visit: Visit) -> None:
    """Answer /urgent."""
    await visit.send(render_urgent(visit.desk.library.catalogue.urgent(visit.language)))


async def show_urgent(visit: Visit, _: ShowUrgent) -> None:
    """Send the signs that need help now, below what is being read."""
    await urgent(visit)


async def crisis(visit: Visit) -> None:
    """Answer somebody who may not be safe with people to call, before anything else."""
    urgent_signs = visit.desk.library.catalogue.urgent(visit.language)
    await visit.send(Screen(visit.texts.crisis.format(crisis=escaped(urgent_signs.crisis))))


async def help_out(visit: Visit) -> None:
    """Answer /help."""
    texts = visit.texts
    checks = "" if visit.desk.selftests is SelfTests.OFF else f"{texts.help_checks}\n"
    more = [] if visit.is_group else [texts.help_search]
    # BotFather decides whether the bot may be called from other chats: /setinline.
    if visit.bot.supports_inline_queries:
        more.append(texts.help_inline.format(bot=escaped(visit.bot.name)))
    await visit.send(Screen("\n\n".join((texts.help.format(checks=checks), *more)), likely_buttons(texts)))


async def complaint(visit: Visit) -> None:
    """Answer /complaint with whom to turn to, first and after that."""
    clinic = visit.desk.library.catalogue.clinic
    words = visit.texts.complaint.format(
        clinic=escaped(clinic.name),
        address=escaped(clinic.address),
        privacy_contact=escaped(clinic.privacy_contact),
        chat=visit.chat_id,
    )
    await visit.send(Screen(words))


def likely_buttons(texts: Texts) -> InlineKeyboardMarkup:
    """Return what most people want next."""
    advice = [button(kind_title(kind, texts), Today(kind)) for kind in Kind]
    return keyboard([*advice, button(texts.button_settings, OpenSettings())])
