"""Channels, in which only administrators post and everybody reads."""

from tipbot.sandbox.chats import Chat, User
from tipbot.sandbox.state import Telegram


class Channel:
    """A channel of one owner; the bot posts in it once it has been made an administrator."""

    def __init__(self, telegram: Telegram, chat: Chat, owner: User) -> None:
        self._telegram = telegram
        self._owner = owner
        self.chat = chat

    @property
    def chat_id(self) -> int:
        """The id of the channel."""
        return self.chat.id

    async def adds_bot(self, *, may_post: bool = True) -> None:
        """Make the bot an administrator, with or without the right to post."""
        withheld = () if may_post else ("can_post_messages",)
        bot = self._telegram.bot
        self._telegram.change_standing(self.chat, bot, "administrator", self._owner, withheld=withheld)

    async def removes_bot(self) -> None:
        """Throw the bot out."""
        self._telegram.change_standing(self.chat, self._telegram.bot, "kicked", self._owner)
