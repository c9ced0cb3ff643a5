"""What happens to the bot's place in a chat: taken in, thrown out, blocked, or moved with its group."""

from telegram import ChatMember, ChatMemberRestricted, Update

from tipbot.bot.conversations import starting
from tipbot.bot.conversations.visit import Visit
from tipbot.domain.subscribers import ChatId, Status

_OUT = frozenset({ChatMember.LEFT, ChatMember.BANNED})


async def note_membership(visit: Visit, update: Update) -> None:
    """Greet a group that took the bot in; send nothing more to a chat that does not want it any more.

    Telegram tells of a private chat only that the bot was blocked or unblocked, and unblocking is no wish to
    start: that takes /start.
    """
    change = update.my_chat_member
    if change is None:
        return
    was_out, is_out = _is_out(change.old_chat_member), _is_out(change.new_chat_member)
    if is_out:
        await visit.desk.reach.lost(visit.chat_id, Status.BLOCKED, now=visit.now)
    elif was_out and visit.is_group:
        await starting.start(visit)


async def follow(visit: Visit, update: Update) -> None:
    """Take a subscription along to the new id of a group that became a supergroup."""
    new = update.message.migrate_to_chat_id if update.message else None
    if new is not None:
        await visit.desk.reach.moved(visit.chat_id, ChatId(new), now=visit.now)


def _is_out(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return not member.is_member
    return member.status in _OUT
