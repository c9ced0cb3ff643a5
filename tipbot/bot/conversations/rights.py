"""What everybody may ask for: a file with all that is kept about them, and to have it erased for good."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import plan_phrase
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses_of_rights import DeleteAll, KeepAll
from tipbot.bot.rendering import Screen
from tipbot.domain.content import ENGLISH
from tipbot.texts import Texts

Tables = Mapping[str, Sequence[Mapping[str, object]]]


async def my_data(visit: Visit) -> None:
    """Answer /mydata with a file of every row about this chat; in a group, point to the chat alone with the bot."""
    texts = visit.texts
    if visit.is_group:
        link = InlineKeyboardButton(texts.button_private_chat, url=f"https://t.me/{visit.bot.username}")
        await visit.send(Screen(texts.mydata_group, keyboard([link])))
        return
    tables = await visit.desk.rights.everything(visit.chat_id)
    if not tables:
        await visit.send(Screen(texts.nothing_kept))
        return
    name = texts.mydata_file.format(date=f"{visit.now:%Y-%m-%d}")
    await visit.send_file(_file(visit, tables), f"{name}.json", await _summary(visit, tables))


async def delete(visit: Visit) -> None:
    """Answer /delete with what goes and what stays; only the button does it."""
    texts = visit.texts
    if not await visit.desk.rights.everything(visit.chat_id):
        await visit.send(Screen(texts.nothing_kept))
        return
    words = texts.delete_group_page if visit.is_group else texts.delete_page
    buttons = [[button(texts.button_delete_all, DeleteAll())], [button(texts.button_keep_all, KeepAll())]]
    await visit.send(Screen(words, keyboard(*buttons)))


async def delete_all(visit: Visit, _: DeleteAll) -> None:
    """Erase everything about this chat at once; the second time there is nothing left to erase."""
    await visit.desk.rights.forget(visit.chat_id, now=visit.now)
    visit.desk.rate.forget(visit.chat_id)
    texts = visit.texts
    await visit.show(Screen(texts.deleted_group if visit.is_group else texts.deleted))


async def keep_all(visit: Visit, _: KeepAll) -> None:
    """Close the question of /delete."""
    await visit.show(Screen(visit.texts.not_deleted))


def _file(visit: Visit, tables: Tables) -> bytes:
    """Return all rows as JSON that people can read; moments are UTC."""
    whole = {
        "chat": visit.chat_id,
        "made_at": visit.now,
        "privacy_policy": visit.desk.library.catalogue.policy(ENGLISH).version,
        "record": tables,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False, default=_plain).encode()


def _plain(value: object) -> str:
    """Return a moment, a date or a wall time as ISO 8601; the record holds nothing else that JSON does not know."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


async def _summary(visit: Visit, tables: Tables) -> str:
    subscription = await visit.look_up()
    if subscription is None:
        return visit.texts.mydata_other
    texts, subscriber = visit.texts_of(subscription), subscription.subscriber
    return texts.mydata.format(
        plan=plan_phrase(subscription, texts),
        joined=_day(subscriber.joined_at, texts),
        last=_day(subscriber.last_active_at, texts),
        messages=len(tables.get("outbox", ())),
        favourites=len(tables.get("favourites", ())),
        exclusions=len(tables.get("exclusions", ())),
    )


def _day(moment: datetime, texts: Texts) -> str:
    return texts.full_date.format(day=moment.day, month=moment.month, year=moment.year)
