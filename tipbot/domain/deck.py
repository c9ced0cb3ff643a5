"""Which item comes next: every item once before any comes again, without keeping a history."""

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from tipbot.domain.content import ItemId


class DeckPosition(NamedTuple):
    """How far somebody is through the deck: the round, and the key of the item drawn last in it."""

    cycle: int = 0
    key: int = -1


START_OF_DECK = DeckPosition()
# So many ways there are to shuffle a deck; which of them a round of somebody's has is settled by a hash. They are
# shared, so that a draw is a search in an order that is there already: a tick may draw for ten thousand people.
SHUFFLES = 300
# The ring has an order of its own: no round of the deck has this number.
_RING = -1
# The golden ratio of 64 bits: multiples of it are spread evenly.
_ODD = 0x9E3779B97F4A7C15
_LOW_64 = (1 << 64) - 1


class Deck(tuple[ItemId, ...]):  # noqa: SLOT001 (Python has no slots beside the items of a tuple)
    """Items that keep their shuffles: whoever draws for many makes it once, with `deck_of`."""

    shuffles: "dict[int, _Shuffled]"
    numbers: list[int]


# The few decks that most people draw from; all shuffles of one are half a megabyte.
@lru_cache(maxsize=4)
def deck_of(items: tuple[ItemId, ...]) -> Deck:
    """Return the deck of these items, whose order does not matter to a draw."""
    deck = Deck(items)
    deck.shuffles, deck.numbers = {}, [_number(item) for item in items]
    return deck


def draw(
    items: Iterable[ItemId], *, owner: str, position: DeckPosition, left_out: Collection[ItemId] = ()
) -> tuple[ItemId, DeckPosition]:
    """Return the next item of this owner's deck and the position after it; what is `left_out` never comes.

    Each round orders the items anew by a hash, so two numbers are all there is to remember. A new item takes
    its place in the round that is under way, a retired one drops out. Raises ValueError where nothing is left.
    """
    deck = items if isinstance(items, Deck) else deck_of(tuple(items))
    shuffled = _shuffled(deck, _shuffle(owner, position.cycle))
    here = bisect_right(shuffled.keys, position.key)
    for index in range(here, len(deck)):
        if shuffled.items[index] not in left_out:
            return shuffled.items[index], DeckPosition(position.cycle, shuffled.keys[index])
    is_there_still = here > 0 and shuffled.keys[here - 1] == position.key
    last = shuffled.items[here - 1] if is_there_still else None
    return _open_round(deck, owner=owner, cycle=position.cycle + 1, last=last, left_out=left_out)


def next_of(items: Iterable[ItemId], *, owner: str, after: str) -> ItemId:
    """Return the item that follows after an item's id, or after any other word, in this owner's endless ring.

    The same question always has the same answer, and nothing has to be remembered. Raises ValueError where
    there is no item.
    """
    words = list(items)
    if not words:
        raise ValueError("there is no item to choose from")
    here, *keys = _keys(map(_number, (after, *words)), _number(f"{owner}:{_RING}"))
    ring = sorted(zip(keys, words, strict=True))
    return next((item for key, item in ring if key > here), ring[0][1])


def _open_round(
    deck: Deck, *, owner: str, cycle: int, last: ItemId | None, left_out: Collection[ItemId]
) -> tuple[ItemId, DeckPosition]:
    """Start a round that does not begin with the item the last one ended with; a round number may be skipped."""
    wanted = {item for item in deck if item not in left_out}
    if not wanted:
        raise ValueError("there is no item to draw from")
    while True:
        shuffled = _shuffled(deck, _shuffle(owner, cycle))
        key, item = next(one for one in zip(shuffled.keys, shuffled.items, strict=True) if one[1] in wanted)
        if item != last or len(wanted) == 1:
            return item, DeckPosition(cycle, key)
        cycle += 1


@dataclass(frozen=True, slots=True)
class _Shuffled:
    """A deck in the order of a round: the items and their keys, which fit a signed 64-bit column."""

    items: tuple[ItemId, ...]
    keys: "array[int]"


def _shuffled(deck: Deck, shuffle: int) -> _Shuffled:
    known = deck.shuffles.get(shuffle)
    if known is None:
        keys = _keys(deck.numbers, _number(f"dealing:{shuffle}"))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        known = _Shuffled(tuple(map(deck.__getitem__, order)), array("q", map(keys.__getitem__, order)))
        deck.shuffles[shuffle] = known
    return known


def _shuffle(owner: str, cycle: int) -> int:
    return _number(f"{owner}:{cycle}") % SHUFFLES


def _keys(numbers: Iterable[int], order: int) -> list[int]:
    """Return the places of items in an order, by mixing its number with theirs."""
    return [((number ^ order) * _ODD & _LOW_64) >> 1 for number in numbers]


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
