"""The deck: everything once before anything again, without a history."""

import itertools
from collections import Counter
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbot.domain.content import ItemId
from tipbot.domain.deck import SHUFFLES, START_OF_DECK, DeckPosition, draw, next_of

ITEMS = tuple(ItemId(f"item-{number}") for number in range(12))


def drawn(
    items: tuple[ItemId, ...], number: int, owner: str = "7", start: DeckPosition = START_OF_DECK
) -> list[ItemId]:
    found, position = [], start
    for _ in range(number):
        item, position = draw(items, owner=owner, position=position)
        found.append(item)
    return found


@given(owner=st.text(max_size=20), size=st.integers(1, 12), rounds=st.integers(1, 5))
def test_every_item_once_in_each_round(owner: str, size: int, rounds: int) -> None:
    items = ITEMS[:size]
    found = drawn(items, size * rounds, owner)
    for start in range(0, size * rounds, size):
        assert Counter(found[start : start + size]) == Counter(items)


@given(owner=st.text(max_size=20), size=st.integers(2, 6))
def test_no_item_twice_in_a_row_even_between_rounds(owner: str, size: int) -> None:
    found = drawn(ITEMS[:size], size * 6, owner)
    assert all(one != other for one, other in itertools.pairwise(found))


def plain_keys(items: tuple[ItemId, ...], owner: str, cycle: int) -> dict[int, ItemId]:
    """Return the places in a round, worked out for one item after another."""

    def number(text: str) -> int:
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")

    shuffle = number(f"dealing:{number(f'{owner}:{cycle}') % SHUFFLES}")
    mixed = ((number(item) ^ shuffle) * 0x9E3779B97F4A7C15 % 2**64 for item in items)
    return dict(zip((one >> 1 for one in mixed), items, strict=True))


@given(
    owner=st.text(max_size=20),
    size=st.integers(1, 12),
    cycle=st.integers(0, 99),
    place=st.integers(-1, 2**63 - 1) | st.integers(0, 11),
)
def test_the_next_is_the_nearest_ahead_also_for_decks_that_were_drawn_from_long_ago(
    owner: str, size: int, cycle: int, place: int
) -> None:
    keys = plain_keys(ITEMS[:size], owner, cycle)
    if place < size:  # right upon an item, also upon the last of the round
        place = sorted(keys)[place]
    item, position = draw(ITEMS[:size], owner=owner, position=DeckPosition(cycle, place))
    ahead = min((key for key in keys if key > place), default=None)
    if ahead is None:
        assert position.cycle > cycle
        assert item != keys.get(place) or size == 1
    else:
        assert (item, position) == (keys[ahead], DeckPosition(cycle, ahead))


@given(owner=st.text(max_size=20), size=st.integers(2, 12), without=st.sets(st.sampled_from(ITEMS[1:]), min_size=1))
def test_what_is_left_out_never_comes_and_everything_else_once_in_each_round(
    owner: str, size: int, without: set[ItemId]
) -> None:
    wanted = [item for item in ITEMS[:size] if item not in without]
    position, found = START_OF_DECK, []
    for _ in range(2 * len(wanted)):
        item, position = draw(ITEMS[:size], owner=owner, position=position, left_out=without)
        found.append(item)
    assert Counter(found[: len(wanted)]) == Counter(found[len(wanted) :]) == Counter(wanted)
    assert len(wanted) == 1 or all(one != other for one, other in itertools.pairwise(found))


def test_two_people_get_different_orders() -> None:
    assert drawn(ITEMS, 12, "1") != drawn(ITEMS, 12, "2")


def test_a_new_item_joins_the_round_or_the_next_and_a_retired_one_drops_out() -> None:
    first, position = draw(ITEMS, owner="7", position=START_OF_DECK)
    rest = (*tuple(item for item in ITEMS if item != ITEMS[5]), ItemId("new"))
    found = drawn(rest, 26, start=position)
    assert ITEMS[5] not in found
    assert 1 <= found.count(ItemId("new")) <= 3
    assert first not in found[:5]


def test_an_empty_deck_is_refused() -> None:
    with pytest.raises(ValueError, match="no item"):
        draw((), owner="7", position=START_OF_DECK)
    with pytest.raises(ValueError, match="no item"):
        draw(ITEMS, owner="7", position=START_OF_DECK, left_out=ITEMS)


def test_keys_fit_a_signed_64_bit_column() -> None:
    position = START_OF_DECK
    for _ in range(200):
        _, position = draw(ITEMS, owner="7", position=position)
        assert 0 <= position.key < 2**63


@given(owner=st.text(max_size=20), size=st.integers(1, 12))
def test_the_ring_brings_every_item_before_any_comes_again(owner: str, size: int) -> None:
    found = [next_of(ITEMS[:size], owner=owner, after="2026-11-22")]
    for _ in range(size - 1):
        found.append(next_of(ITEMS[:size], owner=owner, after=found[-1]))
    assert Counter(found) == Counter(ITEMS[:size])
    assert next_of(ITEMS[:size], owner=owner, after=found[-1]) == found[0]


def test_the_ring_goes_on_from_an_item_that_is_not_in_it_any_more() -> None:
    after = next_of(ITEMS, owner="7", after=ITEMS[0])
    assert next_of(ITEMS[1:], owner="7", after=ITEMS[0]) == after


def test_an_empty_ring_is_refused() -> None:
    with pytest.raises(ValueError, match="no item"):
        next_of((), owner="7", after="2026-11-22")
