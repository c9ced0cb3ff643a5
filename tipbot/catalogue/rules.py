"""The table of rules: what content must be like before anyone may read it."""

from collections.abc import Callable, Iterator

from tipbot.catalogue import articles, checks, policy, references, safety, size, trees, wording
from tipbot.catalogue.draft import Draft
from tipbot.domain.faults import Fault

Rule = Callable[[Draft], Iterator[Fault]]

EACH_ENTRY: tuple[Rule, ...] = (
    wording.texts_are_there,
    wording.texts_are_plain,
    wording.words_are_safe,
    wording.advice_names_no_medicine,
    wording.links_stay_out,
    size.texts_fit,
    size.sentences_are_short,
    size.texts_are_easy,
    safety.stretches_are_safe,
    safety.urgent_signs_lead_to_help,
    references.ids_are_well_formed,
    references.ids_are_unique,
    references.verdicts_have_reasons,
    references.reviews_look_ahead,
    references.clinic_links_work,
    references.booking_links_have_their_own_names,
    policy.policies_can_be_filled_in,
    policy.policies_fit,
    policy.policies_name_versions,
    policy.policies_say_what_they_must,
    references.article_links_work,
    articles.articles_fit,
    articles.articles_are_easy,
    articles.articles_have_authors,
    articles.articles_are_plain,
    size.sentences_of_checks_are_short,
    trees.check_ids_are_well_formed,
    trees.check_ids_are_unique,
    trees.trees_hold_together,
    checks.endings_lead_to_help,
    checks.endings_name_no_cause,
    checks.endings_are_easy,
    checks.screens_stop_the_run,
    checks.texts_of_checks_fit,
    checks.checks_can_be_read,
    checks.items_of_checks_are_few,
)
"""Rules that hold for an entry whatever the others are like."""

THE_WHOLE: tuple[Rule, ...] = (
    references.therapists_exist,
    references.authors_exist,
    references.covered_sources_exist,
    references.sources_are_covered,
    references.languages_agree,
    references.warnings_agree,
    policy.policies_agree,
    trees.shared_endings_are_used,
    checks.recommended_items_fit,
    checks.checks_agree,
)
"""Rules that compare entries, and so need all of them."""


def faults_of_entries(draft: Draft) -> Iterator[Fault]:
    """Find what is wrong with single entries."""
    for rule in EACH_ENTRY:
        yield from rule(draft)


def faults_of_whole(draft: Draft) -> Iterator[Fault]:
    """Find what is wrong between entries; of use only when all of them could be read."""
    for rule in THE_WHOLE:
        yield from rule(draft)
