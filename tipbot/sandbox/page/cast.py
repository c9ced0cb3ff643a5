"""Who sits at the page: people with their time zones, and the groups they share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tipbot.sandbox.chats import IN_GROUP, Chat
from tipbot.sandbox.groups import Group
from tipbot.sandbox.people import Person
from tipbot.sandbox.state import Telegram


@dataclass(frozen=True, slots=True)
class City:
    """A place that can be shared; the zone is IANA."""

    name: str
    latitude: float
    longitude: float
    zone: str


CITIES = (
    City("London", 51.5074, -0.1278, "Europe/London"),
    City("New York", 40.7128, -74.006, "America/New_York"),
    City("Los Angeles", 34.0522, -118.2437, "America/Los_Angeles"),
    City("São Paulo", -23.5505, -46.6333, "America/Sao_Paulo"),
    City("Delhi", 28.6139, 77.209, "Asia/Kolkata"),
    City("Tokyo", 35.6762, 139.6503, "Asia/Tokyo"),
    City("Auckland", -36.8509, 174.7645, "Pacific/Auckland"),
)


@dataclass(slots=True)
class Player:
    """One person at the page, what they are there for, and where they are now."""

    person: Person
    role: str
    city: City

    @property
    def number(self) -> int:
        """The person's id."""
        return self.person.user.id


class Cast:
    """The people and groups of one page, and what each chat's viewer has read; ids come from outside."""

    def __init__(self, telegram: Telegram, players: Iterable[Player], groups: Iterable[Group] = ()) -> None:
        self._telegram = telegram
        self.players = {player.number: player for player in players}
        self._groups = list(groups)
        self._read: dict[int, int] = {}

    @property
    def groups(self) -> dict[int, Group]:
        """The groups by the ids they have now."""
        return {group.chat_id: group for group in self._groups}

    @property
    def chats(self) -> list[Chat]:
        """Every chat on the page, people first."""
        return [*(player.person.chat for player in self.players.values()), *(group.chat for group in self._groups)]

    def has(self, chat_id: int | None) -> bool:
        """Return whether a chat is on the page."""
        return chat_id in self.players or chat_id in self.groups

    def player(self, number: object) -> Player:
        """Return who has this id; raises LookupError."""
        found = self.players.get(number) if isinstance(number, int) else None
        if found is None:
            raise LookupError("nobody on the page has that number")
        return found

    def place(self, chat_id: object, player: Player) -> Group | None:
        """Return the group of this id, or None for the player's own chat; raises LookupError for any other."""
        group = self.groups.get(chat_id) if isinstance(chat_id, int) else None
        if group is None and chat_id != player.number:
            raise LookupError("there is no such chat on the page")
        return group

    def moves(self, player: Player, name: object) -> City:
        """Take a player to another city and return it; raises LookupError for one that is not listed."""
        city = next((city for city in CITIES if city.name == name), None)
        if city is None:
            raise LookupError("that city is not on the list")
        player.city = city
        return city

    def reads(self, chat_id: int, message_id: int) -> None:
        """Note that somebody has seen everything up to this message."""
        if message_id > self._read.get(chat_id, 0):
            self._read[chat_id] = message_id
            self._telegram.events.add("read", chat_id, {"message_id": message_id})

    def unread(self, chat: Chat) -> int:
        """Return how many messages of the bot are new in a chat."""
        seen = self._read.get(chat.id, 0)
        visible = reversed(self._telegram.messages.visible(chat.id))
        return sum(message.sender.is_bot and message.message_id > seen for message in visible)

    def members(self, chat: Chat) -> list[int]:
        """Return who of the page may write in a chat."""
        if chat.private:
            return [chat.id]
        return [number for number in self.players if chat.standing.get(number) in IN_GROUP]

    def as_json(self) -> dict[str, Any]:
        """Return what `restore` needs to go on another day."""
        cities = {str(number): player.city.name for number, player in self.players.items()}
        return {"cities": cities, "read": [*self._read.items()]}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what `as_json` returned."""
        self._read = dict(kept["read"])
        for number, name in kept["cities"].items():
            self.moves(self.player(int(number)), name)
