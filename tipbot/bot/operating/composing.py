"""Conversations with operators about composing a broadcast: from /broadcast to the card of a draft."""

from collections.abc import Mapping

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating import audiences, confirming, previewing, purposes, taking, timing
from tipbot.bot.operating.card import card_screen
from tipbot.bot.operating.describing import on_button, titled
from tipbot.bot.operating.door import Area, Pressed, Spoken, person
from tipbot.bot.operating.forgiving import Pressing, Typed, forgiving, forgiving_typed
from tipbot.bot.presses import Press
from tipbot.bot.presses_of_audience import (
    AskJoined,
    ChooseActive,
    ChooseGot,
    ChooseJoined,
    SendToEveryone,
    ShowActive,
    ShowAudience,
    ShowGot,
    ShowJoined,
    ShowZones,
    SwitchChats,
    SwitchOrdered,
    SwitchReaders,
    SwitchZone,
)
from tipbot.bot.presses_of_composing import (
    AskLinks,
    AskMoment,
    AskPurpose,
    AskToDiscard,
    AskToSend,
    CancelPlan,
    ChangePlan,
    ChoosePurpose,
    DiscardDraft,
    EditDraft,
    NotNow,
    OpenDraft,
    RemoveLinks,
    Revision,
    SendDraft,
    SendNow,
    ShowCard,
    ShowWhen,
    TestDraft,
)
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.operators import Right


async def broadcast(visit: Visit) -> None:
    """Answer /broadcast: ask for the message, or offer what was found or left."""
    texts, operator = visit.texts, person(visit)
    drafts = await visit.desk.drafting.drafts(operator=operator)
    draft = await visit.desk.drafting.begin(operator=operator, now=visit.now)
    await visit.desk.staffing.wait_for(operator, taking.MESSAGE, draft.id, now=visit.now)
    rows = []
    for known in drafts:
        label = texts.button_draft if known.article is None else texts.button_article_draft
        rows.append([button(on_button(label.format(title=titled(known, texts))), OpenDraft(known.id))])
    words = texts.compose_ask_or_pick if rows else texts.compose_ask
    await visit.send(Screen(words, keyboard(*rows, [button(texts.button_cancel, NotNow(draft.id))])))


async def cancel(visit: Visit) -> None:
    """Answer /cancel: forget what was asked for; drafts stay, and what was confirmed is not stopped by it."""
    await visit.desk.staffing.wait_no_more(person(visit))
    await visit.send(Screen(visit.texts.compose_cancelled))


async def not_now(visit: Visit, press: NotNow) -> None:
    """Send nothing after all; a draft that holds something is kept."""
    await visit.desk.staffing.wait_no_more(person(visit))
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    if not draft.composition.parts:
        await visit.desk.drafting.discard(
            press.draft, revision=draft.revision, operator=person(visit), now=visit.now
        )
    await visit.show(Screen(visit.texts.compose_not_now))


async def open_draft(visit: Visit, press: OpenDraft) -> None:
    """Show a draft from its preview to its card."""
    operator = await visit.desk.staffing.find(person(visit))
    # The parts of an album may still be coming, and its preview does not end that.
    if operator is not None and operator.awaits is not None and operator.awaits.about != press.draft:
        await visit.desk.staffing.wait_no_more(person(visit))
    await previewing.show_draft(visit, press)


async def show_card(visit: Visit, press: ShowCard) -> None:
    """Go back to the card, whatever was asked for."""
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    await visit.desk.staffing.wait_no_more(person(visit))
    await visit.show(await card_screen(visit, draft))


async def ask_to_discard(visit: Visit, press: AskToDiscard) -> None:
    """Ask whether to throw a draft away."""
    texts = visit.texts
    draft = await visit.desk.drafting.find(press.draft, operator=person(visit))
    keep = button(texts.button_keep_draft, ShowCard(draft.id))
    drop = button(texts.button_discard_sure, DiscardDraft(draft.id, Revision(draft.revision)))
    title = escaped(titled(draft, texts))
    await visit.show(Screen(texts.compose_discard.format(title=title), keyboard([keep, drop])))


async def discard(visit: Visit, press: DiscardDraft) -> None:
    """Throw a draft away, but not one that somebody has changed since."""
    await visit.desk.drafting.discard(press.draft, revision=press.revision, operator=person(visit), now=visit.now)
    await visit.desk.staffing.wait_no_more(person(visit))
    await visit.show(Screen(visit.texts.compose_discarded))


_PRESSES: Mapping[type[Press], Pressing] = {
    OpenDraft: open_draft,
    ShowCard: show_card,
    NotNow: not_now,
    AskToSend: confirming.ask_to_send,
    TestDraft: previewing.test,
    EditDraft: taking.ask_words,
    AskLinks: taking.ask_links,
    RemoveLinks: taking.remove_links,
    AskPurpose: purposes.ask_purpose,
    ChoosePurpose: purposes.choose_purpose,
    AskToDiscard: ask_to_discard,
    DiscardDraft: discard,
    ShowAudience: audiences.show_audience,
    SendToEveryone: audiences.send_to_everyone,
    SwitchOrdered: audiences.switch_ordered,
    SwitchReaders: audiences.switch_readers,
    ShowZones: audiences.show_zones,
    SwitchZone: audiences.switch_zone,
    ShowJoined: audiences.show_joined,
    ChooseJoined: audiences.choose_joined,
    AskJoined: audiences.ask_joined,
    ShowActive: audiences.show_active,
    ChooseActive: audiences.choose_active,
    ShowGot: audiences.show_got,
    ChooseGot: audiences.choose_got,
    ShowWhen: timing.show_when,
    SendNow: timing.send_now,
    AskMoment: timing.ask_moment,
    ChangePlan: confirming.change_plan,
    CancelPlan: confirming.cancel_plan,
}
_ANSWERING_THEMSELVES: Mapping[type[Press], Pressing] = {
    SendDraft: confirming.send_draft,
    SwitchChats: audiences.switch_chats,
}
_AWAITED: Mapping[str, Typed] = {
    taking.MESSAGE: taking.take_message,
    taking.MORE: taking.take_more,
    taking.WORDS: taking.take_words,
    taking.LINKS: taking.take_links,
    timing.AT: timing.take_moment,
    timing.LOCAL: timing.take_local_moment,
    audiences.JOINED: audiences.take_joined,
    audiences.JOINED_MINUS: audiences.take_joined_minus,
}

AREA = Area(
    commands={"broadcast": Spoken(Right.SEND, broadcast), "cancel": Spoken(Right.SEE, cancel)},
    presses={
        **{press: Pressed(Right.SEND, forgiving(answer)) for press, answer in _PRESSES.items()},
        **{
            press: Pressed(Right.SEND, forgiving(answer), answers_itself=True)
            for press, answer in _ANSWERING_THEMSELVES.items()
        },
    },
    awaited={what: Spoken(Right.SEND, forgiving_typed(answer)) for what, answer in _AWAITED.items()},
)
