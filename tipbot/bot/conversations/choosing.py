"""What people do with the item above the buttons: vote on it, keep it, leave it out, and think again."""

from tipbot.bot.below import Below, is_below, redrawn, theme_shown, vote_shown
from tipbot.bot.conversations import asking, resting
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.item_presses import GiveVote, Keep, LeaveOut, LetGo, TakeAllBack, TakeVoteBack, UndoLeaveOut
from tipbot.bot.presses import Today
from tipbot.domain.content import Item, ItemId
from tipbot.domain.feedback import Opinion
from tipbot.usecases.choosing import MOST_KEPT
from tipbot.usecases.errors import NothingLeft, StretchesRest
from tipbot.usecases.library import kind_of
from tipbot.usecases.rating import Ballot


async def give_vote(visit: Visit, press: GiveVote) -> None:
    """Count a vote, and show it on its button; in a group, where everybody sees the same buttons, say so."""
    await _vote(visit, press.item, press.opinion, pressed=press.opinion)


async def take_vote_back(visit: Visit, press: TakeVoteBack) -> None:
    """Take a vote back, and show so on its button."""
    await _vote(visit, press.item, None, pressed=press.opinion)


async def _vote(visit: Visit, item: ItemId, wanted: Opinion | None, *, pressed: Opinion) -> None:
    markup = visit.keyboard
    if visit.user is None or markup is None or not is_below(markup, item) or asking.find(visit, item) is None:
        # Without the message nothing tells what was voted before, and data that does not belong to it is made up.
        await visit.answer(visit.texts.vote_too_late)
        return
    ballot = Ballot(visit.chat_id, visit.user.id, item)
    if visit.is_group:
        cast = await visit.desk.rate.toggle(ballot, pressed, now=visit.now)
        await visit.answer(visit.texts.vote_counted if cast.vote else visit.texts.vote_taken_back)
        return
    await visit.answer()
    shown = vote_shown(markup, item)
    cast = await visit.desk.rate.give(ballot, wanted, shown=shown, now=visit.now)
    is_new = await _redraw(visit, item)
    if cast.has_changed and not cast.was_remembered and not is_new:
        await visit.desk.rate.uncount(ballot, cast, now=visit.now)


async def keep(visit: Visit, press: Keep) -> None:
    """Keep an item, and show so on its button."""
    item = asking.find(visit, press.item)
    if item is None:
        await visit.answer(visit.texts.item_retired)
    elif await visit.desk.choose.keep(visit.chat_id, item, now=visit.now):
        await visit.answer(visit.texts.kept)
        await _redraw(visit, press.item)
    else:
        await visit.answer(visit.texts.kept_too_many.format(most=MOST_KEPT))


async def let_go(visit: Visit, press: LetGo) -> None:
    """Keep an item no longer, and show so on its button."""
    await visit.desk.choose.let_go(visit.chat_id, press.item, now=visit.now)
    await visit.answer(visit.texts.let_go)
    await _redraw(visit, press.item)


async def leave_out(visit: Visit, press: LeaveOut) -> None:
    """Never bring an item again, and show another in its place, with a way back."""
    item = asking.find(visit, press.item)
    if item is None:
        await visit.answer(visit.texts.item_retired)
        return
    await visit.desk.choose.leave_out(visit.chat_id, item, now=visit.now)
    await visit.answer(visit.texts.left_out)
    await _show_in_place_of(visit, item)


async def _show_in_place_of(visit: Visit, item: Item) -> None:
    theme = theme_shown(visit.keyboard) if visit.keyboard else None
    kind = kind_of(item)
    try:
        if theme:
            other = await visit.desk.ask.on(visit.chat_id, kind, theme, after=item.id, now=visit.now)
        else:
            other = await visit.desk.ask.another(visit.chat_id, kind, now=visit.now)
    except NothingLeft:
        await visit.show(asking.nothing_left_screen(visit, kind, theme, in_place_of=item.id))
        return
    except StretchesRest:
        await visit.show(await resting.rest_screen(visit))
        return
    await visit.show(await asking.item_screen(visit, other, Below(theme=theme, in_place_of=item.id)))


async def undo_leave_out(visit: Visit, press: UndoLeaveOut) -> None:
    """Let an item come again, and show it where it was."""
    await visit.desk.choose.take_back(visit.chat_id, press.item, now=visit.now)
    await visit.answer(visit.texts.taken_back)
    item = asking.find(visit, press.item)
    if item is not None:
        theme = theme_shown(visit.keyboard) if visit.keyboard else None
        await visit.show(await asking.item_screen(visit, item, Below(theme=theme)))


async def take_all_back(visit: Visit, press: TakeAllBack) -> None:
    """Let everything of a kind come again, and show one."""
    await visit.desk.choose.take_all_back(visit.chat_id, press.kind, now=visit.now)
    await asking.show_today(visit, Today(press.kind))


async def _redraw(visit: Visit, item: ItemId) -> bool:
    """Show votes and stars as they are now; return False where the message showed just that already."""
    markup = visit.keyboard
    if markup is None or visit.user is None:
        return True
    vote = vote_shown(markup, item)
    if not visit.is_group:
        vote = visit.desk.rate.held(Ballot(visit.chat_id, visit.user.id, item), shown=vote)
    is_kept = await visit.desk.choose.is_kept(visit.chat_id, item)
    return await visit.change_keyboard(redrawn(markup, item, visit.texts, vote=vote, is_kept=is_kept))
