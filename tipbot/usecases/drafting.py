"""Drafts of broadcasts: begun, filled, changed and thrown away by operators; any number at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tipbot.domain.audience import Audience, Purpose
from tipbot.domain.broadcasts import Action, Broadcast, BroadcastId, BroadcastStatus, When
from tipbot.domain.composition import EMPTY, MOST_IN_ALBUM, Composition, LinkButton, PartKind
from tipbot.domain.operators import Right
from tipbot.storage.audit import Deed
from tipbot.storage.database import Database
from tipbot.usecases.errors import ChangedMeanwhile, NoSuchBroadcast, WrongMoment
from tipbot.usecases.marketing import Sign, SignOf
from tipbot.usecases.staffing import allowed

DRAFT = (BroadcastStatus.DRAFT,)
# As many as a person can tell apart in a list.
MOST_SHOWN = 5
# Most of what an operator chooses from when leaving out who got an earlier one.
MOST_EARLIER = 6
_ADDABLE = frozenset({PartKind.PHOTO, PartKind.VIDEO, PartKind.AUDIO, PartKind.DOCUMENT})

Change = Callable[[Broadcast], Broadcast]


class OtherMessage(Exception):  # noqa: N818 (an answer)
    """The draft has its message, and this one is no further part of its album."""


class AlbumFull(Exception):  # noqa: N818 (same)
    """An album has ten parts at most."""


@dataclass(frozen=True, slots=True)
class Around:
    """What can be chosen from for an audience: zones with how many are there, and broadcasts that went out."""

    zones: dict[str, int]
    earlier: tuple[Broadcast, ...]


class Drafting:
    """Every change checks the operator's rights and makes a new revision; doing it twice changes nothing more.

    Raises NotAnOperator or NotAllowed, NoSuchBroadcast, and WrongMoment for a broadcast that is no draft any more.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self,
        *,
        operator: int,
        now: datetime,
        composition: Composition = EMPTY,
        article: int | None = None,
        purpose: Purpose = Purpose.ARTICLE,
    ) -> Broadcast:
        """Return a new draft; an empty one that this operator has begun before and left is taken up again."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            if not composition.parts:
                for left in await books.broadcasts.latest(100, statuses=DRAFT):
                    if left.operator == operator and not left.composition.parts:
                        return left
            draft = await books.broadcasts.add(
                Broadcast(
                    id=BroadcastId(0),
                    operator=operator,
                    made_at=now,
                    changed_at=now,
                    composition=composition,
                    article=article,
                    purpose=purpose,
                    # What somebody sends may be either; they are asked before it can go out.
                    is_decided=bool(composition.parts),
                )
            )
            await books.audit.note(Deed(operator, "draft-begin", str(draft.id), now))
            return draft

    async def find(self, number: int, *, operator: int) -> Broadcast:
        """Return a draft as it stands."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEND)
            return _draft(await books.broadcasts.find(number))

    async def drafts(self, *, operator: int) -> list[Broadcast]:
        """Return the drafts that hold something, the one that was changed last first."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEND)
            drafts = await books.broadcasts.latest(50, statuses=DRAFT)
        filled = [draft for draft in drafts if draft.composition.parts and draft.action is Action.MESSAGE]
        return filled[:MOST_SHOWN]

    async def take(
        self, number: int, brought: Composition, sign_of: SignOf, *, operator: int, now: datetime
    ) -> Broadcast:
        """Put a message into an empty draft, or a further part into the album that it is gathering.

        Raises OtherMessage when it is neither, and AlbumFull; the same message twice adds nothing.
        """

        def taken(draft: Broadcast) -> Broadcast:
            composition = _with_message(draft.composition, brought)
            return _judged(replace(draft, composition=composition), draft, sign_of)

        return await self._change(number, taken, operator=operator, now=now)

    async def reword(
        self, number: int, brought: Composition, sign_of: SignOf, *, operator: int, now: datetime
    ) -> Broadcast:
        """Replace what a draft says: a text becomes the new text or caption, anything else the new message."""

        def reworded(draft: Broadcast) -> Broadcast:
            old = draft.composition
            is_new = not (brought.is_text and old.parts and not old.is_text)
            composition = replace(brought, links=old.links) if is_new else old.with_words(brought.words)
            # Who called one message an article has not said so of another.
            is_decided = draft.is_decided and not (is_new and sign_of(composition))
            return _judged(replace(draft, composition=composition, is_decided=is_decided), draft, sign_of)

        return await self._change(number, reworded, operator=operator, now=now)

    async def set_links(
        self,
        number: int,
        links: Sequence[LinkButton],
        sign_of: SignOf,
        *,
        operator: int,
        now: datetime,
    ) -> Broadcast:
        """Let these link buttons stand below the message, and no others."""

        def linked(draft: Broadcast) -> Broadcast:
            composition = replace(draft.composition, links=tuple(links))
            return _judged(replace(draft, composition=composition), draft, sign_of)

        return await self._change(number, linked, operator=operator, now=now)

    async def set_purpose(self, number: int, purpose: Purpose, *, operator: int, now: datetime) -> Broadcast:
        """Say whether it is an article or an offer."""
        return await self._change(
            number, lambda draft: replace(draft, purpose=purpose, is_decided=True), operator=operator, now=now
        )

    async def set_audience(
        self, number: int, change: Callable[[Audience], Audience], *, operator: int, now: datetime
    ) -> Broadcast:
        """Change who gets it."""
        return await self._change(
            number, lambda draft: replace(draft, audience=change(draft.audience)), operator=operator, now=now
        )

    async def set_when(self, number: int, when: When, *, operator: int, now: datetime) -> Broadcast:
        """Say when it goes out."""
        return await self._change(number, lambda draft: replace(draft, when=when), operator=operator, now=now)

    async def _change(self, number: int, change: Change, *, operator: int, now: datetime) -> Broadcast:
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            draft = _draft(await books.broadcasts.find(number, for_change=True))
            changed = change(draft)
            if changed == draft:
                return draft
            revision = draft.revision + 1
            # Whoever gets it and when, Telegram will not take the same message any better.
            is_refused = draft.refused == draft.revision and changed.composition == draft.composition
            refused = revision if is_refused else None
            changed = replace(changed, revision=revision, refused=refused, changed_at=now)
            await books.broadcasts.save(changed)
            return changed

    async def keep_media(self, number: int, composition: Composition, *, revision: int) -> bool:
        """Note Telegram's own names of pictures that were fetched from the web; False if the draft has changed.

        It shows the same as before, so it is no new revision.
        """
        async with self._database.writing() as books:
            draft = await books.broadcasts.find(number, for_change=True)
            if draft is None or draft.revision != revision or draft.status is not BroadcastStatus.DRAFT:
                return False
            await books.broadcasts.save(replace(draft, composition=composition))
            return True

    async def note_preview(self, number: int, *, revision: int, is_refused: bool) -> None:
        """Note whether Telegram took a revision of a draft when it was shown: refused, it cannot be sent."""
        async with self._database.writing() as books:
            draft = await books.broadcasts.find(number, for_change=True)
            if draft is not None and draft.status is BroadcastStatus.DRAFT and draft.revision == revision:
                await books.broadcasts.save(replace(draft, refused=revision if is_refused else None))

    async def lose_media(
        self, number: int, composition: Composition, *, revision: int, operator: int, now: datetime
    ) -> Broadcast:
        """Let a draft go on without the picture that Telegram could not fetch; raises ChangedMeanwhile."""

        def bare(draft: Broadcast) -> Broadcast:
            if draft.revision != revision:
                raise ChangedMeanwhile
            return replace(draft, composition=composition)

        return await self._change(number, bare, operator=operator, now=now)

    async def discard(self, number: int, *, revision: int, operator: int, now: datetime) -> None:
        """Throw a draft away; one that is gone already needs no more. Raises ChangedMeanwhile."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            found = await books.broadcasts.find(number, for_change=True)
            if found is None:
                return
            draft = _draft(found)
            if draft.revision != revision:
                raise ChangedMeanwhile
            await books.broadcasts.remove(draft.id)
            if draft.composition.parts:
                await books.audit.note(Deed(operator, "draft-discard", str(number), now))

    async def note_test(self, number: int, *, operator: int, now: datetime) -> list[int]:
        """Write down that a draft was sent to all operators as a test, and return who they are."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            _draft(await books.broadcasts.find(number))
            await books.audit.note(Deed(operator, "draft-test", str(number), now))
            return [member.user for member in await books.staff.everybody()]

    async def around(self, number: int, *, operator: int, now: datetime) -> Around:
        """Return what there is to choose from for the audience of a draft."""
        async with self._database.reading() as books:
            await allowed(books, operator, Right.SEND)
            draft = _draft(await books.broadcasts.find(number))
            zones = await books.recipients.count(Audience(draft.audience.chats), draft.purpose, now=now)
            ended = (BroadcastStatus.DONE, BroadcastStatus.CANCELLED)
            latest = await books.broadcasts.latest(50, statuses=ended)
        messages = [one for one in latest if one.action is Action.MESSAGE and one.started_at is not None]
        return Around(zones, tuple(messages[:MOST_EARLIER]))

    async def card(self, number: int) -> tuple[int, int] | None:
        """Return the chat and the message in which a draft can be worked on, if there is one."""
        async with self._database.reading() as books:
            return await books.broadcasts.progress(number)

    async def show_card_in(self, number: int, chat: int, message: int) -> None:
        """Note in which message a draft can be worked on."""
        async with self._database.writing() as books:
            await books.broadcasts.show_progress_in(number, chat, message)


def _with_message(composition: Composition, brought: Composition) -> Composition:
    part = brought.parts[0]
    if not composition.parts:
        return replace(brought, links=composition.links)
    if any(known.message == part.message for known in composition.parts):
        return composition
    if not composition.album or brought.album != composition.album or part.kind not in _ADDABLE:
        raise OtherMessage
    if len(composition.parts) >= MOST_IN_ALBUM:
        raise AlbumFull
    return composition.with_part(part)


def _judged(draft: Broadcast, before: Broadcast, sign_of: SignOf) -> Broadcast:
    """Take a draft for an offer as soon as it looks like one: the stricter answer stands until somebody decides.

    Who called a message with some words of offers an article has not decided about a booking link yet.
    """
    sign, known = sign_of(draft.composition), sign_of(before.composition)
    if sign is None or sign is known or known is Sign.BOOKING:
        return draft
    return replace(draft, purpose=Purpose.OFFER)


def _draft(broadcast: Broadcast | None) -> Broadcast:
    if broadcast is None:
        raise NoSuchBroadcast
    if broadcast.status is not BroadcastStatus.DRAFT:
        raise WrongMoment(broadcast.status)
    return broadcast
