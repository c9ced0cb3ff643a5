"""Rules on how entries fit together: ids, therapists, sources, reviews, links and languages."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from urllib.parse import urlsplit

from tipbot.catalogue.draft import Draft, Found
from tipbot.domain.check import Check, Screens
from tipbot.domain.content import (
    CLINIC_TARGET,
    ENGLISH,
    Article,
    Card,
    Item,
    ItemId,
    Language,
    Origin,
    SourceItem,
    Stretch,
    Therapist,
    Urgent,
    Verdict,
)
from tipbot.domain.faults import Fault
from tipbot.domain.links import with_campaign

ID_LENGTH = 40
"""Characters of an id: it travels in buttons, whose data holds 64 bytes (Bot API, InlineKeyboardButton)."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def ids_are_well_formed(draft: Draft) -> Iterator[Fault]:
    """Find ids that do not fit into a button."""
    named: list[Found[Item | Article | Therapist]] = [
        *draft.every_item(),
        *draft.every_article(),
        *draft.therapists,
    ]
    for found in named:
        if len(found.value.id) > ID_LENGTH or not _ID.fullmatch(found.value.id):
            advice = f"An id has small letters, digits and single hyphens, at most {ID_LENGTH}: my-new-tip."
            yield found.place.fault("id", advice)


def ids_are_unique(draft: Draft) -> Iterator[Fault]:
    """Find ids that name two things; tips, cards, stretches and articles share their ids."""
    for language, shelf in draft.items.items():
        yield from _repeated((*shelf, *draft.articles[language]))
    yield from _repeated(draft.therapists)
    yield from _repeated(draft.source_items)


def _repeated(entries: Iterable[Found[Item | Article | Therapist | SourceItem]]) -> Iterator[Fault]:
    first: dict[str, Found[object]] = {}
    for found in entries:
        taken = first.setdefault(found.value.id, found)
        if taken is not found:
            advice = f"This id is taken by {taken.place.entry} in {taken.place.file}. Choose another."
            yield found.place.fault("id", advice)


def therapists_exist(draft: Draft) -> Iterator[Fault]:
    """Find names of therapists that therapists.toml does not have."""
    known = [found.value.id for found in draft.therapists]
    named: list[Found[Item | SourceItem | Check]] = [*draft.every_item(), *draft.source_items]
    for found in (*named, *draft.every_check()):
        therapist = found.value.therapist
        if therapist is not None and therapist not in known:
            yield found.place.fault("therapist", _unknown(therapist, known, "therapists.toml"))
    if draft.clinic:
        for therapist in draft.clinic.value.booking_urls:
            if therapist not in known:
                key = f"booking_urls.{therapist}"
                yield draft.clinic.place.fault(key, _unknown(therapist, known, "therapists.toml"))


def booking_links_have_their_own_names(draft: Draft) -> Iterator[Fault]:
    """Find a therapist whose booking link would be taken for the clinic's own."""
    for found in draft.therapists:
        if found.value.id == CLINIC_TARGET:
            advice = f'"{CLINIC_TARGET}" stands for the clinic itself in booking links. Choose another id.'
            yield found.place.fault("id", advice)


def authors_exist(draft: Draft) -> Iterator[Fault]:
    """Find authors of articles that therapists.toml does not have."""
    known = [found.value.id for found in draft.therapists]
    for found in draft.every_article():
        for number, author in enumerate(found.value.therapists, start=1):
            if author not in known:
                yield found.place.fault(f"therapists[#{number}]", _unknown(author, known, "therapists.toml"))


def _unknown(name: str, known: Iterable[str], where: str) -> str:
    near = get_close_matches(name, known, n=1)
    return f'"{name}" is not in {where}.' + (f' Did you mean "{near[0]}"?' if near else "")


def covered_sources_exist(draft: Draft) -> Iterator[Fault]:
    """Find advice that rests on no source item, on an unknown one, or on one that was left out."""
    verdicts: dict[str, Verdict] = {}
    for item in draft.source_items:
        verdicts.setdefault(item.value.id, item.value.verdict)
    resting: list[Found[Item | Article | Check]] = [*draft.every_item(), *draft.every_article()]
    for found in (*resting, *draft.every_check()):
        if not found.value.covers:
            yield found.place.fault("covers", "This is empty. Name the source items this advice rests on.")
        for number, cited in enumerate(found.value.covers, start=1):
            key = f"covers[#{number}]"
            if cited not in verdicts:
                yield found.place.fault(key, _unknown(cited, verdicts, "any file of sources/"))
            elif verdicts[cited] is Verdict.OMIT:
                advice = f'"{cited}" was left out (verdict "omit"). Take it out here, or change its verdict.'
                yield found.place.fault(key, advice)


def sources_are_covered(draft: Draft) -> Iterator[Fault]:
    """Find source items that nothing covers although they were not left out."""
    cited = {cited for found in draft.every_item() for cited in found.value.covers}
    cited |= {cited for found in draft.every_check() for cited in found.value.covers}
    for found in draft.source_items:
        if found.value.verdict is not Verdict.OMIT and found.value.id not in cited:
            advice = 'No tip, card, stretch or check covers this. Write one, or set verdict = "omit" and say why.'
            yield found.place.fault("id", advice)


def verdicts_have_reasons(draft: Draft) -> Iterator[Fault]:
    """Find source items that were changed or left out without saying why."""
    for found in draft.source_items:
        if found.value.verdict is not Verdict.KEEP and not found.value.reason.strip():
            advice = f'A verdict of "{found.value.verdict}" needs a reason. Say why in one sentence.'
            yield found.place.fault("reason", advice)


def reviews_look_ahead(draft: Draft) -> Iterator[Fault]:
    """Find reviews that are due no later than they were made."""
    reviewed: list[Found[Item | Article | Urgent | Check | Screens]] = [
        *draft.every_item(),
        *draft.every_article(),
        *draft.urgent.values(),
        *draft.every_check(),
        *draft.screens.values(),
    ]
    for found in reviewed:
        review = found.value.review
        if review.due <= review.on:
            yield found.place.fault("review.due", f"This must be later than the review itself ({review.on}).")


def clinic_links_work(draft: Draft) -> Iterator[Fault]:
    """Find links of the clinic that no browser would open."""
    if draft.clinic is None:
        return
    clinic = draft.clinic.value
    links = {"website": clinic.website, "booking_url": clinic.booking_url}
    links |= {f"booking_urls.{therapist}": link for therapist, link in clinic.booking_urls.items()}
    for key, link in links.items():
        if not _is_web_address(link):
            yield draft.clinic.place.fault(key, f'"{link}" is not a web address. It must begin with https://.')


def article_links_work(draft: Draft) -> Iterator[Fault]:
    """Find articles whose published version no browser would open."""
    for found in draft.every_article():
        link = found.value.url
        if link and not _is_web_address(link):
            yield found.place.fault("url", f'"{link}" is not a web address. It must begin with https://.')


def _is_web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
        with_campaign(link, Origin.MENU)
    except ValueError:  # also for a name that DNS cannot hold
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", link)


def languages_agree(draft: Draft) -> Iterator[Fault]:
    """Find what a translation lacks, adds or changes in substance: people may switch languages at any time."""
    original = _advice(draft, ENGLISH)
    for language in draft.items:
        if language == ENGLISH:
            continue
        shelf = tuple(_advice(draft, language).values())
        translated = {found.value.id for found in shelf}
        for place in (found.place for item_id, found in original.items() if item_id not in translated):
            file = language + place.file.removeprefix(ENGLISH)
            yield Fault(file, place.entry, f"This is not translated yet. The English is in {place.file}.")
        for found in shelf:
            yield from _agrees(found, original.get(found.value.id))


def warnings_agree(draft: Draft) -> Iterator[Fault]:
    """Find translations with more or fewer warnings than the English: one that was lost may harm somebody."""
    original: dict[str, Found[Item]] = {found.value.id: found for found in draft.items.get(ENGLISH, ())}
    for language, shelf in draft.items.items():
        for found in shelf if language != ENGLISH else ():
            english = original.get(found.value.id)
            if isinstance(found.value, Stretch) and english and isinstance(english.value, Stretch):
                yield from _as_many(found, found.value.not_for, english.value.not_for, "not_for")
    for language, urgent in draft.urgent.items():
        if language != ENGLISH and ENGLISH in draft.urgent:
            signs = draft.urgent[ENGLISH].value
            yield from _as_many(urgent, urgent.value.red_signs, signs.red_signs, "red_signs")
            yield from _as_many(urgent, urgent.value.amber_signs, signs.amber_signs, "amber_signs")


def _as_many(
    found: Found[Item] | Found[Urgent], here: tuple[str, ...], there: tuple[str, ...], key: str
) -> Iterator[Fault]:
    if len(here) != len(there):
        yield found.place.fault(key, f"There are {len(here)} here and {len(there)} in English. Translate each one.")


def _advice(draft: Draft, language: Language) -> dict[ItemId, Found[Item | Article]]:
    found: list[Found[Item | Article]] = [*draft.items.get(language, ()), *draft.articles.get(language, ())]
    return {one.value.id: one for one in found}


def _agrees(found: Found[Item | Article], original: Found[Item | Article] | None) -> Iterator[Fault]:
    if original is None:
        yield found.place.fault("id", "There is no English entry of this id. Add it there, or take this out.")
    elif type(found.value) is not type(original.value):
        yield found.place.fault("id", f"In English this is {original.place.entry}.")
    else:
        keys = ["covers", *(["therapists"] if isinstance(found.value, Article) else ["therapist", "topic"])]
        keys += ["position", "minutes", "advanced"] if isinstance(found.value, Stretch) else []
        keys += ["asked_for"] if isinstance(found.value, Card) else []
        for key in keys:
            if getattr(found.value, key) != getattr(original.value, key):
                yield found.place.fault(key, f"This must be the same as in {original.place.file}.")
