"""How hard an English text is to read: the Flesch-Kincaid grade, which is years of schooling in the US.

Formula: J. P. Kincaid and others, 1975. The house rule of grade 6 or less stands for a reading age of 9 to 11.
Syllables are estimated from the spelling, as no free pronouncing dictionary fits into this program.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z0-9]+(?:['\u2019][A-Za-z]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'\u201d\u2019)]*\s+|\n+")
_VOWELS = re.compile(r"[aeiouy]+")

_EXCEPTIONS = {
    "aches": 1,
    "argue": 2,
    "business": 2,
    "diabetes": 4,
    "evening": 2,
    "evenings": 2,
    "headaches": 2,
    "hundred": 2,
    "maybe": 2,
    "pilates": 3,
    "something": 2,
    "vertebrae": 3,
}

_SILENT = (
    (re.compile(r"['\u2019]"), ""),
    (re.compile(r"qu"), "kw"),
    (re.compile(r"^y(?=[aeiou])|(?<=[aeiou])y(?=[aeiou])"), "j"),
    (re.compile(r"^every"), "evry"),
    (re.compile(r"(?<=[gq])ue(?=[sd]?$)"), ""),
    # closely, careful, endless, awareness, movement; but not element
    (re.compile(r"([aeiouy][^aeiouy]*[^aeiouyl])e(?=(?:ly|ful|fully|less|ness|ments?)$)"), r"\1"),
    # sometimes, lifestyle, sideways
    (re.compile(r"(some|there|where|side|life|time|face|home)(?=[bcfghjklmnpqstvwxz][a-z])"), r"\1|"),
    (re.compile(r"e\|"), ""),
    # a last e is spoken after a consonant and l or r (muscle, centre), and silent elsewhere (move)
    (re.compile(r"([aeiouy].*(?<![^aeiouylr]l)(?<![^aeiouylr]r))e$"), r"\1"),
    (re.compile(r"([aeiouy].*(?<![^aeiouylr][lr])(?<![sxzcg])(?<![cs]h))es$"), r"\1s"),
    (re.compile(r"([aeiouy].*(?<![^aeiouylr]l)(?<![td]))ed$"), r"\1d"),
)

_SPOKEN_APART = re.compile(
    r"(?:[aeiou]|[^aeiou]y)ing$|iet|scie|[dr]ien|[rdvbmp]i[ou]|[rdvbmpt]ia(?!l$|lly$|ge|n)|[rdn]ial|[rd]ian|ciat"
    r"|scia|chial|iliac|sacro(?=i)|lios|physio|area|idea|creat(?!ur)|react|(?:vid|ster|st|th)eo|teus|flui|influen"
    r"|[tdsn]ua[lt]|[dsv]n['\u2019]t$|sms?$|thms?$"
)


@lru_cache(maxsize=10_000)
def syllables(word: str) -> int:
    """Return how many syllables an English word probably has; a number counts as one."""
    word = word.lower()
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    apart = len(_SPOKEN_APART.findall(word))
    for pattern, spelling in _SILENT:
        word = pattern.sub(spelling, word)
    return max(1, len(_VOWELS.findall(word)) + apart)


def words(text: str) -> list[str]:
    """Split a text into words; the parts of a hyphenated word count as words of their own."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Split a text into sentences; a new line also ends one."""
    return [part for part in _SENTENCE_END.split(text) if words(part)]


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text; an empty text has grade 0."""
    spoken = words(text)
    if not spoken:
        return 0.0
    words_per_sentence = len(spoken) / len(sentences(text))
    syllables_per_word = sum(map(syllables, spoken)) / len(spoken)
    return 0.39 * words_per_sentence + 11.8 * syllables_per_word - 15.59
