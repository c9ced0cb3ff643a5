"""Who there is: users, private chats and groups, and whether the bot may write to them."""

from dataclasses import dataclass, field
from typing import Any

from tipbot.sandbox.refusals import bad_request, forbidden, migrated

IN_GROUP = ("creator", "administrator", "member")
_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


_CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")


@dataclass(frozen=True, slots=True)
class User:
    """A person or the bot itself."""

    id: int
    first_name: str
    is_bot: bool = False
    username: str | None = None
    language_code: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the User object of the Bot API."""
        known = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"username": self.username, "language_code": self.language_code}
        return known | {name: value for name, value in optional.items() if value}


@dataclass(slots=True)
class Chat:
    """A private chat, a group or a channel; `standing` holds everybody's place in it, the bot's among them."""

    id: int
    kind: str
    name: str
    bot_id: int
    people: dict[int, User] = field(default_factory=dict)
    standing: dict[int, str] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    started: bool = False
    deactivated: bool = False
    migrated_to: int | None = None
    reply_keyboard: dict[str, Any] | None = None

    @property
    def private(self) -> bool:
        """Whether one person and the bot talk alone."""
        return self.kind == "private"

    @property
    def bot_standing(self) -> str:
        """The bot's own place here; `kicked` in a private chat means that the person blocked it."""
        return self.standing.get(self.bot_id, "left")

    def as_json(self) -> dict[str, Any]:
        """Return the Chat object of the Bot API."""
        if not self.private:
            return {"id": self.id, "type": self.kind, "title": self.name}
        user = self.people[self.id]
        known = {"id": self.id, "type": self.kind, "first_name": user.first_name}
        return known | ({"username": user.username} if user.username else {})

    def member_json(self, user: User, standing: str | None = None) -> dict[str, Any]:
        """Return the ChatMember object for `user`, now or with another standing."""
        status = standing or self.standing.get(user.id, "left")
        member: dict[str, Any] = {"status": status, "user": user.as_json()}
        if status == "creator":
            member["is_anonymous"] = False
        elif status == "administrator":
            rights = (*_RIGHTS, *_CHANNEL_RIGHTS) if self.kind == "channel" else _RIGHTS
            denied = {"can_be_edited", "is_anonymous", *self.withheld}
            member |= {right: right not in denied for right in rights}
        elif status == "kicked":
            member["until_date"] = 0
        return member

    def refuse_if_closed(self) -> None:
        """Raise RefusalError unless the bot may write here now."""
        if self.migrated_to is not None:
            raise migrated(self.migrated_to)
        if self.private:
            self._refuse_if_person_is_out_of_reach()
        elif self.bot_standing == "kicked":
            reason = f"bot was kicked from the {self._noun}"
            raise forbidden(reason)
        elif self.bot_standing not in IN_GROUP:
            reason = f"bot is not a member of the {self._noun}"
            raise forbidden(reason)
        elif self.kind == "channel" and (self.bot_standing == "member" or "can_post_messages" in self.withheld):
            raise bad_request("need administrator rights in the channel chat")

    def _refuse_if_person_is_out_of_reach(self) -> None:
        if self.deactivated:
            raise forbidden("user is deactivated")
        if not self.started:
            raise forbidden("bot can't initiate conversation with a user")
        if self.bot_standing == "kicked":
            raise forbidden("bot was blocked by the user")

    @property
    def _noun(self) -> str:
        return {"supergroup": "supergroup chat", "channel": "channel chat"}.get(self.kind, "group chat")
