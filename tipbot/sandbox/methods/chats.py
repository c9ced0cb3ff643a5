"""getChat, getChatMember, getFile and the rest of what a bot can ask about its surroundings."""

from tipbot.sandbox.chats import IN_GROUP, Chat
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request
from tipbot.sandbox.state import Telegram


def _get_me(telegram: Telegram, _parameters: Parameters) -> object:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": telegram.inline.enabled,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return telegram.bot.as_json() | abilities


def _get_chat(telegram: Telegram, parameters: Parameters) -> object:
    chat = _known(telegram, parameters)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def _get_member(telegram: Telegram, parameters: Parameters) -> object:
    chat = _known(telegram, parameters)
    user = telegram.users.get(parameters.integer("user_id"))
    if user is None:
        raise bad_request("invalid user_id specified")
    if chat.private and user.id in (chat.id, telegram.bot.id):
        return chat.member_json(user, "member")
    if user.id not in chat.standing:
        raise bad_request("member not found")
    return chat.member_json(user)


def _get_administrators(telegram: Telegram, parameters: Parameters) -> object:
    chat = _known(telegram, parameters)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    leading = [user for user in chat.people.values() if chat.standing[user.id] in ("creator", "administrator")]
    return [chat.member_json(user) for user in leading if not user.is_bot]


def _get_member_count(telegram: Telegram, parameters: Parameters) -> object:
    chat = _known(telegram, parameters)
    return 2 if chat.private else sum(standing in IN_GROUP for standing in chat.standing.values())


def _leave_chat(telegram: Telegram, parameters: Parameters) -> object:
    chat = _known(telegram, parameters)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    telegram.change_standing(chat, telegram.bot, "left", telegram.bot)
    return True


def _get_file(telegram: Telegram, parameters: Parameters) -> object:
    return telegram.files.describe(parameters.text("file_id"))


def _known(telegram: Telegram, parameters: Parameters) -> Chat:
    """Return a chat the bot may look at: any person it met, and groups it is in."""
    chat = telegram.chat(parameters.chat())
    if not chat.private:
        chat.refuse_if_closed()
    return chat


METHODS = {
    "getMe": _get_me,
    "getChat": _get_chat,
    "getChatMember": _get_member,
    "getChatAdministrators": _get_administrators,
    "getChatMemberCount": _get_member_count,
    "leaveChat": _leave_chat,
    "getFile": _get_file,
}
