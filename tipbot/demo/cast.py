"""Who plays in the demo's page: two subscribers in two time zones, an operator, and a group."""

from dataclasses import dataclass

from tipbot.sandbox import Group, Person, Sandbox
from tipbot.sandbox.page import CITIES, Cast, Player

LONDON, NEW_YORK = CITIES[0], CITIES[1]
ANN, BEN, OPERATOR, WALKERS = 1001, 1002, 1003, -4001


@dataclass(frozen=True, slots=True)
class _Part:
    """A part in the demo; the id is kept for good, so that a kept demo finds its people again."""

    number: int
    name: str
    role: str
    city: int


PARTS = (
    _Part(ANN, "Ann", "Subscriber", 0),
    _Part(BEN, "Ben", "Subscriber", 1),
    _Part(OPERATOR, "Charlotte", "Operator at the clinic", 0),
)
GROUP = "Sunday walkers"


def enter(sandbox: Sandbox) -> Cast:
    """Bring everybody in, and return them."""
    people = [sandbox.person(part.name, chat_id=part.number) for part in PARTS]
    group = sandbox.group(GROUP, administrators=people[:1], members=people[1:2], with_bot=False)
    return _cast(sandbox, people, group)


def come_back(sandbox: Sandbox) -> Cast:
    """Return everybody as they are in a sandbox that was restored."""
    people = [sandbox.known(part.number) for part in PARTS]
    return _cast(sandbox, people, sandbox.known_group(WALKERS))


def _cast(sandbox: Sandbox, people: list[Person], group: Group) -> Cast:
    players = [Player(person, part.role, CITIES[part.city]) for part, person in zip(PARTS, people, strict=True)]
    return Cast(sandbox.telegram, players, [group])
