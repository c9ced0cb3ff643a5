"""Finding advice by words, and choosing some for people who are only looking."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256

from tipbot.catalogue import Catalogue
from tipbot.domain.check import Check
from tipbot.domain.content import Article, Card, Item, ItemId, Language, Stretch, TherapistId, Tip, Topic
from tipbot.search import Document, Index
from tipbot.texts import Texts, texts_for
from tipbot.usecases.library import Edition, Library

# Promotion and advanced stretches come after everything else that fits.
LAST = 1e-6
# Among so many of the best fits are enough that may be passed on.
LOOKED_THROUGH = 50

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")


class Find:
    """Searches what the library holds; an edition is indexed beside the event loop when it is first asked."""

    def __init__(self, library: Library, texts: Mapping[Language, Texts]) -> None:
        self._library = library
        self._texts = texts
        self._indexed: tuple[Edition, Index] | None = None

    async def best(self, language: Language, words: str, *, most: int) -> Sequence[Item | Article]:
        """Return the advice that fits these words best, at most so many; none for words that say nothing."""
        found = await self.best_of_all(language, words, most=most + len(self._library.catalogue.checks(language)))
        return [advice for advice in found if not isinstance(advice, Check)][:most]

    async def best_of_all(self, language: Language, words: str, *, most: int) -> Sequence[Item | Article | Check]:
        """Return the advice and the self-checks that fit these words best, at most so many."""
        index = await self._current()
        found = index.find(language, words, most=most)
        return [advice for advice in (self._advice(language, ItemId(one)) for one in found) if advice is not None]

    async def to_share(self, language: Language, words: str, *, most: int) -> Sequence[Item]:
        """Return the items fit for anybody's eyes that fit these words best: nothing advanced, no promotion."""
        found = await self.best(language, words, most=LOOKED_THROUGH)
        return [item for item in found if not isinstance(item, Article) and is_for_anybody(item)][:most]

    def of_the_day(self, language: Language, day: date, *, most: int) -> Sequence[Item]:
        """Return one item fit for anybody's eyes on each topic, others on another day."""
        by_topic: dict[Topic, list[Item]] = {}
        for item in _items(self._library.catalogue, language):
            if is_for_anybody(item):
                by_topic.setdefault(item.topic, []).append(item)
        chosen = [min(items, key=lambda item: _lot(item.id, day)) for items in by_topic.values()]
        return sorted(chosen, key=lambda item: _lot(item.id, day))[:most]

    def by_therapist(self, language: Language, therapist: TherapistId) -> Sequence[Item]:
        """Return a therapist's ideas in the order of the files: nothing advanced, no promotion."""
        items = _items(self._library.catalogue, language)
        return [item for item in items if item.therapist == therapist and is_for_anybody(item)]

    async def _current(self) -> Index:
        edition = self._library.edition
        if self._indexed is None or self._indexed[0] is not edition:
            # The words as they are now: in the middle of the work others may take their place.
            self._indexed = edition, await asyncio.to_thread(_build, edition.given, dict(self._texts))
        return self._indexed[1]

    def _advice(self, language: Language, advice_id: ItemId) -> Item | Article | Check | None:
        catalogue = self._library.catalogue
        check = next((one for one in catalogue.checks(language) if str(one.id) == advice_id), None)
        return check or catalogue.item(language, advice_id) or catalogue.article(language, advice_id)


def is_for_anybody(item: Item) -> bool:
    """Say whether an item may come to people who did not ask for just this."""
    match item:
        case Card():
            return not item.asked_for
        case Stretch():
            return not item.advanced
        case Tip():
            return True


def _build(catalogue: Catalogue, texts: Mapping[Language, Texts]) -> Index:
    ignored = {language: texts_for(texts, language)[1].ignored_words for language in catalogue.languages}
    return Index(_documents(catalogue, texts), ignored)


def _documents(catalogue: Catalogue, texts: Mapping[Language, Texts]) -> Iterator[Document]:
    for language in catalogue.languages:
        spoken = texts_for(texts, language)[1]
        about = _about(spoken)
        for item in _items(catalogue, language):
            yield _document(item, language, " ".join(about[item.topic]), spoken)
        for article in catalogue.articles(language):
            # Not by all its text: something so long would have every word, and hide the tip that is about it.
            headings = (section.heading for section in article.sections)
            yield Document(article.id, language, article.title, "\n".join((article.summary, *headings)))
        for check in catalogue.checks(language):
            yield Document(check.id, language, check.name, check.about)


def _items(catalogue: Catalogue, language: Language) -> tuple[Item, ...]:
    return (*catalogue.tips(language), *catalogue.cards(language), *catalogue.stretches(language))


def _document(item: Item, language: Language, about: str, texts: Texts) -> Document:
    match item:
        case Tip():
            return Document(item.id, language, item.title, _without_warnings(item.body, texts), about)
        case Card():
            weight = LAST if item.asked_for else 1.0
            return Document(item.id, language, item.title, f"{item.fact}\n{item.so_what}", about, weight)
        case Stretch(advanced=True):
            return Document(item.id, language, item.name, body="", weight=LAST)
        case Stretch():
            return Document(item.id, language, item.name, "\n".join((item.why, item.setup, *item.steps)), about)


def _without_warnings(body: str, texts: Texts) -> str:
    """Return a tip without the sentences that say for whom it is not: nobody shall find it by these words."""
    beginnings = tuple(words.casefold() for words in texts.not_for_beginnings)
    return " ".join(one for one in _SENTENCE_ENDS.split(body) if not one.casefold().startswith(beginnings))


def _about(texts: Texts) -> dict[Topic, tuple[str, ...]]:
    """Return the words that people use for each topic."""
    return {
        Topic.MOVEMENT: texts.topic_movement,
        Topic.POSTURE: texts.topic_posture,
        Topic.STRENGTH: texts.topic_strength,
        Topic.STRETCHING: texts.topic_stretching,
        Topic.SLEEP: texts.topic_sleep,
        Topic.STRESS: texts.topic_stress,
        Topic.MINDFULNESS: texts.topic_mindfulness,
        Topic.EXERCISE: texts.topic_exercise,
        Topic.RUNNING: texts.topic_running,
        Topic.CARE: texts.topic_care,
        Topic.KNOWLEDGE: texts.topic_knowledge,
    }


def _lot(item_id: ItemId, day: date) -> bytes:
    return sha256(f"{day}:{item_id}".encode()).digest()
