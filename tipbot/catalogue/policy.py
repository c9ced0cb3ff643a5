"""Rules on the privacy policy: it can be filled in, read on a phone, told apart by version, and lacks nothing."""

import re
from collections.abc import Iterator
from string import Formatter

from tipbot.catalogue.draft import Draft, Found
from tipbot.domain.content import ENGLISH, Policy
from tipbot.domain.faults import Fault

NEEDED = frozenset({"clinic", "address", "contact", "privacy_contact", "host", "chat"})
"""What must be filled in somewhere: who is responsible, who hosts, and the number to give when writing."""
PLACEHOLDERS = NEEDED | {"website"}

PAGE = 1600
"""Characters of a page before it is filled in; Telegram allows 4096 in one message (Bot API, sendMessage)."""
SUMMARY = 800
BUTTON = 30
ID_LENGTH = 20

# What people must be able to do, and whom to turn to (UK GDPR, articles 13 and 15 to 22).
_MUST_SAY = ("/mydata", "/delete", "/stop", "/complaint")
# Other scripts and languages may write these differently.
_MUST_SAY_IN_ENGLISH = ("Telegram", "ico.org.uk", "9(2)(a)")
# The version travels in a button and stands in a column of 16 characters.
_VERSION = re.compile(r"[0-9a-z.-]{1,16}")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def policies_can_be_filled_in(draft: Draft) -> Iterator[Fault]:
    """Find curly brackets that nobody can fill in, and details of the clinic that stand nowhere."""
    for found in draft.policies.values():
        used: set[str] = set()
        is_readable = True
        for key, text in found.passages:
            try:
                names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            except ValueError as error:
                is_readable = False
                yield found.place.fault(key, f"The curly brackets do not fit together: {error}.")
                continue
            used |= names
            for name in sorted(names - PLACEHOLDERS):
                known = ", ".join(sorted(PLACEHOLDERS))
                yield found.place.fault(key, f"{{{name}}} is not known here. Use: {known}.")
        for name in sorted(NEEDED - used) if is_readable else ():
            yield found.place.fault("pages", f"{{{name}}} stands nowhere. People must be able to find it.")


def policies_fit(draft: Draft) -> Iterator[Fault]:
    """Find pages and buttons that are too long for a phone."""
    for found in draft.policies.values():
        policy = found.value
        texts = {"summary": (policy.summary, SUMMARY), "what_changed": (policy.what_changed, SUMMARY)}
        for page in policy.pages:
            texts |= {
                f"pages[{page.id}].text": (page.text, PAGE),
                f"pages[{page.id}].button": (page.button, BUTTON),
            }
        for key, (text, limit) in texts.items():
            if len(text) > limit:
                yield found.place.fault(key, f"This is {len(text)} characters long; {limit} fit. Shorten it.")


def policies_name_versions(draft: Draft) -> Iterator[Fault]:
    """Find versions and ids that do not fit into a button, and pages that share an id."""
    for found in draft.policies.values():
        versions = {"version": found.value.version, "consent_version": found.value.consent_version}
        for key, version in versions.items():
            if not _VERSION.fullmatch(version):
                yield found.place.fault(key, "A version has small letters, digits, points and hyphens, at most 16.")
        ids = [page.id for page in found.value.pages]
        for page_id in sorted(set(ids)):
            if len(page_id) > ID_LENGTH or not _ID.fullmatch(page_id):
                advice = f"An id has small letters, digits and single hyphens, at most {ID_LENGTH}: your-rights."
                yield found.place.fault(f"pages[{page_id}].id", advice)
            if ids.count(page_id) > 1:
                yield found.place.fault(f"pages[{page_id}].id", "This id is taken by another page. Choose another.")


def policies_say_what_they_must(draft: Draft) -> Iterator[Fault]:
    """Find policies that leave out what the law wants said, as far as single words can show it."""
    for language, found in draft.policies.items():
        whole = "\n".join(text for _, text in found.passages)
        for words in (*_MUST_SAY, *(_MUST_SAY_IN_ENGLISH if language == ENGLISH else ())):
            if words not in whole:
                yield found.place.fault("pages", f'"{words}" stands nowhere. Say it on the page where it belongs.')


def policies_agree(draft: Draft) -> Iterator[Fault]:
    """Find translations of another version, or with other pages, than the English policy."""
    original = draft.policies.get(ENGLISH)
    for language, found in draft.policies.items():
        if original is not None and language != ENGLISH:
            yield from _agrees(found, original)


def _agrees(found: Found[Policy], original: Found[Policy]) -> Iterator[Fault]:
    for key in ("version", "effective", "consent_version"):
        if getattr(found.value, key) != getattr(original.value, key):
            yield found.place.fault(key, f"This must be the same as in {original.place.file}.")
    if [page.id for page in found.value.pages] != [page.id for page in original.value.pages]:
        yield found.place.fault("pages", f"The pages and their order must be those of {original.place.file}.")
