"""What has to be right before a draft goes out, and what is written down when it does, within one transaction."""

from dataclasses import replace
from datetime import datetime, timedelta

from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import OFFERS_APART, Action, Broadcast, BroadcastStatus, Mode
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.usecases.article_drafts import unlist_article
from tipbot.usecases.errors import NotReady, Unready
from tipbot.usecases.standing import cancel, there

# Somebody who looks at a plan that long takes it for still to come.
_GRACE = timedelta(minutes=5)
# Somewhere on Earth the clocks are this far behind UTC: until then a wall time is still ahead for somebody.
_LAST_ZONE = timedelta(hours=12)


async def confirm(
    books: Books, draft: Broadcast, *, people: int, begins: datetime, operator: int, now: datetime
) -> Broadcast:
    """Let a draft go out to so many `people`, the first of whom may get it at `begins` (UTC).

    How many they are was counted before: in here nobody else can write. Raises NotReady.
    """
    await _refuse_unready(books, draft, people, begins, now)
    is_due = begins <= now
    going = replace(
        draft,
        status=BroadcastStatus.SENDING if is_due else BroadcastStatus.SCHEDULED,
        confirmed_by=operator,
        confirmed_at=now,
        starts_at=begins,
        started_at=now if is_due else None,
        seen_at=now,
        changed_at=now,
    )
    await books.broadcasts.save(going)
    if going.action is Action.CORRECTION and going.about is not None:
        await _take_over_words(books, going, now)
    if going.action is Action.WITHDRAWAL and going.about is not None:
        await _stop_for_good(books, going.about, now)
        await unlist_article(books, there(await books.broadcasts.find(going.about)))
    await books.audit.note(Deed(operator, f"broadcast-{going.action}", str(going.id), now))
    return going


async def _refuse_unready(books: Books, draft: Broadcast, people: int, begins: datetime, now: datetime) -> None:
    _refuse_unfinished(draft, now)
    if draft.about is not None and await _still_moves(books, draft.about):
        raise NotReady(Unready.STILL_IN_AIR)
    if not people:
        raise NotReady(Unready.TOO_OLD if draft.action is Action.WITHDRAWAL else Unready.NOBODY)
    if draft.purpose is Purpose.OFFER and draft.action is Action.MESSAGE:
        near = await books.broadcasts.offer_near(begins, apart=OFFERS_APART)
        if near is not None:
            raise NotReady(Unready.OFFER_TOO_SOON, near + OFFERS_APART)


def _refuse_unfinished(draft: Broadcast, now: datetime) -> None:
    if not draft.composition.parts and draft.action is not Action.WITHDRAWAL:
        raise NotReady(Unready.EMPTY)
    if draft.refused == draft.revision:
        raise NotReady(Unready.REFUSED)
    if not draft.is_decided:
        raise NotReady(Unready.UNDECIDED)
    if draft.when.mode is not Mode.NOW and _is_past(draft, now):
        raise NotReady(Unready.PAST)


async def _still_moves(books: Books, number: int) -> bool:
    """Say whether messages of a broadcast are on their way; if not, none sets out until the transaction ends."""
    about = await books.broadcasts.find(number, for_change=True)
    if about is not None and about.status is BroadcastStatus.SENDING:
        return True
    return await books.broadcast_deliveries.in_air(number) > 0


def _is_past(draft: Broadcast, now: datetime) -> bool:
    """Say whether the plan of a draft is over everywhere on Earth."""
    if draft.when.mode is Mode.AT and draft.when.at is not None:
        return draft.when.at < now - _GRACE
    local = draft.when.local_at
    return local is not None and local.replace(tzinfo=now.tzinfo) + _LAST_ZONE < now


async def _take_over_words(books: Books, correction: Broadcast, now: datetime) -> None:
    """Let those who have not got the message yet get the corrected one at once."""
    about = await books.broadcasts.find(correction.about or 0, for_change=True)
    if about is not None:
        changed = replace(about, composition=correction.composition, revision=about.revision + 1, changed_at=now)
        await books.broadcasts.save(changed)
        await books.broadcast_deliveries.rename(about.id, changed.item)


async def _stop_for_good(books: Books, number: int, now: datetime) -> None:
    """End a broadcast that stands still: what is taken back from some must not reach others later."""
    broadcast = await books.broadcasts.find(number, for_change=True)
    if broadcast is not None and broadcast.status is BroadcastStatus.PAUSED:
        await cancel(books, broadcast, now=now)
