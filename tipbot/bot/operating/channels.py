"""Channels of the clinic: an operator who makes the bot an administrator is asked what to post there."""

from datetime import time

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberUpdated, InlineKeyboardButton
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, Forbidden

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import place_name
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.desk import Desk
from tipbot.bot.operating.door import Area, Pressed, person
from tipbot.bot.presses_of_operators import ChannelId, PostInChannel, StopPosting
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.operators import Right
from tipbot.domain.subscribers import ChatId, Status
from tipbot.domain.wall_time import format_wall_time
from tipbot.logs import get_logger
from tipbot.texts import Texts
from tipbot.usecases.channels import ChannelPlan

log = get_logger(__name__)

TIMES_OFFERED = (time(9, 0), time(12, 30), time(18, 0))


async def note_standing(change: ChatMemberUpdated, bot: Bot, desk: Desk) -> None:
    """Ask the operator who let the bot post in a channel what to post; forget a channel it was taken out of.

    Nobody else is asked: anybody can make the bot an administrator of a channel of their own.
    """
    channel = ChatId(change.chat.id)
    if not _may_post(change.new_chat_member):
        await desk.reach.lost(channel, Status.BLOCKED, now=desk.now())
    elif not _may_post(change.old_chat_member) and await desk.channels.may_decide(change.from_user.id):
        screen = _question(channel, change.chat.title or "", desk.texts_in(change.from_user.language_code))
        await _tell(bot, change.from_user.id, screen)


async def post(visit: Visit, press: PostInChannel) -> None:
    """Post the stretch of the day in a channel from now on."""
    texts = visit.texts
    title = await _title_where_we_may_post(visit, press.channel)
    if title is None:
        await visit.show(Screen(texts.channel_no_right))
        return
    plan = ChannelPlan(
        channel=ChatId(press.channel),
        language=visit.desk.language_of(visit.language_code),
        zone=visit.desk.home_zone,
        wall_time=press.wall_time,
    )
    await visit.desk.channels.post_daily(plan, operator=person(visit), now=visit.now)
    words = texts.channel_posts.format(
        title=escaped(title), time=format_wall_time(press.wall_time), place=place_name(plan.zone)
    )
    stop = button(texts.button_channel_stop, StopPosting(press.channel))
    await visit.show(Screen(words, keyboard(_times(press.channel, texts), [stop])))


async def stop(visit: Visit, press: StopPosting) -> None:
    """Post nothing more in a channel."""
    await visit.desk.channels.stop(ChatId(press.channel), operator=person(visit), now=visit.now)
    await visit.show(Screen(visit.texts.channel_silent, keyboard(_times(press.channel, visit.texts))))


def _question(channel: ChatId, title: str, texts: Texts) -> Screen:
    return Screen(
        texts.channel_question.format(title=escaped(title)),
        keyboard(
            _times(ChannelId(channel), texts),
            [button(texts.button_channel_nothing, StopPosting(ChannelId(channel)))],
        ),
    )


def _times(channel: ChannelId, texts: Texts) -> list[InlineKeyboardButton]:
    return [
        button(texts.button_channel_at.format(time=format_wall_time(at)), PostInChannel(channel, at))
        for at in TIMES_OFFERED
    ]


def _may_post(member: ChatMember) -> bool:
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)


async def _title_where_we_may_post(visit: Visit, channel: ChannelId) -> str | None:
    """Ask Telegram itself: a button may be old, and a number in it may be anything."""
    try:
        chat = await visit.bot.get_chat(channel)
        member = await visit.bot.get_chat_member(channel, visit.bot.id)
    except (BadRequest, Forbidden):
        return None
    return chat.title if chat.type == ChatType.CHANNEL and _may_post(member) else None


async def _tell(bot: Bot, operator: int, screen: Screen) -> None:
    try:
        await bot.send_message(operator, screen.text, parse_mode=ParseMode.HTML, reply_markup=screen.keyboard)
    except (BadRequest, Forbidden) as error:
        log.warning("operator_not_told", operators=1, reason=error.message)


# Who may not decide is turned away at the door, before Telegram is asked: nobody else may learn from a forged
# button where the bot posts.
AREA = Area(presses={PostInChannel: Pressed(Right.SEND, post), StopPosting: Pressed(Right.SEND, stop)})
