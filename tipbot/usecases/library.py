"""The content in use, as the other capabilities ask for it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from tipbot.catalogue import Catalogue
from tipbot.domain.content import ENGLISH, Card, Item, ItemId, Language, Stretch, Theme, Tip, Topic, is_about
from tipbot.domain.subscribers import Kind
from tipbot.texts import Texts

NEUTRAL_TOPICS = frozenset({Topic.SLEEP, Topic.STRESS, Topic.MINDFULNESS, Topic.KNOWLEDGE, Topic.CARE})
"""What may come while stretches rest: nothing of it asks a body to do more."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Edition:
    """What TipBot gives and says, as one value that never changes: a new one takes its place as a whole.

    `written` is the content as it stands in the files, `given` the same without what was retired.
    """

    written: Catalogue
    given: Catalogue
    texts: Mapping[Language, Texts]
    retired: frozenset[ItemId]

    @classmethod
    def of(cls, written: Catalogue, texts: Mapping[Language, Texts], retired: Collection[ItemId] = ()) -> Self:
        """Return the edition that these files and these retired items make."""
        return cls(written, written.without(retired), texts, frozenset(retired))


class Library:
    """Holds the edition in use, so that a new one can take its place while everything runs."""

    def __init__(self, catalogue: Catalogue, texts: Mapping[Language, Texts] | None = None) -> None:
        self.edition = Edition.of(catalogue, texts or {})
        self.texts: Mapping[Language, Texts] = Words(self)

    @property
    def catalogue(self) -> Catalogue:
        """All that is given at the moment."""
        return self.edition.given

    def take_in(self, catalogue: Catalogue, texts: Mapping[Language, Texts] | None = None) -> None:
        """Let new content take the place of the old, from the next question on; what was retired stays so."""
        now = self.edition
        self.edition = Edition.of(catalogue, now.texts if texts is None else texts, now.retired)

    def retire(self, items: Collection[ItemId]) -> None:
        """Give exactly these items to nobody, from the next question on."""
        now = self.edition
        if now.retired != frozenset(items):
            self.edition = Edition.of(now.written, now.texts, items)

    @property
    def consent_version(self) -> str:
        """Which words people agree to at the moment; the same in every language."""
        return self.catalogue.policy(ENGLISH).consent_version

    def deck(
        self, language: Language, kind: Kind, *, asked_for: bool = False, is_neutral: bool = False
    ) -> Sequence[ItemId]:
        """Return the ids that a standing order of this kind draws from, or somebody who asks for more.

        Education cards travel with the tips: about one message in three explains something. Cards that promote
        and advanced stretches come only to somebody who asks. A neutral deck asks nobody to move: it is for those
        whose stretches rest.
        """
        return deck_of(self.catalogue, language, kind, asked_for=asked_for, is_neutral=is_neutral)

    def on(self, language: Language, kind: Kind, theme: Theme, *, is_neutral: bool = False) -> Sequence[ItemId]:
        """Return the ids of all items of a kind on a topic or in a position, for somebody who asks."""
        deck = self.deck(language, kind, asked_for=True, is_neutral=is_neutral)
        return tuple(one for one in deck if (item := self.item(language, one)) and is_about(item, theme))

    def item(self, language: Language, item_id: ItemId) -> Item | None:
        """Return an item, or None when it has been retired."""
        return self.catalogue.item(language, item_id)


class Words(Mapping[Language, Texts]):
    """The bot's sentences of whatever edition is in use when somebody asks."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getitem__(self, language: Language) -> Texts:
        return self._library.edition.texts[language]

    def __iter__(self) -> Iterator[Language]:
        return iter(self._library.edition.texts)

    def __len__(self) -> int:
        return len(self._library.edition.texts)


def deck_of(
    catalogue: Catalogue, language: Language, kind: Kind, *, asked_for: bool = False, is_neutral: bool = False
) -> Sequence[ItemId]:
    """Return what `Library.deck` would, were this catalogue in use."""
    match kind:
        case Kind.TIP:
            cards = (card for card in catalogue.cards(language) if asked_for or not card.asked_for)
            items: tuple[Tip | Card, ...] = (*catalogue.tips(language), *cards)
            return tuple(item.id for item in items if not is_neutral or item.topic in NEUTRAL_TOPICS)
        case Kind.STRETCH:
            stretches = catalogue.stretches(language)
            return tuple(stretch.id for stretch in stretches if asked_for or not stretch.advanced)


def kind_of(item: Item) -> Kind:
    """Return with which kind of standing order an item comes."""
    return Kind.STRETCH if isinstance(item, Stretch) else Kind.TIP
