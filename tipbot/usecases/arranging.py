"""Changing a subscription: what comes, when, where the person is, and pauses."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time

from tipbot.domain.content import Language
from tipbot.domain.kindness import Wish, adjusted
from tipbot.domain.planning import due_after
from tipbot.domain.schedule import local_date, start_of_day
from tipbot.domain.subscribers import ChatId, Kind, Slot, Status, Subscriber, Subscription
from tipbot.domain.weekdays import Weekdays
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.errors import NotSubscribed
from tipbot.usecases.offers import withdraw_offers
from tipbot.usecases.tallying import count_change

LONGEST_PAUSE_DAYS = 366

Slots = Mapping[Kind, Slot]


class Arrange:
    """Changes subscriptions; each method returns the subscription as it then is, or raises NotSubscribed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_time(self, chat_id: ChatId, kind: Kind, wall_time: time, *, now: datetime) -> Subscription:
        """Let a kind come at this wall time; a kind that was off is switched on by it."""
        return await self._change_slot(
            chat_id, kind, lambda slot: replace(slot, wall_time=wall_time, is_on=True), now
        )

    async def set_days(self, chat_id: ChatId, kind: Kind, weekdays: Weekdays, *, now: datetime) -> Subscription:
        """Let a kind come on these days of the week."""
        return await self._change_slot(chat_id, kind, lambda slot: replace(slot, weekdays=weekdays), now)

    async def adjust(self, chat_id: ChatId, wish: Wish, *, now: datetime) -> tuple[Subscription, bool]:
        """Bring what comes more or less often by one step; also say whether there was a step to take."""
        async with self._database.writing() as books:
            subscriber, slots = await _subscription(books, chat_id)
            # Both kinds follow the one that comes more often, so that "less" is felt at once.
            ordered = [slot for slot in slots.values() if slot.is_on]
            most = max((len(list(slot.weekdays)) for slot in ordered), default=0)
            leading = [slot for slot in ordered if wish is Wish.MORE or len(list(slot.weekdays)) == most]
            changed = [replace(slot, weekdays=adjusted(slot.weekdays, wish)) for slot in leading]
            moved = [replace(slot, next_at=next_moment(subscriber, slot, now=now)) for slot in changed]
            await books.slots.save(moved)
            after = {**slots, **{slot.kind: slot for slot in moved}}
            return Subscription(subscriber, after), after != slots

    async def switch(self, chat_id: ChatId, kind: Kind, *, is_on: bool, now: datetime) -> Subscription:
        """Switch a kind on or off; off also takes back what is still waiting to be sent."""
        return await self._change_slot(chat_id, kind, lambda slot: replace(slot, is_on=is_on), now)

    async def switch_articles(self, chat_id: ChatId, *, is_on: bool, now: datetime) -> Subscription:
        """Say whether new articles are wanted."""
        return await self._change(chat_id, lambda subscriber, _: replace(subscriber, wants_articles=is_on), now)

    async def set_zone(self, chat_id: ChatId, zone: str, *, now: datetime) -> Subscription:
        """Move a subscription to another IANA zone: the wall times stay, the moments follow."""
        return await self._change(chat_id, lambda subscriber, _: replace(subscriber, zone=zone), now)

    async def set_language(self, chat_id: ChatId, language: Language, *, now: datetime) -> Subscription:
        """Speak another language, also in what waits to be sent."""
        return await self._change(chat_id, lambda subscriber, _: replace(subscriber, language=language), now)

    async def pause(self, chat_id: ChatId, *, days: int | None, now: datetime) -> Subscription:
        """Send nothing for some days, or until the person comes back.

        Days are local dates; today is one of them only while something would still come today.
        """

        def paused(subscriber: Subscriber, slots: Slots) -> Subscriber:
            until = None
            if days is not None:
                skipped = days if _is_due_today(subscriber, slots, now) else days + 1
                until = start_of_day(subscriber.zone, now=now, days_ahead=skipped)
            return replace(subscriber, status=Status.PAUSED, status_since=now, paused_until=until)

        return await self._change(chat_id, paused, now, cancels="paused")

    async def resume(self, chat_id: ChatId, *, now: datetime) -> Subscription:
        """Go on after a pause, a stop or a block, with the times as they were."""

        def active(subscriber: Subscriber, _: Slots) -> Subscriber:
            if subscriber.status is Status.ACTIVE:
                return subscriber
            return replace(subscriber, status=Status.ACTIVE, status_since=now, paused_until=None)

        return await self._change(chat_id, active, now)

    async def rest_stretches(self, chat_id: ChatId, *, days: int, now: datetime) -> Subscription:
        """Bring no stretch for so many local dates from today on; only the date is kept, and no reason."""

        def resting(subscriber: Subscriber, _: Slots) -> Subscriber:
            until = start_of_day(subscriber.zone, now=now, days_ahead=days)
            return replace(subscriber, stretch_pause_until=until)

        return await self._change(chat_id, resting, now, cancels="stretches rest", kind=Kind.STRETCH)

    async def resume_stretches(self, chat_id: ChatId, *, now: datetime) -> Subscription:
        """Bring stretches again."""
        return await self._change(chat_id, lambda one, _: replace(one, stretch_pause_until=None), now)

    async def stop(self, chat_id: ChatId, *, now: datetime) -> Subscription:
        """Send nothing any more, at once; the settings stay so that it can be undone.

        A yes to news and offers ends with it, and does not come back with the rest.
        """

        def stopped(subscriber: Subscriber, _: Slots) -> Subscriber:
            return replace(subscriber, status=Status.STOPPED, status_since=now, paused_until=None)

        return await self._change(chat_id, stopped, now, cancels="stopped")

    async def _change(
        self,
        chat_id: ChatId,
        change: Callable[[Subscriber, Slots], Subscriber],
        now: datetime,
        *,
        cancels: str | None = None,
        kind: Kind | None = None,
    ) -> Subscription:
        async with self._database.writing() as books:
            subscriber, slots = await _subscription(books, chat_id)
            changed = replace(change(subscriber, slots), last_active_at=now, farewell_warned_at=None)
            await books.subscribers.save(changed)
            count_change(books, subscriber.status, changed.status, now=now)
            moved = [replace(slot, next_at=next_moment(changed, slot, now=now)) for slot in slots.values()]
            await books.slots.save(moved)
            if changed.language != subscriber.language:
                await books.outbox.translate(chat_id, changed.language)
            if cancels is not None:
                await books.outbox.cancel(chat_id, now=now, reason=cancels, kind=kind)
            if changed.status is Status.STOPPED:
                await withdraw_offers(books, chat_id, now=now)
            return Subscription(changed, {slot.kind: slot for slot in moved})

    async def _change_slot(
        self, chat_id: ChatId, kind: Kind, change: Callable[[Slot], Slot], now: datetime
    ) -> Subscription:
        async with self._database.writing() as books:
            subscriber, slots = await _subscription(books, chat_id)
            slot = change(slots[kind])
            slot = replace(slot, next_at=next_moment(subscriber, slot, now=now))
            await books.slots.save([slot])
            await books.subscribers.touch(chat_id, now=now)
            if not slot.is_on:
                await books.outbox.cancel(chat_id, now=now, reason="switched off", kind=kind)
            return Subscription(subscriber, {**slots, kind: slot})


def next_moment(subscriber: Subscriber, slot: Slot, *, now: datetime) -> datetime | None:
    """Return when a slot falls due next, the subscriber's status considered (UTC, None for never)."""
    match subscriber.status:
        case Status.ACTIVE:
            return due_after(subscriber, slot, now)
        case Status.PAUSED if subscriber.paused_until is not None:
            return due_after(subscriber, slot, max(now, subscriber.paused_until))
        case _:
            return None


def _is_due_today(subscriber: Subscriber, slots: Slots, now: datetime) -> bool:
    """Say whether something would come later on this local date, were there no pause."""
    moments = [due_after(subscriber, slot, now) for slot in slots.values()]
    today = local_date(now, subscriber.zone)
    return any(moment is not None and local_date(moment, subscriber.zone) == today for moment in moments)


async def _subscription(books: Books, chat_id: ChatId) -> tuple[Subscriber, dict[Kind, Slot]]:
    subscriber = await books.subscribers.find(chat_id, for_change=True)
    if subscriber is None:
        raise NotSubscribed
    return subscriber, await books.slots.of(chat_id, for_change=True)
