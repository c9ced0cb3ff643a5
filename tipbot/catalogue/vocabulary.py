"""Words that advice must not use, and what to say instead; change this list with a clinician.

Most of them would make claims that only a medical device or a clinician may make (UK: MHRA), promise what nobody
can keep (advertising rules: CAP code), or frighten, blame or hurt the reader.
"""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Avoided:
    """A kind of wording that is not used, and a sentence on what to write instead."""

    words: str
    instead: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds them, whatever their case."""
        return re.compile(rf"\b(?:{self.words})\b", re.IGNORECASE)


AVOIDED = (
    Avoided(r"test results?", 'Say "what you noticed": nothing is tested here.'),
    Avoided(r"diagnos\w+", "Say that a health professional can tell more: TipBot names no cause."),
    Avoided(r"detect(?:s|ed|ing)?", 'Say "notice".'),
    Avoided(r"means? (?:that )?you have", 'Say "has many ordinary reasons": TipBot names no cause.'),
    Avoided(r"treat(?:s|ed|ing)?|treatment plans?", 'Say "may help" or "may ease".'),
    Avoided(r"cur(?:e|es|ed|ing)", 'Say "may help" or "may ease".'),
    Avoided(r"pain[- ]free|painless", 'Say "more comfortable".'),
    Avoided(r"prevent(?:s|ed|ing)? (?:\w+ ){0,2}(?:injur(?:y|ies)|pain)", "Say what it may help with."),
    Avoided(r"proven|proves?", 'Say "many people find" or "studies suggest".'),
    Avoided(r"personali[sz]ed", 'Say "general information": everyone gets the same advice.'),
    Avoided(r"monitor(?:s|ing)? your", "Leave this out: TipBot watches over no one."),
    Avoided(r"risk scores?", "Leave this out: TipBot scores nothing."),
    Avoided(r"(?-i:AI)|artificial intelligence", "Say which therapist the idea is from."),
    Avoided(r"eliminat(?:e|es|ed|ing)|get rid of", 'Say "may ease".'),
    Avoided(r"guarantee[sd]?|promise[sd]?|for good|for ever|forever", 'Make no promise: say "may help".'),
    Avoided(r"extremely beneficial|miracles?", 'Say "may help".'),
    Avoided(r"worn|wear and tear|crumbl(?:e|es|ed|ing|y)", "Say that backs are strong and made to move."),
    Avoided(r"damage[sd]?|damaging|degenerat(?:ion|ive|ed)", "Say that backs are strong and most pain settles."),
    Avoided(r"slip(?:s|ped|ping)? out|out of place|out of alignment", "Say that discs and joints stay in place."),
    Avoided(r"weak (?:spine|back|core|trunk)s?", 'Say "can get stronger".'),
    Avoided(r"slouch(?:e[sd]|ing|y)?|laz(?:y|ily|iness)|bad posture", "Blame no one: say what to try instead."),
    Avoided(r"overweight|obese|flabby|skinny|fat", "Leave out how bodies look."),
    Avoided(r"book (?:now|today|online|in with|your|an?)", "Leave offers out of advice."),
)

ANY_AVOIDED = re.compile(rf"\b(?:{'|'.join(avoided.words for avoided in AVOIDED)})\b", re.IGNORECASE)
"""All of them at once, for the texts that have none."""

ALLOWED = re.compile(
    r"\b(?:does not diagnose, monitor or treat|not a diagnosis|no cure|not a cure"
    r"|worn(?:[- ]out)? (?:shoes|trainers|soles)|(?:shoes|trainers|soles) (?:are |get )?worn"
    r"|no exercise ends back pain for good)\b",
    re.IGNORECASE,
)
"""Lines that say the opposite of what the words in them would claim, and words that are about shoes."""

CAUSE = re.compile(
    r"\b(?:dis[ck]s?|nerves?|sciatica|sciatic|sacroiliac|si joints?|facets?|vertebra[el]?|spondyl\w+|stenosis"
    r"|arthritis|scoliosis|osteoporosis|hernia\w*|impinge\w*|trapped|pinched|piriformis|hamstrings?|tendons?"
    r"|ligaments?|joints?|cauda equina|tumou?rs?|cancers?|fractures?|infections?|depression|anxiety)\b",
    re.IGNORECASE,
)
"""Names of what may be behind a pain: no ending of a check may say that it is (UK: MHRA, a device diagnoses)."""

MEDICINE = re.compile(
    r"\b(?:ibuprofen|paracetamol|aspirin|naproxen|diclofenac|codeine|co-codamol|tramadol|morphine|oxycodone"
    r"|diazepam|gabapentin|pregabalin|amitriptyline|duloxetine|nurofen|voltarol|calpol|panadol|nsaids?"
    r"|anti-?inflammator(?:y|ies)|opioids?|opiates?|steroid injections?)\b"
    r"|\b\d+(?:\.\d+)? ?(?:mg|mcg|micrograms?|milligrams?|ml|millilitres?|tablets?|capsules?|pills?)\b",
    re.IGNORECASE,
)
"""Names and doses of medicines: TipBot gives no advice on them, a pharmacist does."""

LINK = re.compile(r"(?:https?://|www\.)(?P<host>[^\s/)]*)[^\s)]*", re.IGNORECASE)
MARKUP = re.compile(r"[<>]|&(?:#\w+|[a-z]{2,8});", re.IGNORECASE)
