"""Finding documents by words: one index in memory for each language, ranked by BM25, forgiving about typing errors.

It knows nothing of advice: whoever has something to be found hands it over as documents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Filter, Occur, Query, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from tipbot.domain.content import ENGLISH, Language

# How much a word counts by where it stands.
WEIGHTS = {"title": 3.0, "about": 1.5, "body": 1.0}
# In these it may carry a document alone; in the body it needs company.
TELLING = ("title", "about")
# A word of so many letters may have one letter wrong; shorter ones become too many others.
FORGIVEN_FROM = 5
# Such a word scores 1 in the library however rare it is; spelt rightly, a telling word scores about this.
FORGIVEN_SCORE = 5.0
LONGEST_WORD = 40
# Words that are looked at: a message may have 4,096 characters, and its beginning says what it is about.
MOST_WORDS = 30
# What having most of the words is worth; the score of a document is far below it.
FITS = 1000.0
# Bytes that the library may use while it builds an index; it takes no less.
BUILDING_BYTES = 15_000_000
# How many are ranked before the weight of each document is taken into account.
RANKED = 30

_STEMMERS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """Something that can be found.

    `about` are words it shall be found by although they are not in it. `weight` multiplies its rank: with a tiny
    one it comes after everything else that fits.
    """

    id: str
    language: Language
    title: str
    body: str
    about: str = ""
    weight: float = 1.0


class Index:
    """Documents of all languages, ready to be searched; it never changes."""

    def __init__(self, documents: Iterable[Document], ignored: Mapping[Language, Sequence[str]]) -> None:
        """Index the documents; `ignored` are words of each language that say nothing."""
        by_language: dict[Language, list[Document]] = {language: [] for language in ignored}
        for document in documents:
            by_language.setdefault(document.language, []).append(document)
        self._shelves = {
            language: _Shelf(language, found, ignored.get(language, ())) for language, found in by_language.items()
        }

    def find(self, language: Language, words: str, *, most: int) -> tuple[str, ...]:
        """Return the ids of the documents that fit these words best, at most so many, the best first."""
        broader = Language(language.partition("-")[0])
        shelf = self._shelves.get(language) or self._shelves.get(broader) or self._shelves.get(ENGLISH)
        return () if shelf is None else shelf.find(words)[:most]


class _Shelf:
    """The documents of one language."""

    def __init__(self, language: Language, documents: Sequence[Document], ignored: Sequence[str]) -> None:
        self._documents = tuple(documents)
        stemmed, self._typed = _analyzers(language, ignored)
        self._stemmed = stemmed
        builder = SchemaBuilder()
        for field in WEIGHTS:
            builder.add_text_field(field, tokenizer_name="words")
        self._schema = builder.add_unsigned_field("number", stored=True).build()
        index = tantivy.Index(self._schema)
        index.register_tokenizer("words", stemmed)
        with index.writer(BUILDING_BYTES, num_threads=1) as writer:
            for number, document in enumerate(documents):
                writer.add_document(_entry(number, document))
        index.reload()
        self._searcher = index.searcher()

    def find(self, words: str) -> tuple[str, ...]:
        """Return the ids of all documents that fit, the best first."""
        text = _plain(words)
        # Both drop the same words, so each stem stands beside the word it was made of.
        wanted = dict(list(zip(self._stemmed.analyze(text), self._typed.analyze(text), strict=True))[:MOST_WORDS])
        if not wanted:
            return ()
        # Most of the words must be found; after these come documents with one of them in a telling place.
        most = len(wanted) // 2 + 1
        scores = self._scored(wanted, TELLING, 1)
        for document, score in self._scored(wanted, tuple(WEIGHTS), most).items():
            scores[document] = FITS + score
        best = sorted(scores, key=lambda document: (-scores[document] * document.weight, document.id))
        return tuple(document.id for document in best)

    def _scored(self, words: Mapping[str, str], fields: Sequence[str], least: int) -> dict[Document, float]:
        query = Query.boolean_query(
            [(Occur.Should, self._anywhere(stem, typed, fields)) for stem, typed in words.items()], least
        )
        hits = self._searcher.search(query, RANKED, count=False).hits
        numbers = [(int(self._searcher.doc(address)["number"][0]), float(score)) for score, address in hits]
        return {self._documents[number]: score for number, score in numbers}

    def _anywhere(self, stem: str, typed: str, fields: Sequence[str]) -> Query:
        """Look for a word in several fields; the best of them counts."""
        is_known = any(self._searcher.doc_freq(field, stem) for field in WEIGHTS)
        is_forgiven = not is_known and len(typed) >= FORGIVEN_FROM
        # A typing error may lead the stemmer astray, so the word is also tried as it was typed.
        spellings = dict.fromkeys((stem, typed)) if is_forgiven else (stem,)
        ways = [
            Query.boost_query(self._one(spelling, field, is_forgiven=is_forgiven), WEIGHTS[field])
            for field in fields
            for spelling in spellings
        ]
        return Query.disjunction_max_query(ways, 0.2)

    def _one(self, word: str, field: str, *, is_forgiven: bool) -> Query:
        if is_forgiven:
            query = Query.fuzzy_term_query(self._schema, field, word, distance=1)
            return Query.boost_query(query, FORGIVEN_SCORE)
        return Query.term_query(self._schema, field, word)


def _entry(number: int, document: Document) -> tantivy.Document:
    return tantivy.Document(
        number=number, title=_plain(document.title), about=_plain(document.about), body=_plain(document.body)
    )


def _plain(text: str) -> str:
    """Return a text without apostrophes, so that "don't" stays one word, and without what UTF-8 cannot hold."""
    text = text.encode(errors="ignore").decode()
    return text.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")


def _analyzers(language: Language, ignored: Sequence[str]) -> tuple[TextAnalyzer, TextAnalyzer]:
    """Return what cuts a text into stems, and what leaves its words as they are."""
    stemmer = _STEMMERS.get(language.partition("-")[0])
    typed = _words_of(ignored)
    return (typed.filter(Filter.stemmer(stemmer)) if stemmer else typed).build(), _words_of(ignored).build()


def _words_of(ignored: Sequence[str]) -> TextAnalyzerBuilder:
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(LONGEST_WORD))
        .filter(Filter.lowercase())
        .filter(Filter.custom_stopword([_plain(word.lower()) for word in ignored]))
        .filter(Filter.ascii_fold())
    )
