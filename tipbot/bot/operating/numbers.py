"""Statistics in words and as what a picture shows; pure functions of the numbers, the texts and the advice."""

from collections.abc import Iterable, Sequence
from datetime import date

from tipbot.bot.conversations.phrases import listed
from tipbot.bot.rendering import escaped
from tipbot.catalogue import Catalogue
from tipbot.charts import Amount, Liking, Picture, Span
from tipbot.domain.content import BOOKING_ORIGINS, ItemId, Language, Origin, title_of
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.statistics import LEAVING, Day, Finish, Opinions, Statistics, Step, Tens
from tipbot.domain.subscribers import Status
from tipbot.texts import Texts
from tipbot.texts.numbers import grouped

# Bot API: a caption may have 1024 characters, formatting not counted.
MOST_CAPTION = 1024
_MOST_ITEMS, _MOST_BROADCASTS, _MOST_CHECKS = 3, 3, 3
_MOST_BARS, _MOST_LIKINGS = 4, 2
# More bars than these become weeks.
_MOST_DAYS_AS_BARS = 31
_A_WEEK = 7
_NOT_ARRIVED = (
    *(DeliveryStatus.BLOCKED, DeliveryStatus.GONE, DeliveryStatus.FAILED),
    *(DeliveryStatus.UNKNOWN, DeliveryStatus.EXPIRED, DeliveryStatus.CANCELLED),
)


class NumberWords:
    """Writes statistics in one language."""

    def __init__(self, texts: Texts, language: Language, catalogue: Catalogue) -> None:
        self._texts = texts
        self._language = language
        self._catalogue = catalogue

    def caption(self, statistics: Statistics) -> str:
        """Return everything in words, in HTML, short enough to stand below a picture: names give way first."""
        for most in range(_MOST_ITEMS, -1, -1):
            words = self._sections(statistics, most)
            if len(words) <= MOST_CAPTION:
                break
        return words

    def _sections(self, statistics: Statistics, most: int) -> str:
        texts = self._texts
        heading = texts.stats_heading.format(title=self._title(statistics), period=self.period(statistics))
        sections = (
            [heading],
            self._people(statistics),
            self._messages(statistics),
            self._votes(statistics, most),
            self._checks(statistics, min(most, _MOST_CHECKS)),
            self._booking(statistics),
            self._broadcasts(statistics, min(most, _MOST_BROADCASTS)),
        )
        return "\n\n".join("\n".join(lines) for lines in sections if lines)

    def _title(self, statistics: Statistics) -> str:
        return self._texts.stats_title.format(days=len(statistics.days))

    def period(self, statistics: Statistics) -> str:
        """Return the first and the last day."""
        first, last = statistics.days[0].day, statistics.days[-1].day
        return self._texts.stats_period.format(first=self._date(first), last=self._date(last))

    def _people(self, statistics: Statistics) -> list[str]:
        steps, now = statistics.steps, statistics.subscribers
        lines = [
            self._texts.stats_people.format(
                members=self.number(statistics.members),
                active=self.number(now.get(Status.ACTIVE, 0)),
                paused=self.number(now.get(Status.PAUSED, 0)),
                joined=self.number(steps.get(Step.JOINED, 0)),
                returned=self.number(steps.get(Step.RETURNED, 0)),
                breaks=self.number(steps.get(Step.PAUSED, 0)),
            )
        ]
        if statistics.left:
            ways = self._amounts(zip(self._texts.stats_ways, (steps.get(one, 0) for one in LEAVING), strict=True))
            lines.append(self._texts.stats_left.format(left=self.number(statistics.left), ways=ways))
        if deleted := steps.get(Step.DELETED, 0):
            lines.append(self._texts.stats_deleted.format(deleted=self.number(deleted)))
        return lines

    def _messages(self, statistics: Statistics) -> list[str]:
        arrived, every = arrivals(statistics)
        if not every:
            return [self._texts.stats_no_messages]
        lines = [self._texts.stats_messages.format(arrived=self.number(arrived), all=self.number(every))]
        if arrived < every:
            lines.append(self._texts.stats_lost.format(reasons=self._amounts(self._lost(statistics))))
        return lines

    def _lost(self, statistics: Statistics) -> list[tuple[str, int]]:
        outcomes = zip(self._texts.stats_outcomes, _NOT_ARRIVED, strict=True)
        return [(label, statistics.deliveries.get(status, 0)) for label, status in outcomes]

    def _votes(self, statistics: Statistics, most: int) -> list[str]:
        texts, lines = self._texts, [self._texts.stats_votes.format(votes=self.number(statistics.votes))]
        if best := statistics.best(most):
            lines.append(texts.stats_best.format(items=listed([self._opinions(one) for one in best], texts)))
        if least := statistics.least(most):
            lines.append(texts.stats_least.format(items=listed([self._opinions(one) for one in least], texts)))
        return lines

    def _opinions(self, one: Opinions) -> str:
        title, votes = escaped(self._name(one.item)), self.number(one.votes)
        return self._texts.stats_item.format(title=title, share=_percent(one), votes=votes)

    def _checks(self, statistics: Statistics, most: int) -> list[str]:
        texts, checks = self._texts, statistics.checks
        lines = [texts.stats_checks.format(started=self._tens(checks.started))]
        if not checks.started:
            return lines
        names = zip(texts.stats_finish_names, (checks.finishes[one] for one in Finish), strict=True)
        finishes = [texts.stats_amount.format(label=name, number=self._tens(tens)) for name, tens in names]
        lines.append(texts.stats_finishes.format(finishes=listed(finishes, texts)))
        if begun := list(checks.by_check.items())[:most]:
            named = {course.check.code: course.check.name for course in self._catalogue.courses(self._language)}
            named_amounts = [
                texts.stats_amount.format(label=escaped(named.get(check, check)), number=self._tens(tens))
                for check, tens in begun
            ]
            lines.append(texts.stats_by_check.format(checks=listed(named_amounts, texts)))
        return [*lines, texts.stats_tens_only]

    def _booking(self, statistics: Statistics) -> list[str]:
        texts, presses, from_checks = self._texts, statistics.presses, statistics.checks.booking
        if not any(presses.values()) and not from_checks:
            return []
        labels = dict(zip(BOOKING_ORIGINS, texts.stats_origins, strict=True))
        amounts = [
            texts.stats_amount.format(
                label=label,
                number=self._tens(from_checks) if origin is Origin.CHECK else self.number(presses.get(origin, 0)),
            )
            for origin, label in labels.items()
        ]
        return [texts.stats_booking.format(origins=listed(amounts, texts))]

    def _broadcasts(self, statistics: Statistics, most: int) -> list[str]:
        lines = [
            self._texts.stats_broadcast.format(
                title=escaped(one.title),
                date=self._date(one.day),
                reached=self.number(one.reached),
                people=self.number(one.people),
            )
            for one in statistics.broadcasts[:most]
        ]
        count = self.number(len(statistics.broadcasts))
        heading = self._texts.stats_broadcasts.format(count=count)
        return [heading, *lines] if statistics.broadcasts else []

    def picture(self, statistics: Statistics, title: str | None = None) -> Picture:
        """Return what the picture of these numbers shows."""
        texts, (arrived, every) = self._texts, arrivals(statistics)
        lost = sorted(
            ((label, number) for label, number in self._lost(statistics) if number), key=lambda one: -one[1]
        )
        people = statistics.members
        judged = (*statistics.best(_MOST_LIKINGS), *statistics.least(_MOST_LIKINGS)[::-1])
        messages = texts.picture_messages.format(arrived=self.number(arrived), all=self.number(every))
        return Picture(
            title=title or self._title(statistics),
            subtitle=self.period(statistics),
            members=texts.picture_members.form(people).format(people=self.number(people)),
            came=texts.picture_came.format(number=self.number(statistics.came)),
            left=texts.picture_left.format(number=self.number(statistics.left)),
            spans=tuple(self._spans(statistics.days)),
            messages=messages if every else texts.picture_no_messages,
            arrived=arrived / every if every else None,
            lost=tuple(Amount(label, self.number(number), number) for label, number in lost[:_MOST_BARS]),
            none_lost=texts.picture_none_lost,
            liked=texts.picture_liked,
            likings=tuple(self._liking(one) for one in judged),
            no_likings=texts.picture_no_likings,
        )

    def _liking(self, one: Opinions) -> Liking:
        share = self._texts.picture_share.format(share=_percent(one), votes=self.number(one.votes))
        return Liking(self._name(one.item), share, one.share)

    def _spans(self, days: Sequence[Day]) -> Iterable[Span]:
        """Return the days, or where they are too many for one bar each, weeks that end with the last day."""
        size = 1 if len(days) <= _MOST_DAYS_AS_BARS else _A_WEEK
        first = len(days) % size or size
        for begin, end in [(0, first), *((start, start + size) for start in range(first, len(days), size))]:
            of_span = days[begin:end]
            came, left = sum(day.came for day in of_span), sum(day.left for day in of_span)
            numbers = came, left, of_span[-1].members
            written = self.number(came), self.number(left), self.number(of_span[-1].members)
            yield Span(self._label(of_span[-1].day, len(days)), *numbers, written)

    def _label(self, day: date, days: int) -> str:
        return self._texts.weekdays_short[day.weekday()] if days <= _A_WEEK else self._date(day)

    def number(self, number: int) -> str:
        """Return a number as the language writes it."""
        return grouped(number, self._language)

    def _tens(self, tens: Tens) -> str:
        return self._texts.stats_tens.format(number=self.number(tens)) if tens else self._texts.stats_hidden

    def _amounts(self, amounts: Iterable[tuple[str, int]]) -> str:
        """Return names with their numbers, without those that are nothing."""
        texts = self._texts
        words = [texts.stats_amount.format(label=label, number=self.number(n)) for label, n in amounts if n]
        return listed(words, texts)

    def _date(self, day: date) -> str:
        return self._texts.stats_date.format(day=day.day, month=day.month)

    def _name(self, item: ItemId) -> str:
        found = self._catalogue.item(self._language, item)
        return item if found is None else title_of(found)


def arrivals(statistics: Statistics) -> tuple[int, int]:
    """Return how many messages arrived, and how many there were."""
    deliveries = statistics.deliveries
    return deliveries.get(DeliveryStatus.SENT, 0), sum(deliveries.values())


def _percent(one: Opinions) -> int:
    return round(one.share * 100)
