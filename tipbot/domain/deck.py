"""Which item comes next: every item once before any comes again, without keeping a history."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from tipbot.domain.content import ItemId


@dataclass(frozen=True, slots=True)
class DeckPosition:
    """How far somebody is through the deck: the round, and the key of the item drawn last in it."""

    cycle: int = 0
    key: int = -1


START_OF_DECK = DeckPosition()
# The ring has an order of its own: no round of the deck has this number.
_RING = -1


def draw(items: Iterable[ItemId], *, owner: str, position: DeckPosition) -> tuple[ItemId, DeckPosition]:
    """Return the next item of this owner's deck and the position after it.

    Each round orders the items anew by a hash, so two numbers are all there is to remember. A new item takes
    its place in the round that is under way, a retired one drops out. Raises ValueError for an empty deck.
    """
    deck = tuple(items)
    if not deck:
        raise ValueError("there is no item to draw from")
    rest = [(_key(owner, position.cycle, item), item) for item in deck]
    ahead = [entry for entry in rest if entry[0] > position.key]
    if ahead:
        key, item = min(ahead)
        return item, DeckPosition(position.cycle, key)
    last = next((item for key, item in rest if key == position.key), None)
    return _open_round(deck, owner=owner, cycle=position.cycle + 1, last=last)


def next_of(items: Iterable[ItemId], *, owner: str, after: str) -> ItemId:
    """Return the item that follows after an item's id, or after any other word, in this owner's endless ring.

    The same question always has the same answer, and nothing has to be remembered. Raises ValueError where
    there is no item.
    """
    ring = sorted((_key(owner, _RING, item), item) for item in items)
    if not ring:
        raise ValueError("there is no item to choose from")
    here = _key(owner, _RING, after)
    return next((item for key, item in ring if key > here), ring[0][1])


def _open_round(
    deck: tuple[ItemId, ...], *, owner: str, cycle: int, last: ItemId | None
) -> tuple[ItemId, DeckPosition]:
    """Start a round that does not begin with the item the last one ended with; a round number may be skipped."""
    while True:
        key, item = min((_key(owner, cycle, item), item) for item in deck)
        if item != last or len(set(deck)) == 1:
            return item, DeckPosition(cycle, key)
        cycle += 1


def _key(owner: str, cycle: int, item: str) -> int:
    """Return a number that fits a signed 64-bit column."""
    digest = blake2b(f"{owner}:{cycle}:{item}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
