"""The words the bot listens for in what people type, declared; texts.toml says what each list is for."""

from dataclasses import dataclass

from tipbot.texts.declaring import lists


@dataclass(frozen=True, slots=True, kw_only=True, init=False, eq=False, repr=False)
class Listening:
    """Lists of words in one language; how they are compared is in `bot/conversations/wording.py`."""

    harmless_phrases: tuple[str, ...] = lists()
    crisis_words: tuple[str, ...] = lists()
    worrying_words: tuple[str, ...] = lists()
    worrying_symptoms: tuple[str, ...] = lists()
    worrying_functions: tuple[str, ...] = lists()
    trouble_words: tuple[str, ...] = lists()
    denial_words: tuple[str, ...] = lists()
    denial_fillers: tuple[str, ...] = lists()
    denial_links: tuple[str, ...] = lists()
    denial_reversals: tuple[str, ...] = lists()
    under_age_words: tuple[str, ...] = lists()
    age_beginnings: tuple[str, ...] = lists()
    age_fillers: tuple[str, ...] = lists()
    age_numbers: tuple[str, ...] = lists(17)
    age_halves: tuple[str, ...] = lists()
    years_old: tuple[str, ...] = lists()
    age_endings: tuple[str, ...] = lists()
    not_ages: tuple[str, ...] = lists()
    stop_words: tuple[str, ...] = lists()
    help_words: tuple[str, ...] = lists()
    book_words: tuple[str, ...] = lists()
    delete_words: tuple[str, ...] = lists()
    complaint_words: tuple[str, ...] = lists()
    not_places: tuple[str, ...] = lists()
    place_beginnings: tuple[str, ...] = lists()
    thanks_words: tuple[str, ...] = lists()
    ignored_words: tuple[str, ...] = lists()
    not_for_beginnings: tuple[str, ...] = lists()
