"""The stand-in for Telegram in one object: start it, put people in, watch what the bot does."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

from tipbot.sandbox.calls import CallLog
from tipbot.sandbox.channels import Channel
from tipbot.sandbox.chats import Chat, User
from tipbot.sandbox.faults import Faults
from tipbot.sandbox.groups import Group
from tipbot.sandbox.limits import NO_LIMITS, Limits
from tipbot.sandbox.people import Person
from tipbot.sandbox.screen import Shown, shown
from tipbot.sandbox.server import Front, serving
from tipbot.sandbox.state import Telegram

TOKEN = "424242:sandbox-token-of-no-value"  # noqa: S105 - opens nothing but the sandbox
FIRST_PERSON = 1000
FIRST_GROUP = -4000
FIRST_CHANNEL = -1_001_000_000_000


class Sandbox:
    """A Telegram of your own on loopback; `now` gives the time, timezone-aware, to everything in it."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        token: str = TOKEN,
        limits: Limits = NO_LIMITS,
        bot_name: str = "TipBot",
        bot_username: str = "tipbot_sandbox_bot",
        inline: bool = True,
    ) -> None:
        """Make an empty Telegram; `inline` is whether BotFather was told that the bot has inline mode."""
        bot = User(int(token.partition(":")[0]), bot_name, is_bot=True, username=bot_username)
        self.token = token
        self.telegram = Telegram(token, now, bot, limits, inline=inline)
        self._people = 0
        self._groups = 0
        self._channels = 0

    @property
    def calls(self) -> CallLog:
        """What the bot asked for and was told."""
        return self.telegram.calls

    @property
    def faults(self) -> Faults:
        """Where faults are added."""
        return self.telegram.faults

    def limit(self, limits: Limits) -> None:
        """Apply other limits from now on."""
        self.telegram.gate.change(limits)

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on 127.0.0.1 while the block runs and yield the address; may be entered again later."""
        front = Front(self.telegram)
        async with serving(self.telegram, front.application, port) as address:
            yield address

    def person(
        self,
        name: str,
        *,
        language_code: str | None = "en",
        chat_id: int | None = None,
        username: str | None = None,
        started: bool = False,
    ) -> Person:
        """Bring somebody in; until they write, or unless `started`, the bot may not write to them."""
        self._people += 1
        number = FIRST_PERSON + self._people if chat_id is None else chat_id
        if number in self.telegram.users:
            reason = f"there is somebody with the id {number} already"
            raise ValueError(reason)
        user = User(number, name, username=username, language_code=language_code)
        bot_id = self.telegram.bot.id
        chat = Chat(number, "private", name, bot_id, {number: user}, {bot_id: "member"}, started=started)
        self.telegram.add_chat(chat)
        return Person(self.telegram, user, chat)

    def group(
        self,
        title: str,
        *,
        administrators: Iterable[Person],
        members: Iterable[Person] = (),
        with_bot: bool = True,
    ) -> Group:
        """Found a group; its first administrator owns it and has just taken the bot in, unless not `with_bot`."""
        leading = [person.user for person in administrators]
        following = [person.user for person in members]
        if not leading:
            reason = f"the group {title!r} needs an administrator, who owns it"
            raise ValueError(reason)
        self._groups += 1
        bot = self.telegram.bot
        standing = {user.id: "member" for user in following}
        standing |= {user.id: "administrator" for user in leading} | {leading[0].id: "creator"}
        people = {user.id: user for user in (*leading, *following, bot)}
        chat = Chat(FIRST_GROUP - self._groups, "group", title, bot.id, people, standing)
        self.telegram.add_chat(chat)
        if with_bot:
            self.telegram.change_standing(chat, bot, "member", leading[0])
        return Group(self.telegram, chat, leading[0])

    def channel(self, title: str, *, owner: Person) -> Channel:
        """Open a channel; the bot is not in it yet."""
        self._channels += 1
        people = {user.id: user for user in (owner.user, self.telegram.bot)}
        number = FIRST_CHANNEL - self._channels
        chat = Chat(number, "channel", title, self.telegram.bot.id, people, {owner.user.id: "creator"})
        self.telegram.add_chat(chat)
        return Channel(self.telegram, chat, owner.user)

    def sent_to(self, chat_id: int) -> list[Shown]:
        """Return every message the bot sent to a chat, in order, as it looks now, deleted ones included."""
        return [shown(message) for message in self.telegram.messages.sent(chat_id)]

    async def quiet(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - how long a test is ready to wait
        """Wait until the bot confirmed every update and no call is in progress; else raises TimeoutError."""
        if not await self.telegram.pulse.until(self._at_rest, timeout):
            waiting = [f"{update.kind} in chat {update.chat_id}" for update in self.telegram.updates.waiting()]
            reason = (
                f"after {timeout} s the bot has not confirmed {waiting or 'nothing more'}, "
                f"and {self.calls.in_progress} of its calls are in progress"
            )
            raise TimeoutError(
                reason,
            )

    async def until(self, holds: Callable[[], bool], timeout: float = 5) -> None:  # noqa: ASYNC109 - same
        """Wait until `holds()`, looked at after each change in the sandbox; else raises TimeoutError."""
        if not await self.telegram.pulse.until(holds, timeout):
            reason = f"what the test waited for did not happen within {timeout} s"
            raise TimeoutError(reason)

    def _at_rest(self) -> bool:
        return not len(self.telegram.updates) and not self.calls.in_progress
