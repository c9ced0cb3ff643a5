"""What people at the page can do; everything that comes from the browser is checked here before anybody acts."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, get_origin

from tipbot.sandbox.faults import Kind
from tipbot.sandbox.formatting import TEXT_LIMIT
from tipbot.sandbox.groups import Group
from tipbot.sandbox.messages import Message
from tipbot.sandbox.page.cast import Cast, Player
from tipbot.sandbox.refusals import RefusalError
from tipbot.sandbox.screen import Shown, shown
from tipbot.sandbox.state import Telegram

MOST_IN_ALBUM = 10
LONGEST_RETRY = 3
# The faults that the page can switch on, with the words it calls them by.
SWITCHES = ("TOO_MANY_REQUESTS", "SERVER_ERROR", "HANG_AFTER", "BLOCKED")

Given = Mapping[str, Any]
Act = Callable[[Given], Awaitable[None]]
Value = TypeVar("Value", str, int, list[Any])


class ActRefusedError(Exception):
    """An act that cannot be done now; the text says why, for whoever sits at the page."""


def field_of(given: Given, name: str, kind: type[Value]) -> Value:
    """Return a field of what the browser sent; raises ActRefusedError where it is missing or of another kind."""
    value = given.get(name)
    if not isinstance(value, get_origin(kind) or kind) or isinstance(value, bool):
        reason = f"the field {name} is missing or not a {kind.__name__}"
        raise ActRefusedError(reason)
    return value


async def perform(acts: Mapping[str, Act], name: str, given: Given) -> None:
    """Do what the page asks for; raises ActRefusedError for what cannot be done, KeyError for an unknown act."""
    act = acts[name]
    try:
        await act(given)
    except (LookupError, RuntimeError) as reason:
        raise ActRefusedError(str(reason.args[0]) if reason.args else type(reason).__name__) from None
    except RefusalError as refusal:
        raise ActRefusedError(refusal.description) from None


class Acts:
    """The acts of the people in one cast."""

    def __init__(self, telegram: Telegram, cast: Cast) -> None:
        self._telegram = telegram
        self._cast = cast

    def table(self) -> dict[str, Act]:
        """Return every act by the name that the page calls it by."""
        own = (self.send, self.press, self.below, self.edit, self.delete, self.forward, self.read, self.locate)
        files = (self.photos, self.document)
        standing = (self.block, self.unblock, self.invite, self.expel, self.promote)
        rest = (self.ask, self.choose, self.fault, self.mend)
        return {act.__name__: act for act in (*own, *files, *standing, *rest)}

    async def send(self, given: Given) -> None:
        """Type a message, perhaps as a reply."""
        text = field_of(given, "text", str)
        if not text.strip() or len(text) > TEXT_LIMIT:
            reason = f"a message has 1 to {TEXT_LIMIT} characters"
            raise ActRefusedError(reason)
        player, place = self._who(given)
        answered = self._shown(given, "reply_to") if given.get("reply_to") else None
        await player.person.sends(text, to=place, reply_to=answered)

    async def press(self, given: Given) -> None:
        """Press the button at a row and column below a message."""
        player, place = self._who(given)
        row, column = field_of(given, "row", int), field_of(given, "column", int)
        if row < 0 or column < 0:
            raise ActRefusedError("that button is not there any more")
        await player.person.presses_at(field_of(given, "message_id", int), row, column, to=place)

    async def below(self, given: Given) -> None:
        """Press a button of the keyboard below the text field."""
        player, place = self._who(given)
        label = field_of(given, "text", str)
        if place is not None:
            await player.person.sends(label, to=place)
        elif any(label in row for row in player.person.keyboard):
            await player.person.presses(label)
        else:
            raise ActRefusedError("that keyboard is gone")

    async def edit(self, given: Given) -> None:
        """Change the words of an own message."""
        player, _ = self._who(given)
        text = field_of(given, "text", str)
        if text.strip():
            await player.person.edits(self._shown(given, "message_id"), text)

    async def delete(self, given: Given) -> None:
        """Delete a message."""
        player, _ = self._who(given)
        await player.person.deletes(self._shown(given, "message_id"))

    async def forward(self, given: Given) -> None:
        """Pass a message on to the bot, in the person's own chat with it."""
        player = self._cast.player(given.get("person"))
        await player.person.forwards(self._shown(given, "message_id"))

    async def read(self, given: Given) -> None:
        """See everything in a chat up to a message."""
        chat_id = given.get("chat")
        if isinstance(chat_id, int) and self._cast.has(chat_id):
            self._cast.reads(chat_id, field_of(given, "message_id", int))

    async def locate(self, given: Given) -> None:
        """Share a city's place with the bot, and be there from now on."""
        player, _ = self._who(given)
        city = self._cast.moves(player, given.get("city"))
        self._telegram.events.add("stage", None, {})
        await player.person.shares_location(city.latitude, city.longitude)

    async def photos(self, given: Given) -> None:
        """Send a photo, or several as an album."""
        player, place = self._who(given)
        photos = [_bytes(data) for data in field_of(given, "photos", list[Any])]
        caption = str(given.get("caption") or "")
        if len(photos) == 1:
            await player.person.sends_photo(photos[0], caption, to=place)
        elif 1 < len(photos) <= MOST_IN_ALBUM:
            await player.person.sends_album(photos, caption, to=place)
        else:
            raise ActRefusedError("one to ten photos can be sent at once")

    async def document(self, given: Given) -> None:
        """Send a file."""
        player, place = self._who(given)
        data = _bytes(field_of(given, "data", str))
        await player.person.sends_document(field_of(given, "name", str)[:100], data, to=place)

    async def block(self, given: Given) -> None:
        """Block the bot."""
        await self._cast.player(given.get("person")).person.blocks()

    async def unblock(self, given: Given) -> None:
        """Let the bot write again."""
        await self._cast.player(given.get("person")).person.unblocks()

    async def invite(self, given: Given) -> None:
        """Add the bot to a group."""
        await self._group(given).adds_bot()

    async def expel(self, given: Given) -> None:
        """Remove the bot from a group."""
        await self._group(given).removes_bot()

    async def promote(self, given: Given) -> None:
        """Make the bot an administrator of a group."""
        await self._group(given).promotes_bot()

    async def ask(self, given: Given) -> None:
        """Type words after the bot's name, to see what it offers there."""
        await self._cast.player(given.get("person")).person.asks_inline(field_of(given, "words", str))

    async def choose(self, given: Given) -> None:
        """Send one of the offers."""
        player, place = self._who(given)
        await player.person.chooses(field_of(given, "title", str), to=place)

    async def fault(self, given: Given) -> None:
        """Let calls of the bot go wrong: the next one, every so many, or all of them."""
        name, every = field_of(given, "kind", str), field_of(given, "every", int)
        if name not in SWITCHES or not 0 <= every <= 100:  # noqa: PLR2004 (no switch asks for more)
            raise ActRefusedError("there is no such switch")
        kind = Kind[name]
        await self._off(kind)
        times = 1 if every == 0 else None
        self._telegram.faults.add(kind, times=times, every=max(1, every), retry_after=LONGEST_RETRY)
        self._telegram.events.add("fault", None, {})

    async def mend(self, given: Given) -> None:
        """Switch one fault off."""
        name = field_of(given, "kind", str)
        if name in SWITCHES:
            await self._off(Kind[name])
            self._telegram.events.add("fault", None, {})

    async def _off(self, kind: Kind) -> None:
        for fault in self._telegram.faults.in_force:
            if fault.kind is kind:
                self._telegram.faults.remove(fault)

    def _who(self, given: Given) -> tuple[Player, Group | None]:
        player = self._cast.player(given.get("person"))
        return player, self._cast.place(given.get("chat"), player)

    def _group(self, given: Given) -> Group:
        chat_id = given.get("chat")
        if not isinstance(chat_id, int) or chat_id not in self._cast.groups:
            raise ActRefusedError("there is no such group on the page")
        return self._cast.groups[chat_id]

    def _shown(self, given: Given, name: str) -> Shown:
        chat_id = given.get("chat")
        found: Message | None = None
        if isinstance(chat_id, int) and self._cast.has(chat_id):
            found = self._telegram.messages.find(chat_id, field_of(given, name, int))
        if found is None:
            raise ActRefusedError("that message is gone")
        return shown(found)


def _bytes(data: object) -> bytes:
    try:
        return base64.b64decode(str(data), validate=True)
    except binascii.Error:
        raise ActRefusedError("the file arrived damaged") from None
