"""The last question before a draft goes out, and what is planned and can still be changed."""

from zoneinfo import ZoneInfo

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import moment_phrase, place_name
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.broadcasts import follow, show_progress
from tipbot.bot.operating.card import Standing, card_screen, purpose_screen, renew, standing_of
from tipbot.bot.operating.describing import titled
from tipbot.bot.operating.door import person
from tipbot.bot.operating.previewing import open_draft, preview
from tipbot.bot.presses_of_composing import AskToSend, CancelPlan, ChangePlan, Revision, SendDraft, ShowCard
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.broadcasts import Broadcast, BroadcastStatus
from tipbot.usecases.errors import ChangedMeanwhile, NoSuchBroadcast, NotReady, Unready, WrongMoment


async def ask_to_send(visit: Visit, press: AskToSend) -> None:
    """Ask whether a draft shall go out; an album is shown first as people get it, now that it is complete."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    if draft.revision != press.revision:
        raise ChangedMeanwhile
    if draft.refused == draft.revision:
        await visit.show(await card_screen(visit, draft, visit.texts.unready_refused))
        return
    if not draft.is_decided:
        await visit.show(purpose_screen(visit, draft))
        return
    standing = await standing_of(visit, draft)
    if not standing.estimate.people:
        await visit.show(await card_screen(visit, draft, visit.texts.unready_nobody))
        return
    if not draft.composition.is_album:
        await visit.show(_question(visit, draft, standing))
        return
    shown, trouble = await preview(visit, draft)
    screen = await card_screen(visit, shown, trouble) if trouble else _question(visit, shown, standing)
    await renew(visit, shown, screen)


def _question(visit: Visit, draft: Broadcast, standing: Standing) -> Screen:
    texts = visit.texts
    words = texts.compose_send.format(
        title=standing.title,
        audience=standing.audience,
        reach=standing.reach,
        when=standing.when,
        purpose=standing.purpose,
        notes=standing.notes,
    )
    label = texts.button_send_to if standing.estimate.begins <= visit.now else texts.button_plan_for
    yes = button(label.format(people=standing.estimate.people), SendDraft(draft.id, Revision(draft.revision)))
    return Screen(words, keyboard([yes], [button(texts.button_back, ShowCard(draft.id))]))


async def send_draft(visit: Visit, press: SendDraft) -> None:
    """Let a draft go out, exactly as it was shown; pressed twice, it is still sent once."""
    desk, operator = visit.desk, person(visit)
    try:
        going = await desk.broadcasting.confirm(
            press.draft, revision=press.revision, operator=operator, now=visit.now
        )
    except (ChangedMeanwhile, NoSuchBroadcast):
        await visit.answer()
        raise
    except WrongMoment:
        # The message with this button shows by now how it goes out: a note is enough.
        await visit.answer(visit.texts.compose_too_late)
        return
    except NotReady as missing:
        await visit.answer()
        draft = await desk.drafting.find(press.draft, operator=operator)
        await visit.show(await card_screen(visit, draft, _missing(visit, missing)))
        return
    await visit.answer()
    await desk.staffing.wait_no_more(operator)
    await _show_going(visit, going)


async def _show_going(visit: Visit, going: Broadcast) -> None:
    texts = visit.texts
    if going.status is BroadcastStatus.SCHEDULED:
        standing = await standing_of(visit, going)
        words = texts.compose_planned.format(
            title=standing.title,
            when=standing.when,
            begins=_begins(visit, going),
            reach=standing.reach,
            notes=standing.notes,
        )
        change = button(texts.button_change_plan, ChangePlan(going.id))
        cancel = button(texts.button_cancel_plan, CancelPlan(going.id))
        shown = await visit.place(Screen(words, keyboard([change, cancel])))
        await follow(visit, going.id, shown.message)
        return
    await show_progress(visit, going)


def _begins(visit: Visit, going: Broadcast) -> str:
    """Return when the first get it, where the plan itself does not say so."""
    zone, texts, local = visit.desk.home_zone, visit.texts, going.when.local_at
    here = going.when.at if local is None else local.replace(tzinfo=ZoneInfo(zone))
    if going.starts_at is None or going.starts_at == here:
        return ""
    moment = moment_phrase(going.starts_at, zone, texts, now=visit.now)
    return f"{texts.compose_begins.format(moment=moment, place=place_name(zone))}\n"


def _missing(visit: Visit, missing: NotReady) -> str:
    texts = visit.texts
    if missing.until is not None:
        moment = moment_phrase(missing.until, visit.desk.home_zone, texts, now=visit.now)
        return texts.unready_offer_too_soon.format(moment=moment)
    words = {
        Unready.EMPTY: texts.unready_empty,
        Unready.PAST: texts.unready_past,
        Unready.UNDECIDED: texts.unready_undecided,
        Unready.REFUSED: texts.unready_refused,
    }
    return words.get(missing.reason, texts.unready_nobody)


async def change_plan(visit: Visit, press: ChangePlan) -> None:
    """Turn what is planned into a draft again, and show it from its preview on."""
    draft = await visit.desk.broadcasting.unschedule(press.draft, operator=person(visit), now=visit.now)
    await open_draft(visit, draft)


async def cancel_plan(visit: Visit, press: CancelPlan) -> None:
    """Cancel what is planned for good; what has begun is paused or cancelled where it is watched."""
    broadcast = await visit.desk.broadcasting.find(press.draft, operator=person(visit))
    if broadcast.status not in {BroadcastStatus.SCHEDULED, BroadcastStatus.CANCELLED}:
        raise WrongMoment(broadcast.status)
    await visit.desk.broadcasting.cancel(press.draft, operator=person(visit), now=visit.now)
    title = escaped(titled(broadcast, visit.texts))
    await visit.show(Screen(visit.texts.compose_plan_cancelled.format(title=title)))
