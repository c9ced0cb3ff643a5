"""The content in use, as the other capabilities ask for it."""

from collections.abc import Sequence

from tipbot.catalogue import Catalogue
from tipbot.domain.content import ENGLISH, Card, Item, ItemId, Language, Stretch, Theme, Tip, Topic, is_about
from tipbot.domain.subscribers import Kind

NEUTRAL_TOPICS = frozenset({Topic.SLEEP, Topic.STRESS, Topic.MINDFULNESS, Topic.KNOWLEDGE, Topic.CARE})
"""What may come while stretches rest: nothing of it asks a body to do more."""


class Library:
    """Holds the catalogue, so that a new one can take its place while everything runs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

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
        match kind:
            case Kind.TIP:
                cards = (card for card in self.catalogue.cards(language) if asked_for or not card.asked_for)
                items: tuple[Tip | Card, ...] = (*self.catalogue.tips(language), *cards)
                return tuple(item.id for item in items if not is_neutral or item.topic in NEUTRAL_TOPICS)
            case Kind.STRETCH:
                stretches = self.catalogue.stretches(language)
                return tuple(stretch.id for stretch in stretches if asked_for or not stretch.advanced)

    def on(self, language: Language, kind: Kind, theme: Theme, *, is_neutral: bool = False) -> Sequence[ItemId]:
        """Return the ids of all items of a kind on a topic or in a position, for somebody who asks."""
        deck = self.deck(language, kind, asked_for=True, is_neutral=is_neutral)
        return tuple(one for one in deck if (item := self.item(language, one)) and is_about(item, theme))

    def item(self, language: Language, item_id: ItemId) -> Item | None:
        """Return an item, or None when it has been retired."""
        return self.catalogue.item(language, item_id)


def kind_of(item: Item) -> Kind:
    """Return with which kind of standing order an item comes."""
    return Kind.STRETCH if isinstance(item, Stretch) else Kind.TIP
