"""Groups in which the bot is a member, and what can happen to them."""

from tipbot.sandbox.chats import Chat, User
from tipbot.sandbox.state import Telegram

SUPERGROUPS = -1_000_000_000_000


class Group:
    """A group with people and the bot; after `migrate()` it is the supergroup that took its place."""

    def __init__(self, telegram: Telegram, chat: Chat, owner: User) -> None:
        self._telegram = telegram
        self._owner = owner
        self.chat = chat

    @property
    def chat_id(self) -> int:
        """The id the group has now."""
        return self.chat.id

    async def migrate(self) -> int:
        """Make it a supergroup and return the new id; calls with the old id fail and tell the new one."""
        old = self.chat
        if old.kind == "supergroup":
            reason = f"{old.name!r} is a supergroup already"
            raise RuntimeError(reason)
        new = Chat(SUPERGROUPS + old.id, "supergroup", old.name, old.bot_id, dict(old.people), dict(old.standing))
        self._telegram.add_chat(new)
        for chat, content in (
            (old, {"migrate_to_chat_id": new.id}),
            (new, {"migrate_from_chat_id": old.id}),
        ):
            message = self._telegram.post(chat, self._owner, content)
            self._telegram.updates.add("message", chat.id, message.as_json())
        old.migrated_to = new.id
        self.chat = new
        return new.id

    async def adds(self, user: User) -> None:
        """Take somebody in; the bot is told only if it asked for chat_member updates."""
        self.chat.people[user.id] = user
        self._telegram.change_standing(self.chat, user, "member", self._owner)

    async def removes(self, user: User) -> None:
        """Throw somebody out; the bot is told only if it asked for chat_member updates."""
        self._telegram.change_standing(self.chat, user, "kicked", self._owner)

    async def removes_bot(self) -> None:
        """Throw the bot out."""
        self._telegram.change_standing(self.chat, self._telegram.bot, "kicked", self._owner)

    async def adds_bot(self) -> None:
        """Take the bot in (again)."""
        self._telegram.change_standing(self.chat, self._telegram.bot, "member", self._owner)

    async def promotes_bot(self) -> None:
        """Make the bot an administrator, who sees every message."""
        self._telegram.change_standing(self.chat, self._telegram.bot, "administrator", self._owner)
