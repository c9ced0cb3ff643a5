"""The places of a self-check as messages; nothing in their buttons says what somebody answered, once it is over."""

from collections.abc import Sequence
from typing import assert_never

from telegram import InlineKeyboardButton

from tipbot.bot.buttons import button, in_rows, keyboard
from tipbot.bot.check_presses import (
    Answers,
    CloseCheck,
    EndingNumber,
    ItemNumbers,
    Mark,
    RestStretches,
    ShowCall,
    ShowChecks,
    ShowMore,
    Walk,
)
from tipbot.bot.leafing import ShowUrgent
from tipbot.bot.presses import ShowBooking, ShowItem
from tipbot.bot.rendering import Screen, bullets, escaped
from tipbot.catalogue import Catalogue
from tipbot.domain.check import Gate, Help
from tipbot.domain.content import Item, ItemId, Origin, Stretch
from tipbot.domain.walking import (
    AtEnding,
    AtQuestion,
    AtScreen,
    AtStep,
    AtStop,
    Course,
    Place,
    gate_screens,
    items_of,
)
from tipbot.texts import Texts

MOST_IDEAS = 2
NHS_111 = "https://111.nhs.uk"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class CheckWords:
    """Writes the places of one check; `rests` says that no stretch may be offered."""

    def __init__(self, course: Course, texts: Texts, catalogue: Catalogue, *, rests: bool = False) -> None:
        self._course = course
        self._texts = texts
        self._catalogue = catalogue
        self._rests = rests

    def opening(self) -> InlineKeyboardButton:
        """Return the button that starts this check."""
        return button(self._course.check.name, self._walk(()))

    def place(self, place: Place, answers: Sequence[int]) -> Screen:
        """Return the message for a place and the answers that led there."""
        match place:
            case AtScreen():
                return self._screen(place, answers)
            case AtStep():
                return self._step(place, answers)
            case AtQuestion():
                rows = [[one] for one in self._ways(answers)]
                return Screen(self._question(place), keyboard(*rows))
            case AtStop():
                return self._stop(place, answers)
            case AtEnding():
                return self.ending(place)
            case _:
                assert_never(place)

    def ending(self, ending: AtEnding) -> Screen:
        """Return the message for an ending."""
        match ending.outcome.help:
            case Help.CRISIS:
                urgent = self._catalogue.urgent(self._course.language)
                return Screen(f"<b>{escaped(ending.outcome.says)}</b>\n\n{escaped(urgent.crisis)}")
            case Help.EMERGENCY | Help.URGENT:
                return self.urgent(ending)
            case Help.GP | Help.NONE:
                return self._mild(ending)

    def urgent(self, ending: AtEnding, *, has_call: bool = False, rests_until: str = "") -> Screen:
        """Return an urgent ending, with what to say on the telephone or when stretches come again, if wanted."""
        texts, outcome = self._texts, ending.outcome
        below = [texts.check_call.format(call=escaped(outcome.call))] if has_call else []
        below += [escaped(outcome.when)] if outcome.when else []
        below.append(texts.check_rests.format(day=rests_until) if rests_until else texts.check_rest_offer)
        words = texts.check_help_now if outcome.help is Help.EMERGENCY else texts.check_help_today
        tree, mark, number = self._course.check.code, Mark(self._course.mark), EndingNumber(ending.number)
        call = button(texts.button_call, ShowCall(tree, mark, number))
        rest = button(texts.button_rest_stretches, RestStretches(tree, mark, number))
        return Screen(
            words.format(says=escaped(outcome.says), rest="\n\n".join(below)),
            keyboard(
                [*([] if has_call else [call]), InlineKeyboardButton(texts.button_nhs_111, url=NHS_111)],
                [] if rests_until else [rest],
                [button(texts.button_close, CloseCheck())],
            ),
        )

    def more(self, items: ItemNumbers) -> Screen | None:
        """Return the items of these numbers as buttons, or None where one of them is no item of this check."""
        known = items_of(self._course.check, self._course.screens)
        numbers = [_DIGITS.index(digit) for digit in items]
        if max(numbers) >= len(known):
            return None
        rows = [[one] for one in self._items([known[number] for number in numbers])]
        return Screen(self._texts.check_more, keyboard(*rows, [self._urgent_button(), self._others_button()]))

    def to_read(self) -> Screen:
        """Return the version to read: steps, safety, and what to do about what somebody may notice."""
        texts, check = self._texts, self._course.check
        gate = gate_screens(check, self._course.screens)
        body = gate[-1].signs if check.gate is Gate.BODY else ()
        safety = f"\n<i>{escaped(self._course.screens.safety)}</i>\n\n"
        steps = "\n".join(f"{number}. {escaped(step.says)}" for number, step in enumerate(check.steps, start=1))
        return Screen(
            texts.check_read.format(
                name=escaped(check.name),
                about=escaped(check.about),
                not_for=f"{texts.check_read_not_for.format(signs=bullets(body))}\n\n" if body else "",
                needs=self._needs(),
                steps=steps + safety if steps else "",
                notices=bullets(check.notices),
                idea=self._idea(),
                below=self._below(),
            ),
            keyboard([self._urgent_button(), self._others_button()]),
        )

    def _screen(self, place: AtScreen, answers: Sequence[int]) -> Screen:
        none, *rest = self._ways(answers)
        words = self._texts.check_screen.format(
            name=escaped(self._course.check.name),
            title=escaped(place.screen.title),
            number=place.number,
            count=place.count,
            intro=escaped(place.screen.intro),
            signs=bullets(place.screen.signs),
        )
        return Screen(words, keyboard([none], rest))

    def _step(self, place: AtStep, answers: Sequence[int]) -> Screen:
        words = self._texts.check_step.format(
            name=escaped(self._course.check.name),
            number=place.number,
            count=place.count,
            needs=self._needs() if place.number == 1 else "",
            step=escaped(place.step.says),
            safety=escaped(self._course.screens.safety),
        )
        return Screen(words, keyboard(*([one] for one in self._ways(answers))))

    def _question(self, place: AtQuestion) -> str:
        check = self._course.check
        safety = f"\n\n<i>{escaped(self._course.screens.safety)}</i>" if check.steps else ""
        return self._texts.check_question.format(
            name=escaped(check.name), question=escaped(place.question.says), below=safety + self._below()
        )

    def _stop(self, place: AtStop, answers: Sequence[int]) -> Screen:
        words = self._texts.check_stopped.format(
            says=escaped(place.outcome.says),
            when=escaped(place.outcome.when),
            again=escaped(self._course.screens.again),
        )
        return Screen(words, keyboard(self._ways(answers), [self._urgent_button()]))

    def _mild(self, ending: AtEnding) -> Screen:
        """Return an ending that is not urgent; the body screen's leads on to the checks that need no moving."""
        texts, outcome = self._texts, ending.outcome
        ideas = [escaped(idea.says) for idea in ending.ideas[:MOST_IDEAS]]
        listed = "\n".join(f"• {idea}" for idea in ideas)
        words = texts.check_ending.format(
            name=escaped(self._course.check.name),
            says=escaped(outcome.says),
            ideas=f"\n\n{texts.check_ideas.format(ideas=listed)}" if ideas else "",
            when=escaped(outcome.when),
            idea=self._idea(),
            below=self._below(),
        )
        is_body = outcome == self._course.screens.body.outcome
        booking = button(texts.button_see_somebody, ShowBooking(Origin.CHECK))
        return Screen(
            words,
            keyboard(
                *(self.still() if is_body else self._offered(ending.items)),
                [self._urgent_button(), *([booking] if outcome.may_book else [])],
                [self._others_button()],
            ),
        )

    def still(self) -> list[list[InlineKeyboardButton]]:
        """Return a button for every check that asks nobody to move."""
        courses = self._catalogue.courses(self._course.language)
        return [
            [CheckWords(course, self._texts, self._catalogue).opening()]
            for course in courses
            if course.check.gate is not Gate.BODY
        ]

    def _offered(self, items: Sequence[ItemId]) -> list[list[InlineKeyboardButton]]:
        """Return the first items as buttons, and one for the rest, which names them by their numbers alone."""
        fitting = [item for item in items if not self._rests or not isinstance(self._item(item), Stretch)]
        rows = [[one] for one in self._items(fitting[:MOST_IDEAS])]
        if rest := fitting[MOST_IDEAS:]:
            known = items_of(self._course.check, self._course.screens)
            numbers = ItemNumbers("".join(_DIGITS[known.index(item)] for item in rest))
            press = ShowMore(self._course.check.code, Mark(self._course.mark), numbers)
            rows.append([button(self._texts.button_more_ideas, press)])
        return rows

    def _items(self, items: Sequence[ItemId]) -> list[InlineKeyboardButton]:
        found = [(name, item) for name in items if (item := self._item(name)) is not None]
        return [button(_title(item), ShowItem(name)) for name, item in found]

    def _item(self, name: ItemId) -> Item | None:
        return self._catalogue.item(self._course.language, name)

    def _ways(self, answers: Sequence[int]) -> list[InlineKeyboardButton]:
        ways = self._course.ways_on(answers)
        return [button(way.says, self._walk((*answers, number))) for number, way in enumerate(ways)]

    def _walk(self, answers: Sequence[int]) -> Walk:
        digits = Answers("".join(map(str, answers)))
        return Walk(self._course.check.code, Mark(self._course.mark), digits)

    def _needs(self) -> str:
        needs = self._course.check.needs
        return f"{self._texts.check_needs.format(needs=escaped(needs))}\n\n" if needs else ""

    def _idea(self) -> str:
        therapist = self._catalogue.therapists[self._course.check.therapist]
        return self._texts.idea_from.format(therapist=escaped(therapist.name)) + "."

    def _below(self) -> str:
        """Return whom to call, where no safety screen came first."""
        if self._course.check.gate is not Gate.NONE:
            return ""
        return f"\n\n{escaped(self._catalogue.urgent(self._course.language).crisis)}"

    def _urgent_button(self) -> InlineKeyboardButton:
        return button(self._texts.button_urgent, ShowUrgent())

    def _others_button(self) -> InlineKeyboardButton:
        return button(self._texts.button_checks, ShowChecks())


def openings(courses: Sequence[Course], texts: Texts, catalogue: Catalogue) -> list[list[InlineKeyboardButton]]:
    """Return a button for each check, in rows."""
    return in_rows([CheckWords(course, texts, catalogue).opening() for course in courses], 1)


def _title(item: Item) -> str:
    return item.name if isinstance(item, Stretch) else item.title
