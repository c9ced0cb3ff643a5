"""A tip or a stretch on request, and another."""

from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import Another, ShowItem, Today
from tipbot.bot.rendering import Screen, render_delivery
from tipbot.domain.content import Item, Stretch
from tipbot.domain.subscribers import Kind, Status


async def bring_tip(visit: Visit) -> None:
    """Answer /tip."""
    await bring_today(visit, Today(Kind.TIP))


async def bring_stretch(visit: Visit) -> None:
    """Answer /stretch."""
    await bring_today(visit, Today(Kind.STRETCH))


async def bring_today(visit: Visit, press: Today) -> None:
    """Send today's item as a new message, so that it can be kept."""
    item = await visit.desk.ask.today(visit.chat_id, press.kind, now=visit.now)
    await visit.send(await _screen(visit, item, press.kind))


async def show_another(visit: Visit, press: Another) -> None:
    """Show the next item in place of the one above the button."""
    item = await visit.desk.ask.another(visit.chat_id, press.kind, now=visit.now)
    await visit.show(await _screen(visit, item, press.kind))


async def bring_item(visit: Visit, press: ShowItem) -> None:
    """Send one item by its id; one that was retired meanwhile is told politely."""
    language = visit.desk.language_of(visit.language_code)
    item = visit.desk.library.item(language, press.item)
    if item is None:
        await visit.send(Screen(visit.texts.item_retired))
        return
    kind = Kind.STRETCH if isinstance(item, Stretch) else Kind.TIP
    await visit.send(await _screen(visit, item, kind))


async def _screen(visit: Visit, item: Item, kind: Kind) -> Screen:
    """Return the item, and remind those to whom nothing comes by itself any more."""
    subscription = await visit.known()
    screen = render_delivery(item, visit.texts, visit.desk.library.catalogue, kind)
    if subscription.subscriber.status in {Status.ACTIVE, Status.PAUSED}:
        return screen
    reminder = visit.texts_of(subscription).next_none_stopped
    return screen._replace(text=f"{screen.text}\n\n{reminder}")
