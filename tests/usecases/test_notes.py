"""Notes travel beside what falls due, change the rhythm with it, and one press brings everything back."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tests.content import shipped_catalogue
from tests.thoroughness import ON_ONE_ENGINE
from tests.usecases.people import LATENESS, MONDAY_NOON, subscribe
from tipbot.domain.delivery import DeliveryStatus, Matter
from tipbot.domain.kindness import Note, Wish
from tipbot.domain.subscribers import ChatId, Kind, Status, Subscription
from tipbot.domain.weekdays import EVERY_DAY, MONDAY_TO_FRIDAY
from tipbot.storage.database import Database
from tipbot.storage.schema import outbox
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.joining import Join
from tipbot.usecases.library import Library
from tipbot.usecases.notes import say_farewell
from tipbot.usecases.planning import PlanDue
from tipbot.usecases.reaching import Reach
from tipbot.usecases.retention import Retention

ANN = ChatId(7)


async def live(database: Database, since: datetime, days: int) -> list[tuple[int, str, str]]:
    """Let the days pass; return what was planned for Ann: on which day, what it is, and the names of notes."""
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    for day in range(days):
        for hour in (6, 21):  # from noon on that is 18:00 and 09:00, when stretches and tips fall due
            await planner.tick(now=since + timedelta(days=day, hours=hour))
    async with database.engine.connect() as connection:
        query = select(outbox.c.due_at, outbox.c.kind, outbox.c.item).where(outbox.c.chat_id == ANN)
        rows = (await connection.execute(query.order_by(outbox.c.due_at, outbox.c.id))).all()
    return [((row.due_at - since).days, row.kind, row.item if row.kind == Matter.NOTE else "") for row in rows]


async def known(database: Database) -> Subscription:
    subscription = await Join(database).look_up(ANN)
    assert subscription is not None
    return subscription


async def test_silence_is_met_with_a_question_then_less_then_quiet(database: Database) -> None:
    await subscribe(database, ANN, zone="UTC")
    await Arrange(database).switch(ANN, Kind.STRETCH, is_on=False, now=MONDAY_NOON)
    lived = await live(database, MONDAY_NOON, 75)
    assert [(day, name) for day, kind, name in lived if kind == Matter.NOTE] == [
        (14, Note.STILL_THERE),
        (21, Note.WEEKLY),
        (62, Note.RESTING),
    ]
    tips = [day for day, kind, _ in lived if kind == Matter.TIP]
    assert tips == [*range(22), *range(27, 62, 7)], "daily, then on Mondays, and none on the day of goodbye"
    assert (await known(database)).subscriber.status is Status.PAUSED


@ON_ONE_ENGINE
async def test_one_press_brings_the_old_rhythm_back(database: Database) -> None:
    await subscribe(database, ANN, zone="UTC")
    await live(database, MONDAY_NOON, 30)
    assert (await known(database)).subscriber.slowed_at is not None
    back = MONDAY_NOON + timedelta(days=30)
    for _ in range(2):
        await Reach(database).seen(ANN, now=back)
    subscription = await known(database)
    assert (subscription.subscriber.slowed_at, subscription.subscriber.last_active_at) == (None, back)
    following = subscription.slots[Kind.TIP].next_at
    assert following is not None
    assert following - back < timedelta(days=1)
    assert subscription.slots[Kind.TIP].weekdays == EVERY_DAY


@ON_ONE_ENGINE
async def test_a_group_is_never_asked(database: Database) -> None:
    await subscribe(database, -5, zone="UTC")
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    for day in range(40):
        await planner.tick(now=MONDAY_NOON + timedelta(days=day))
    async with database.engine.connect() as connection:
        kinds = set((await connection.execute(select(outbox.c.kind))).scalars())
    assert kinds == {"tip", "stretch"}


async def test_a_note_that_would_be_late_waits_for_the_next_time(database: Database) -> None:
    await subscribe(database, ANN, zone="UTC")
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    late = MONDAY_NOON + timedelta(days=20, hours=1)  # the tip of the 24th is weeks old by now
    await planner.tick(now=late)
    assert (await known(database)).subscriber.silence_asked_at is None
    await planner.tick(now=late + timedelta(hours=20))
    assert (await known(database)).subscriber.silence_asked_at is not None


async def test_less_means_less_of_what_comes_most(database: Database) -> None:
    await subscribe(database, ANN)
    arrange = Arrange(database)
    less, has_changed = await arrange.adjust(ANN, Wish.LESS, now=MONDAY_NOON)
    assert has_changed
    assert {kind: slot.weekdays for kind, slot in less.slots.items()} == {
        Kind.TIP: MONDAY_TO_FRIDAY,
        Kind.STRETCH: MONDAY_TO_FRIDAY,
    }
    for _ in range(9):
        end, has_changed = await arrange.adjust(ANN, Wish.LESS, now=MONDAY_NOON)
    assert not has_changed
    assert {len(list(slot.weekdays)) for slot in end.slots.values()} == {1}


async def test_a_year_of_silence_ends_with_a_farewell_by_day_and_then_nothing_is_left(database: Database) -> None:
    await subscribe(database, ANN, zone="Asia/Tokyo")
    a_year_on = MONDAY_NOON + timedelta(days=365)  # it is 21:00 in Tokyo
    retention = Retention(database, warn=say_farewell)
    assert await retention.tidy(now=a_year_on) == (1, 0)
    async with database.engine.connect() as connection:
        (row,) = (await connection.execute(select(outbox.c.item, outbox.c.next_try_at))).all()
    assert (row.item, row.next_try_at) == (Note.FAREWELL, a_year_on + timedelta(hours=12))
    assert await retention.tidy(now=a_year_on + timedelta(days=30)) == (0, 1)
    assert await Join(database).look_up(ANN) is None


async def test_who_comes_back_before_the_farewell_went_out_never_gets_it(database: Database) -> None:
    await subscribe(database, ANN, zone="Asia/Tokyo")
    a_year_on = MONDAY_NOON + timedelta(days=365)
    await Retention(database, warn=say_farewell).tidy(now=a_year_on)
    await Reach(database).seen(ANN, now=a_year_on + timedelta(hours=1))
    async with database.reading() as books:
        assert await books.outbox.count() == {DeliveryStatus.CANCELLED: 1}
