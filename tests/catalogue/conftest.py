"""A small content folder in which nothing is wrong, for tests to change one thing at a time."""

from pathlib import Path

import pytest

CLINIC = """
name = "Back in Town"
address = "1 High Street, Leeds"
contact = "hello@backintown.uk"
website = "https://backintown.uk/"
privacy_contact = "data@backintown.uk"
host = "Leeds Machines Ltd, United Kingdom"
booking_url = "https://backintown.uk/book"

[booking_urls]
lore = "https://backintown.uk/book/lore"
"""

THERAPISTS = """
[[therapists]]
id = "lore"
name = "Lore"
role = "therapist"
about = "Lore likes calm minds and supple hips."

[[therapists]]
id = "asad"
name = "Asad"
role = "therapist"
about = "Asad looks at how you sit, sleep and train."
"""

SOURCE = """
title = "Ask us"
about = "What we once wrote, claim by claim."
published = 2024-05-01

[[items]]
id = "A1"
therapist = "lore"
claim = "Sitting for long is worn-out advice."
verdict = "keep"

[[items]]
id = "A2"
claim = "Discs can slip out."
verdict = "correct"
reason = "Discs are fixed in place."

[[items]]
id = "A3"
therapist = "lore"
claim = "Hug your knees."
verdict = "in-their-view"
reason = "Nobody has studied it."

[[items]]
id = "A4"
claim = "It makes you pain-free."
verdict = "omit"
reason = "Nobody can promise that."
"""

URGENT = """
title = "When to get help now"
red_intro = "Get help at once if any of these fit you:"
red_signs = ["Numb between your legs", "New trouble when you pee"]
red_action = "Call 999 or go to A&E."
amber_intro = "Get help today if any of these fit you:"
amber_signs = ["You have a fever", "The pain is worse at night"]
amber_action = "Call NHS 111 or go to https://111.nhs.uk today."
crisis = "If you feel unsafe, call 999, or 111. Samaritans: 116 123, free. Or text SHOUT to 85258."
note = "No one here can see what you tap."
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }
"""

TIPS = """
[[tips]]
id = "sit-then-shift"
title = "Sit, then shift"
body = "Been at the desk an hour? Stand up and roll your shoulders. Your back likes a change."
therapist = "lore"
topic = "posture"
covers = ["A1"]
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }
"""

CARDS = """
[[cards]]
id = "know-discs"
title = "Discs stay put"
fact = "A disc is a tough ring with a soft core."
so_what = "It is made to bend and lift."
source = "Asad"
therapist = "asad"
topic = "knowledge"
covers = ["A2"]
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }
"""

REST_CARD = """
[[cards]]
id = "know-rest"
title = "A short rest"
fact = "A short rest is fine."
so_what = "Then move a bit."
source = "Asad"
therapist = "asad"
topic = "knowledge"
covers = ["A2"]
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }
"""

STRETCHES = """
[[stretches]]
id = "knee-hug"
name = "Hug one knee"
position = "lying"
minutes = 2
why = "It eases your low back."
setup = "Lie on your back."
steps = ["Bend one knee.", "Hold it with both hands.", "Swap legs."]
dose = "20 seconds, twice on each side."
easier = "Put a pillow under your head."
stop = "Stop if you feel sharp pain."
not_for = ["you have weak bones (osteoporosis)"]
therapist = "lore"
topic = "stretching"
covers = ["A3"]
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }
"""

PRIVACY = """
version = "1.0"
effective = 2026-01-05
consent_version = "2026-01"
what_changed = "We keep one number more."
title = "Your data"
summary = "{clinic} keeps little. /mydata shows it, /delete ends it, /stop stops it, /complaint is heard."

[[pages]]
id = "who"
button = "Who we are"
title = "Who we are"
text = "{clinic}, {address}, {contact}. Hosted by {host}, carried by Telegram."

[[pages]]
id = "rights"
button = "Your rights"
title = "Your rights"
text = "You agreed, article 9(2)(a). Write to {privacy_contact} and give {chat}, or go to ico.org.uk."
"""

ARTICLE = """+++
id = "all-about-chairs"
title = "All about chairs"
summary = "Two short pages on sitting."
therapists = ["lore", "asad"]
covers = ["A1"]
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }
url = "https://backintown.uk/chairs"
+++

## Sit and shift

No one way to sit is right.
Change often.

- Get up now
  and then.
- Walk a little.

## Stand up

Stand up on your next call.
"""

SCREENS = """
none = "None of these"
some = "Yes, one or more"
unsure = "Not sure"
next = "Next"
stop = "Stop, this hurts"
safety = "Stop if it hurts."
again = "Two short questions again, please."
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }

[red]
title = "Before we start"
intro = "Do any of these fit you?"
signs = ["You are numb between your legs"]
outcome = { id = "red", help = "999", says = "Call 999 now.", call = "Say which sign you have." }

[amber]
title = "Before we start"
intro = "Or any of these?"
signs = ["You have a fever"]
outcome = { id = "amber", help = "111", says = "Call 111 today.", call = "Say which sign fits." }

[body]
title = "Before we start"
intro = "Are you today:"
signs = ["Pregnant"]
outcome = { id = "not-today", says = "Not today, then.", when = "See your GP if you like." }

[stopped]
id = "stopped"
says = "Sit or lie down."
when = "See your GP if it stays."
items = ["know-rest"]

[[outcomes]]
id = "see-someone"
help = "gp"
says = "This is worth a look."
when = "Ask your GP."
"""

LIFT = """
id = "leg-lift"
code = "t1"
name = "Lift a leg"
about = "Lift one leg and see how it feels."
therapist = "lore"
gate = "body"
covers = ["A3"]
needs = "A firm chair."
notices = ["Easy: keep moving.", "Numb: ask your GP."]
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }

[[steps]]
says = "Lift your left leg."

[[questions]]
id = "feel"
says = "How did it feel?"
answers = [{ says = "Easy", goto = "fine" }, { says = "Odd" }]

[[questions]]
id = "how-odd"
says = "Was it numb?"
answers = [{ says = "Yes", goto = "see-someone" }, { says = "No", goto = "fine", idea = "hug" }]

[[ideas]]
id = "hug"
says = "Hug your knee."
items = ["know-rest"]

[[outcomes]]
id = "fine"
says = "It felt fine today."
when = "See your GP if you are worried."
items = ["know-rest"]
may_book = true
"""

WEEK = """
id = "week"
code = "t6"
name = "Your week"
about = "One question on your week."
therapist = "asad"
gate = "none"
covers = ["A3"]
notices = ["A full week: breathe."]
review = { by = "Dr Grey", on = 2026-01-05, due = 2026-07-05 }

[[questions]]
id = "week"
says = "How was it?"
answers = [{ says = "Calm", goto = "calm" }, { says = "Too much", goto = "crisis" }]

[[outcomes]]
id = "calm"
says = "Good to hear."
when = "See your GP if you feel low."

[[outcomes]]
id = "crisis"
says = "You are not alone."
help = "crisis"
"""

FILES = {
    "en/articles/chairs.md": ARTICLE,
    "clinic.toml": CLINIC,
    "therapists.toml": THERAPISTS,
    "sources/article.toml": SOURCE,
    "en/urgent.toml": URGENT,
    "en/privacy.toml": PRIVACY,
    "en/tips/desk.toml": TIPS,
    "en/cards/spine.toml": CARDS,
    "en/cards/rest.toml": REST_CARD,
    "en/stretches/lying.toml": STRETCHES,
    "en/checks/screens.toml": SCREENS,
    "en/checks/leg-lift.toml": LIFT,
    "en/checks/week.toml": WEEK,
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A valid content folder of one tip, one card and one stretch."""
    folder = tmp_path / "content"
    for file, text in FILES.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def bilingual(content: Path) -> Path:
    """The same folder with a second language, whose words are still the English ones."""
    for file, text in FILES.items():
        if file.startswith("en/"):
            path = content / file.replace("en/", "fr/", 1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return content
