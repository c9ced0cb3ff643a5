"""A small clinic that never changes, so that transcripts change only with the bot's own words and ways."""

from datetime import date
from types import MappingProxyType
from typing import Any

from tipbot.catalogue import Catalogue, Shelf
from tipbot.domain.check import (
    Answer,
    Check,
    CheckCode,
    CheckId,
    Gate,
    Help,
    Idea,
    IdeaId,
    NodeId,
    Outcome,
    Question,
    Screens,
    Step,
)
from tipbot.domain.check import Screen as SafetyScreen
from tipbot.domain.content import (
    ENGLISH,
    Article,
    Card,
    Clinic,
    Item,
    ItemId,
    PageId,
    Policy,
    PolicyPage,
    Position,
    Review,
    Section,
    Stretch,
    Therapist,
    TherapistId,
    Tip,
    Topic,
    Urgent,
)

ASAD, LORE = TherapistId("asad"), TherapistId("lore")
REVIEW = Review(by="A clinician", on=date(2026, 11, 1), due=date(2027, 5, 1))


def tip(number: int) -> Tip:
    return Tip(
        id=ItemId(f"tip-{number}"),
        title=f"Sit, then shift {number}",
        body="Stand up after your next call. Your back likes a change.",
        therapist=ASAD,
        topic=Topic.MOVEMENT,
        covers=(),
        review=REVIEW,
    )


def card() -> Card:
    return Card(
        id=ItemId("card-1"),
        title="Discs & friends",
        fact="Discs are strong.",
        so_what="Move when you like.",
        source="Lore",
        therapist=LORE,
        topic=Topic.KNOWLEDGE,
        covers=(),
        review=REVIEW,
    )


def stretch(number: int) -> Stretch:
    return Stretch(
        id=ItemId(f"stretch-{number}"),
        name=f"One-knee hug {number}",
        position=Position.LYING,
        minutes=number,
        why="It may feel soft and easy.",
        setup="Lie on your back.",
        steps=("Hold one thigh.", "Breathe for 20 seconds.", "Swap sides."),
        dose="Twice a side.",
        easier="Keep a foot on a chair.",
        stop="Stop if it is sharp.",
        not_for=("you have weak bones", "you are pregnant"),
        therapist=LORE,
        topic=Topic.STRETCHING,
        covers=(),
        review=REVIEW,
    )


def article() -> Article:
    return Article(
        id=ItemId("article-1"),
        title="Chairs & backs",
        summary="Two pages: sit & shift.",
        therapists=(ASAD, LORE),
        covers=(),
        review=REVIEW,
        sections=(
            Section("Sit & shift", "No one way to sit is right.\n\n- Change often.\n- Get up."),
            Section("Stand up", "Walk a little."),
        ),
    )


URGENT = Urgent(
    title="When to get help now",
    red_intro="Call 999 if you have:",
    red_signs=("Numb inner thighs",),
    red_action="Call 999 or go to A&E.",
    amber_intro="Call 111 if:",
    amber_signs=("You have a fever",),
    amber_action="Do it today.",
    crisis="Samaritans 116 123.",
    note="This bot is not watched by a clinician.",
    review=REVIEW,
)

POLICY = Policy(
    version="1.0",
    effective=date(2026, 11, 22),
    consent_version="2026-11",
    what_changed="We keep one number <more>.",
    title="Your data, in short",
    summary="{clinic} keeps little. See it all: /mydata",
    pages=(
        PolicyPage(PageId("who"), "Who we are", "Who & what for", "{clinic}, {address}. Hosted by {host}."),
        PolicyPage(PageId("rights"), "Your rights", "Your rights", "Write to {privacy_contact}, give {chat}."),
    ),
)

CLINIC = Clinic(
    name="Harbour <Street> Clinic",
    address="1 Harbour Street, Leeds",
    contact="0113 496 0000",
    website="https://example.org/",
    privacy_contact="privacy@example.org",
    host="A machine room in Leeds",
    booking_url="https://example.org/book",
    booking_urls={ASAD: "https://example.org/book?who=asad#times", LORE: "https://example.org/book?who=lore#times"},
)


def outcome(name: str, says: str, **more: Any) -> Outcome:  # noqa: ANN401 (the fields of an outcome)
    return Outcome(NodeId(name), says, **{"when": "See your GP if you are worried."} | more)


RED = outcome("red", "Call 999 or go to A&E.", when="", call="Say which sign you have.", help=Help.EMERGENCY)
AMBER = outcome("amber", "Call 111 today.", when="", call="Say which sign fits.", help=Help.URGENT)
STOPPED = outcome("stopped", "Sit or lie.", items=(ItemId("tip-1"),))

SCREENS = Screens(
    none="None of these",
    some="Yes, one or more",
    unsure="Not sure",
    next="Next",
    stop="Stop, this hurts",
    safety="Move slowly. Stop if it hurts. This check cannot tell you what is wrong.",
    again="Two short questions again, please.",
    red=SafetyScreen("Before we start", "Do any of these fit you?", ("Numb inner thighs",), RED),
    amber=SafetyScreen("Before we start", "And any of these?", ("Fever",), AMBER),
    body=SafetyScreen("Before we start", "Are you today:", ("Pregnant",), outcome("not-today", "Not today.")),
    stopped=STOPPED,
    review=REVIEW,
)

LIFT = Check(
    id=CheckId("lift"),
    code=CheckCode("t1"),
    name="Leg & lift check",
    about="Lift a leg. One minute.",
    therapist=LORE,
    gate=Gate.BODY,
    covers=(),
    notices=("A pull: common.", "Numb: ask your GP."),
    review=REVIEW,
    needs="A chair.",
    extra=("Sore hips",),
    steps=(Step("Lift your left leg."),),
    questions=(
        Question(
            NodeId("feel"),
            "How was it?",
            (Answer("Fine", NodeId("fine")), Answer("Numb", NodeId("gp")), Answer("Weak", NodeId("weak"))),
        ),
    ),
    outcomes=(
        outcome("fine", "It was easy.", items=tuple(map(ItemId, ("stretch-1", "tip-1", "tip-2"))), may_book=True),
        outcome("gp", "Worth a look.", help=Help.GP, may_book=True),
        outcome("weak", "Call 111 today.", help=Help.URGENT, call="My leg is weak."),
    ),
)

SITTING = Check(
    id=CheckId("sitting"),
    code=CheckCode("t4"),
    name="Sitting check",
    about="Two questions.",
    therapist=ASAD,
    gate=Gate.SIGNS,
    covers=(),
    notices=("You sit for long: stand up.",),
    review=REVIEW,
    questions=(
        Question(
            NodeId("long"),
            "Do you sit for long?",
            (Answer("Yes", idea=IdeaId("stand")), Answer("No")),
        ),
        Question(
            NodeId("soft"),
            "Is your chair soft?",
            (Answer("Yes", NodeId("end"), IdeaId("cushion")), Answer("No", NodeId("end"))),
        ),
    ),
    ideas=(
        Idea(IdeaId("stand"), "Stand up each hour.", (ItemId("tip-1"), ItemId("tip-2"))),
        Idea(IdeaId("cushion"), "Try a cushion.", (ItemId("card-1"),)),
    ),
    outcomes=(outcome("end", "Thank you."),),
)

WEEK = Check(
    id=CheckId("week"),
    code=CheckCode("t6"),
    name="Week check",
    about="One question.",
    therapist=LORE,
    gate=Gate.NONE,
    covers=(),
    notices=("A full week: breathe.",),
    review=REVIEW,
    questions=(
        Question(
            NodeId("week"),
            "How was your week?",
            (Answer("Calm", NodeId("calm")), Answer("I can't cope", NodeId("crisis"))),
        ),
    ),
    outcomes=(outcome("calm", "Good."), outcome("crisis", "You are not alone.", when="", help=Help.CRISIS)),
)


def catalogue() -> Catalogue:
    tips, cards, stretches = (tip(1), tip(2)), (card(),), (stretch(1), stretch(2))
    items: tuple[Item, ...] = (*tips, *cards, *stretches)
    by_id = MappingProxyType({item.id: item for item in items})
    shelf = Shelf(tips, cards, stretches, URGENT, by_id, POLICY, (LIFT, SITTING, WEEK), SCREENS, (article(),))
    therapists = {
        ASAD: Therapist(ASAD, "Asad", "therapist", "Asad likes small changes."),
        LORE: Therapist(LORE, "Lore", "therapist", "Lore likes calm."),
    }
    return Catalogue(CLINIC, MappingProxyType(therapists), (), MappingProxyType({ENGLISH: shelf}))
