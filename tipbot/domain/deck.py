"""Which item comes next: every item once before any comes again, without keeping a history."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from struct import Struct

from tipbot.domain.content import ItemId


@dataclass(frozen=True, slots=True)
class DeckPosition:
    """How far somebody is through the deck: the round, and the key of the item drawn last in it."""

    cycle: int = 0
    key: int = -1


START_OF_DECK = DeckPosition()
# The ring has an order of its own: no round of the deck has this number.
_RING = -1
# Keys are smaller than this.
_KEYS = 1 << 63
# The golden ratio of 64 bits: multiples of it are spread evenly.
_ODD = 0x9E3779B97F4A7C15


def draw(items: Iterable[ItemId], *, owner: str, position: DeckPosition) -> tuple[ItemId, DeckPosition]:
    """Return the next item of this owner's deck and the position after it.

    Each round orders the items anew by a hash, so two numbers are all there is to remember. A new item takes
    its place in the round that is under way, a retired one drops out. Raises ValueError for an empty deck.
    """
    deck = tuple(items)
    if not deck:
        raise ValueError("there is no item to draw from")
    ahead = _keys(deck, owner, position.cycle, turned_by=position.key + 1)
    nearest = min(ahead)
    key = position.key + 1 + nearest
    if key < _KEYS:
        return deck[ahead.index(nearest)], DeckPosition(position.cycle, key)
    # The one just drawn is furthest ahead, all the way round.
    last = deck[ahead.index(_KEYS - 1)] if _KEYS - 1 in ahead else None
    return _open_round(deck, owner=owner, cycle=position.cycle + 1, last=last)


def next_of(items: Iterable[ItemId], *, owner: str, after: str) -> ItemId:
    """Return the item that follows after an item's id, or after any other word, in this owner's endless ring.

    The same question always has the same answer, and nothing has to be remembered. Raises ValueError where
    there is no item.
    """
    deck = tuple(items)
    if not deck:
        raise ValueError("there is no item to choose from")
    (here,) = _keys((ItemId(after),), owner, _RING)
    ring = sorted(zip(_keys(deck, owner, _RING), deck, strict=True))
    return next((item for key, item in ring if key > here), ring[0][1])


def _open_round(
    deck: tuple[ItemId, ...], *, owner: str, cycle: int, last: ItemId | None
) -> tuple[ItemId, DeckPosition]:
    """Start a round that does not begin with the item the last one ended with; a round number may be skipped."""
    while True:
        keys = _keys(deck, owner, cycle)
        key = min(keys)
        item = deck[keys.index(key)]
        if item != last or len(set(deck)) == 1:
            return item, DeckPosition(cycle, key)
        cycle += 1


def _keys(deck: tuple[ItemId, ...], owner: str, cycle: int, *, turned_by: int = 0) -> tuple[int, ...]:
    """Return the items' places in a round, as numbers that fit a signed 64-bit column.

    A round costs one hash; each item's own is mixed with it (by multiplication, which carries low bits up). The
    places can be turned, as those around a table, so that the place `turned_by` becomes the first. All of this is
    done for the whole deck at once, side by side in one large number, which takes a third of the time: a tick may
    draw for ten thousand people.
    """
    lanes = _lanes(deck)
    mixed = (lanes.numbers ^ _number(f"{owner}:{cycle}") * lanes.ones) * _ODD >> 1 & lanes.mask
    turned = mixed + (_KEYS - turned_by) * lanes.ones & lanes.mask
    return lanes.layout.unpack(turned.to_bytes(lanes.layout.size, "little"))


@dataclass(frozen=True, slots=True)
class _Lanes:
    """The items' hashes beside each other, each with room for a product of twice its length."""

    layout: Struct
    numbers: int
    ones: int
    mask: int


@lru_cache(maxsize=256)
def _lanes(deck: tuple[ItemId, ...]) -> _Lanes:
    layout = Struct("<" + "Q8x" * len(deck))

    def packed(numbers: Iterable[int]) -> int:
        return int.from_bytes(layout.pack(*numbers), "little")

    each = len(deck)
    return _Lanes(layout, packed(map(_number_of, deck)), packed([1] * each), packed([_KEYS - 1] * each))


# Somebody who left items out has a deck of their own, of items that are in everybody's.
@lru_cache(maxsize=1024)
def _number_of(item: ItemId) -> int:
    return _number(item)


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
