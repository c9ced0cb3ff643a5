"""Rules on words: plain text, nothing empty, nothing that claims, frightens, blames, sells or doses."""

from collections.abc import Iterator

from tipbot.catalogue.draft import Draft, Found
from tipbot.catalogue.passages import passages
from tipbot.catalogue.vocabulary import ALLOWED, AVOIDED, LINK, MARKUP, MEDICINE
from tipbot.domain.content import ENGLISH, Article, Item, Policy, Therapist, Urgent
from tipbot.domain.faults import Fault


def texts_are_plain(draft: Draft) -> Iterator[Fault]:
    """Find markup: it is added, and the text escaped, only where a message is written."""
    for found in draft.everything():
        for key, text in passages(found.value):
            if mark := MARKUP.search(text):
                advice = f'"{mark[0]}" cannot stand in a text. Write plain words; TipBot adds bold and the like.'
                yield found.place.fault(key, advice)


def texts_are_there(draft: Draft) -> Iterator[Fault]:
    """Find texts of nothing but spaces; only a reason may be left out, where the verdict needs none."""
    for found in draft.everything():
        for key, text in passages(found.value):
            if not text.strip() and key != "reason":
                yield found.place.fault(key, "This is empty. Write a text.")


def words_are_safe(draft: Draft) -> Iterator[Fault]:
    """Find wording on the house list, which is English; the claims of the sources are told, not made."""
    english: list[Found[Item | Article | Urgent | Policy | Therapist]] = [
        *draft.items.get(ENGLISH, ()),
        *draft.articles.get(ENGLISH, ()),
        *draft.therapists,
    ]
    if ENGLISH in draft.urgent:
        english.append(draft.urgent[ENGLISH])
    if ENGLISH in draft.policies:
        english.append(draft.policies[ENGLISH])
    for found in english:
        for key, text in passages(found.value):
            told = ALLOWED.sub(" ", text)
            for avoided in AVOIDED:
                if word := avoided.pattern.search(told):
                    yield found.place.fault(key, f'"{word[0]}" is a word to avoid. {avoided.instead}')


def advice_names_no_medicine(draft: Draft) -> Iterator[Fault]:
    """Find names and doses of medicines, in any language."""
    for found in (*draft.every_item(), *draft.every_article(), *draft.urgent.values()):
        for key, text in passages(found.value):
            if name := MEDICINE.search(text):
                advice = f'"{name[0]}" names a medicine or a dose. Say "ask a pharmacist" instead.'
                yield found.place.fault(key, advice)


def links_stay_out(draft: Draft) -> Iterator[Fault]:
    """Find links in advice, which is sent unasked; the urgent signs may link to the NHS and nowhere else."""
    for found in (*draft.every_item(), *draft.every_article()):
        for key, text in passages(found.value):
            if link := LINK.search(text):
                yield found.place.fault(key, f'"{link[0]}" is a link. Leave it out: links are kept in clinic.toml.')
    for urgent in draft.urgent.values():
        for key, text in passages(urgent.value):
            for link in LINK.finditer(text):
                if not f".{link['host'].lower()}".endswith(".nhs.uk"):
                    advice = f'"{link[0]}" is not a page of the NHS. Urgent signs never lead to a booking.'
                    yield urgent.place.fault(key, advice)
