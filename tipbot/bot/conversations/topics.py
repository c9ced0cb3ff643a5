"""Which topic or position somebody means, typing errors allowed, and all there are to choose from."""

from collections.abc import Mapping
from itertools import chain

from rapidfuzz.distance import OSA

from tipbot.bot.buttons import button, in_rows, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.conversations.wording import mentions, plain
from tipbot.bot.item_presses import BringThemed
from tipbot.bot.rendering import Screen
from tipbot.domain.content import Position, Theme, Topic
from tipbot.domain.subscribers import Kind
from tipbot.texts import Texts

LONGEST_QUESTION = 60
# A short word with one letter changed is another word; only a long one bears two errors.
ONE_ERROR_FROM, TWO_ERRORS_FROM = 5, 9

Names = Mapping[Theme, tuple[str, ...]]


def theme_meant(words: str, visit: Visit, kind: Kind) -> Theme | None:
    """Return the one topic or position that these words clearly mean among those of a kind, or None."""
    named = [names_of_all(texts) for texts in visit.desk.texts.values()]
    return find_theme(words, {theme: tuple(chain(*(own[theme] for own in named))) for theme in _names(visit, kind)})


def has_any(theme: Theme, visit: Visit, kind: Kind) -> bool:
    """Say whether there is anything of this kind on a topic or in a position, left out or not."""
    return theme in _names(visit, kind)


def find_theme(words: str, names: Names) -> Theme | None:
    """Return the one theme of which a name is typed: as it is, else inside a sentence, else nearly so."""
    asked = plain(words[:LONGEST_QUESTION]).strip(" .,;:!?")
    exact = [theme for theme, own in names.items() if asked in map(plain, own)]
    within = [theme for theme, own in names.items() if mentions(asked, own)]
    near = [theme for theme, own in names.items() if any(_is_near(asked, plain(name)) for name in own)]
    for found in (exact, within, near):
        # Whoever says how they want to do it means that, even where the word names a topic as well.
        likeliest = [theme for theme in found if isinstance(theme, Position)] or found
        if likeliest:
            return likeliest[0] if len(likeliest) == 1 else None
    return None


def topics_screen(visit: Visit, kind: Kind, *, is_unknown: bool = False) -> Screen:
    """Return what there is to choose from; `is_unknown` says that something else was asked for."""
    texts = visit.texts
    opening = texts.topic_unknown if is_unknown else texts.topics_page
    words = opening.format(command=kind.value)
    choices = [button(own[0], BringThemed(kind, theme)) for theme, own in _names(visit, kind).items()]
    return Screen(words, keyboard(*in_rows(choices, 2)))


def names_of_all(texts: Texts) -> dict[Theme, tuple[str, ...]]:
    """Return the words people use for each position and topic; the first stands on its button."""
    return {
        Position.SITTING: texts.in_sitting,
        Position.STANDING: texts.in_standing,
        Position.LYING: texts.in_lying,
        Position.KNEELING: texts.in_kneeling,
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


def _names(visit: Visit, kind: Kind) -> Names:
    """Return the themes of which there is anything of this kind."""
    language, library = visit.desk.language_of(visit.language_code), visit.desk.library
    return {theme: own for theme, own in names_of_all(visit.texts).items() if library.on(language, kind, theme)}


def _is_near(asked: str, name: str) -> bool:
    errors = (len(asked) >= ONE_ERROR_FROM) + (len(asked) >= TWO_ERRORS_FROM)
    return OSA.distance(asked, name, score_cutoff=errors) <= errors
