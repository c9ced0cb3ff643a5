"""Which messages bring help at once: a plain denial is none, a doubtful one is; and who says they are under 18."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content import shipped_texts
from tipbot.bot.conversations.ages import says_under_age
from tipbot.bot.conversations.alarms import sounds_like_crisis, sounds_worrying
from tipbot.domain.content import ENGLISH

TEXTS = shipped_texts()[ENGLISH]
CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"

DENIED = (
    *(
        "no chest pain",
        "No numbness.",
        "without numbness",
        "I don't have any numbness",
        "never had bladder trouble",
    ),
    *(f"I don{CURLY}t have any numbness", "i dont have numbness", "I do not have chest pain", "I'm not numb"),
    *("no numbness or tingling", "no pain or numbness", "neither numb nor tingling", "I haven't had any tingling"),
    *("sore back, no numbness, no chest pain", "My back hurts. No pins-and-needles.", "no numbness no tingling"),
    *("no problems with my bladder or bowels", "no trouble peeing", "no bladder or bowel problems"),
    *("I never had chest pain", "my leg isn't numb, just sore", "no signs of numbness", "NO NUMBNESS AT ALL"),
    *(
        "no numbness but my back is sore",
        "not short of breath",
        "not feeling numb",
        "no numbness (and I sleep well)",
    ),
    *("no incontinence", "I have no difficulty weeing", "it is not numb!", "no - no numbness", "weren't numb"),
)
ALARMING = (
    *("no chest pain but my bottom is numb", "can't feel when I pee", "not able to pee", "numb", "I have numbness"),
    *(
        "no bladder control",
        "I have no control of my bowels",
        "no erection",
        "I don't feel my bladder",
        "cannot pee",
    ),
    *(
        "no feeling in my foot",
        "no feeling, numb",
        "no feeling numb legs",
        "no numb legs",
        "no\nnumbness in my legs",
    ),
    *("never without numbness", "I am never not numb", "I don't have no numbness", "not without chest pain"),
    *("no numbness until today", "no numbness before this week", "never had numbness like this", "no longer numb"),
    *("never had chest pain this bad", "no numbness except in my bottom", "no numbness at first", "not only numb"),
    *("no, numb", "No! Numb!", "no my leg is numb", "not sure if it is numb", "I don't know why I have chest pain"),
    *("no numbness just tingling", "no numbness, tingling in my foot", "Chest pain? No numbness.", "numbness: no"),
    *("no pain. numbness though", "no pain, numbness", "no numbness and my foot tingling", "no ambulance came"),
    *(
        "no numbness in both legs",
        "I can't say I have no numbness",
        "no reason for this numbness",
        "no trouble, wee",
    ),
    *(
        "not numb now",
        "no numbness yet",
        "no numbness\nboth legs weak",
        "no more chest pain",
        "no control, no bowel",
    ),
    *("no problem I pee myself", "no numbness (tingling)", "not numb \N{EM DASH} tingling", "not numb - tingling"),
    *(
        "hardly any numbness, no numbness",
        "I don't pee",
        "no pee for hours",
        "without feeling when I wee",
        "no poo",
    ),
    *(
        "I lost feeling",
        "loss of sensation in my toes",
        "unable to walk",
        "don't feel my legs",
        "can barely feel it",
    ),
    *("/no_bladder_control", "no numbness. can't walk", "no numbness in my legs only in my bottom"),
)
CRISIS = (
    *("I don't want to kill myself", "not suicidal", "no suicide", "I would never harm myself", "I want to die"),
    *("no chest pain, I just want to die", "I am not thinking of ending it all"),
)
CRIES_FOR_HELP = (
    *(
        "i want to end it",
        "sucide",
        "I feel suicidel",
        "I'd rather be dead",
        "I dont want to be here",
        "nothing to live for",
    ),
    *(
        "I want to hurt myself",
        "I've been cutting myself",
        "I took too many pills",
        "took all my tablets",
        "kill-me",
    ),
    *(
        "I'm not coping",
        "I can no longer cope",
        "I don't feel safe",
        "my husband hits me",
        "can't take it any more",
    ),
    *(
        "life isn't worth living",
        "no point in going on",
        "I can't live like this",
        "I don't see a way out",
        "I'm so depressed",
    ),
    *("I want to hang myself", "I want to sleep and never wake up", "everyone is better off without me"),
)
SIGNS_IN_PLAIN_WORDS = (
    *(
        "can't go to the loo",
        "I keep wetting myself",
        "can't piss",
        "my bum feels dead",
        "it hurts when I wipe",
        "pins & needles",
    ),
    *(
        "numbnes",
        "my leg gave out",
        "my leg keeps giving out",
        "I can't move my leg",
        "dragging my foot",
        "my foot is dropping",
    ),
    *(
        "weakness in both of my legs",
        "my left leg is getting weaker",
        "legs have gone weak",
        "lost strength in my leg",
    ),
    *(
        "chest tightness",
        "pressure on my chest",
        "I can't breath",
        "shortness of breath",
        "I blacked out",
        "I feel faint",
    ),
    *(
        "since the accident",
        "I was in a car crash",
        "I fell off a ladder",
        "I think I broke my back",
        "slurred speech",
    ),
    *("fever and back pain", "I have cancer", "a lump on my back", "lost weight without trying", "paralised"),
    *(
        "I'm constipated since my back went",
        "a wee bit numb",
        "a wee bit sore, and I can't wee",
        "stretch both legs? both legs tingle",
    ),
)
HARMLESS = (
    *(
        "my back is a wee bit sore",
        "just a wee question",
        "I was weeding the garden",
        "stretches for both legs, please",
    ),
    *(
        "I can't feel the stretch",
        "the 111 bus",
        "number 10 bus",
        "I peeled an orange",
        "weekend",
        "can't go on holiday",
    ),
    *("I can't stand my desk", "no fever, no lump on my back", "I don't have cancer", "lift my feet off the floor"),
)
UNDER_AGE = (
    *(
        "I'm 15",
        "i am fifteen years old",
        "im 16",
        f"I{CURLY}m 15",
        "I\N{ACUTE ACCENT}m 15",
        "I m 13",
        "I'm only 12",
        "I am 17!",
    ),
    *("Hi, I'm 15 and my back hurts", "im 14 can i do this", "I'm a 15 year old girl", "15 years old", "16 yo"),
    *("I'm 15y/o", "i am 15 y/o", "I'm nine years old", "my age is 13", "I'm sixteen.", "I'm 15 and a half"),
    *("I'm under 18", "I am not 18 yet", "I'm a minor", "I'm almost 18", "I just turned 16", "I'm 15. Is that OK?"),
    *("I'm not yet 18", "I'll be 18 in March", "I'm a teenager", "I'm actually 16", "I'm 16 y.o.", "hi im 14 lol"),
    *("hello\nI'm 12\nthanks", "I'M 15", "I'm 15, so what", "i am seventeen and a half"),
)
NOT_UNDER_AGE = (
    *("I'm 15 minutes late", "I am 45", "it hurts since 12 days", "I'm 18", "I am 18 years old", "I'm 170"),
    *("I'm 15.5 kg over", "I'm 16 stone", "I'm 12 weeks pregnant", "I'm 8 out of 10", "I'm 7/10", "I'm 5 today"),
    *("I was 15", "my son is 12 years old", "my mattress is 15 years old", "mattress, 15 years old, sagging"),
    *("I feel like I'm 16", "15", "15:30", "I'm 10:30", "16 March", "I sat for 15 years", "when I'm 15"),
    *("I'm one of those", "I'm 15 miles away", "I'm 15 or 20 minutes late", "im 15% better", "I'm 15, 16 weeks in"),
    *("I'm not 18 anymore", "I am not 18 any more!", "I'm under 18 stone now", "I'm a kid at heart"),
    *("I am 15 years in this job", "I'm fifteenth", "I'm in 15", "I am 6 foot 2", "I'm 15 and a half stone"),
)


@pytest.mark.parametrize("text", DENIED)
def test_what_is_plainly_denied_is_no_alarm(text: str) -> None:
    assert not sounds_worrying(text, TEXTS)


@pytest.mark.parametrize("text", ALARMING)
def test_in_doubt_it_is_an_alarm(text: str) -> None:
    assert sounds_worrying(text, TEXTS)


@pytest.mark.parametrize("text", SIGNS_IN_PLAIN_WORDS)
def test_signs_are_heard_in_the_words_of_people_who_have_them(text: str) -> None:
    assert sounds_worrying(text, TEXTS)


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_words_bring_no_alarm(text: str) -> None:
    assert not sounds_worrying(text, TEXTS)
    assert not sounds_like_crisis(text, TEXTS)


@pytest.mark.parametrize("text", CRIES_FOR_HELP)
def test_a_cry_for_help_is_heard_however_it_is_put(text: str) -> None:
    assert sounds_like_crisis(text, TEXTS)


@pytest.mark.parametrize("text", CRISIS)
def test_a_crisis_is_heard_even_where_it_is_denied(text: str) -> None:
    assert sounds_like_crisis(text, TEXTS)


@pytest.mark.parametrize("text", UNDER_AGE)
def test_who_says_they_are_under_18_is_heard(text: str) -> None:
    assert says_under_age(text, TEXTS)


@pytest.mark.parametrize("text", NOT_UNDER_AGE)
def test_other_numbers_are_no_age(text: str) -> None:
    assert not says_under_age(text, TEXTS)


WORDS = st.sampled_from(
    [
        *(TEXTS.worrying_words + TEXTS.worrying_symptoms + TEXTS.worrying_functions + TEXTS.denial_words),
        *(TEXTS.denial_fillers + TEXTS.denial_links + TEXTS.trouble_words + TEXTS.denial_reversals),
        *(TEXTS.age_beginnings + TEXTS.age_fillers + TEXTS.age_halves + TEXTS.age_endings + TEXTS.years_old),
        *("15", ".", ",", "\n", " - ", "\N{COMBINING ACUTE ACCENT}", "\ud800", "\N{PILE OF POO}"),
    ]
)


@settings(deadline=None)
@given(st.text() | st.lists(WORDS, max_size=60).map(" ".join))
def test_no_text_breaks_the_ear(text: str) -> None:
    assert sounds_like_crisis(text, TEXTS) in {True, False}
    assert sounds_worrying(text, TEXTS) in {True, False}
    assert says_under_age(text, TEXTS) in {True, False}


@settings(deadline=None)
@given(st.sampled_from(TEXTS.worrying_words), st.sampled_from(TEXTS.denial_words), st.text(max_size=20))
def test_what_is_always_worrying_is_never_denied(phrase: str, denial: str, before: str) -> None:
    assert sounds_worrying(f"{before} {denial} {phrase}", TEXTS)


@pytest.mark.timeout(10)  # a pattern that goes astray takes for ever, a sound one milliseconds
@pytest.mark.parametrize("words", ["no any ", "no pain or ", "no numbness or ", "i'm only ", "trouble bladder "])
def test_the_longest_message_telegram_allows_is_read_quickly(words: str) -> None:
    text = (words * 4096)[:4096]
    assert sounds_worrying(text, TEXTS) in {True, False}
    assert says_under_age(text, TEXTS) is False
