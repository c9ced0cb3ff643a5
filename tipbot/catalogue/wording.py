"""Rules on words: plain text, nothing empty, nothing that claims, frightens, blames, sells or doses."""

from collections.abc import Iterator

from tipbot.catalogue.draft import Draft, Found
from tipbot.catalogue.vocabulary import ALLOWED, ANY_AVOIDED, AVOIDED, LINK, MARKUP, MEDICINE
from tipbot.domain.check import Check, Screens
from tipbot.domain.content import ENGLISH, Article, Item, Policy, Therapist, Urgent
from tipbot.domain.faults import Fault

_MAY_BE_EMPTY = frozenset({"reason", "needs", "when", "call"})
"""Keys of texts that rules of their own ask for where they are needed."""


def texts_are_plain(draft: Draft) -> Iterator[Fault]:
    """Find markup: it is added, and the text escaped, only where a message is written."""
    for found in draft.everything():
        for key, text in found.passages:
            if mark := MARKUP.search(text):
                advice = f'"{mark[0]}" cannot stand in a text. Write plain words; TipBot adds bold and the like.'
                yield found.place.fault(key, advice)


def texts_are_there(draft: Draft) -> Iterator[Fault]:
    """Find texts of nothing but spaces."""
    for found in draft.everything():
        for key, text in found.passages:
            if not text.strip() and key.rpartition(".")[2] not in _MAY_BE_EMPTY:
                yield found.place.fault(key, "This is empty. Write a text.")


def words_are_safe(draft: Draft) -> Iterator[Fault]:
    """Find wording on the house list, which is English; the claims of the sources are told, not made."""
    english: list[Found[Item | Article | Urgent | Policy | Therapist | Check | Screens]] = [
        *draft.items.get(ENGLISH, ()),
        *draft.articles.get(ENGLISH, ()),
        *draft.therapists,
        *draft.checks.get(ENGLISH, ()),
    ]
    english += [shelf[ENGLISH] for shelf in (draft.urgent, draft.policies, draft.screens) if ENGLISH in shelf]
    for found in english:
        for key, text in found.passages:
            told = ALLOWED.sub(" ", text)
            for avoided in AVOIDED if ANY_AVOIDED.search(told) else ():
                if word := avoided.pattern.search(told):
                    yield found.place.fault(key, f'"{word[0]}" is a word to avoid. {avoided.instead}')


def advice_names_no_medicine(draft: Draft) -> Iterator[Fault]:
    """Find names and doses of medicines, in any language."""
    advice: list[Found[object]] = [*draft.every_item(), *draft.every_article(), *draft.urgent.values()]
    for found in (*advice, *draft.every_check(), *draft.screens.values()):
        for key, text in found.passages:
            if name := MEDICINE.search(text):
                said = f'"{name[0]}" names a medicine or a dose. Say "ask a pharmacist" instead.'
                yield found.place.fault(key, said)


def links_stay_out(draft: Draft) -> Iterator[Fault]:
    """Find links in advice, which is sent unasked; the urgent signs may link to the NHS and nowhere else."""
    plain: list[Found[object]] = [*draft.every_item(), *draft.every_article(), *draft.every_check()]
    for found in (*plain, *draft.screens.values()):
        for key, text in found.passages:
            if link := LINK.search(text):
                yield found.place.fault(key, f'"{link[0]}" is a link. Leave it out: links are kept in clinic.toml.')
    for urgent in draft.urgent.values():
        for key, text in urgent.passages:
            for link in LINK.finditer(text):
                if not f".{link['host'].lower()}".endswith(".nhs.uk"):
                    advice = f'"{link[0]}" is not a page of the NHS. Urgent signs never lead to a booking.'
                    yield urgent.place.fault(key, advice)
