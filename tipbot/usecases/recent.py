"""When each chat got its last message, so that the next one keeps the distance Telegram asks for."""

from datetime import datetime, timedelta

from tipbot.domain.subscribers import ChatId

# Telegram asks for at most one message a second in one chat, and twenty a minute in a group (Bot FAQ, limits).
CHAT_INTERVAL = timedelta(seconds=1)
GROUP_INTERVAL = timedelta(seconds=3)
# Chats are remembered only for these intervals; the list is cleared out when it has doubled.
REMEMBERED_CHATS = 1_000


class RecentChats:
    """Remembers the last message to each chat for as long as it matters; replies and deliveries share it."""

    def __init__(self) -> None:
        self._last: dict[ChatId, datetime] = {}
        self._forget_above = REMEMBERED_CHATS

    def note(self, chat_id: ChatId, *, now: datetime) -> None:
        """Note that a message goes to this chat now (UTC)."""
        if len(self._last) > self._forget_above:
            self._last = {chat: at for chat, at in self._last.items() if at > now - GROUP_INTERVAL}
            self._forget_above = max(REMEMBERED_CHATS, 2 * len(self._last))
        self._last[chat_id] = now

    def free_at(self, chat_id: ChatId) -> datetime | None:
        """Return from when this chat may get another message, or None for at once."""
        last = self._last.get(chat_id)
        # Telegram numbers groups and channels below zero.
        return None if last is None else last + (GROUP_INTERVAL if chat_id < 0 else CHAT_INTERVAL)
