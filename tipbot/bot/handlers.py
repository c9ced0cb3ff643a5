"""The table of contents of all conversations: what people send or press, and who answers it."""

from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import Any, TypeVar

from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.ext import ContextTypes as Types

from tipbot.bot import check_presses, item_presses, leafing, presses, presses_of_rights
from tipbot.bot.buttons import SOURCE_CODE, decode
from tipbot.bot.conversations import (
    articles,
    asking,
    booking,
    channels,
    checking,
    choosing,
    groups,
    guessing,
    informing,
    lists,
    offers,
    pausing,
    policy,
    reconsenting,
    resting,
    rhythm,
    rights,
    settings,
    sharing,
    speaking,
    starting,
    therapists,
    timing,
    zones,
)
from tipbot.bot.conversations.reconsenting import noted
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.desk import Desk
from tipbot.bot.presses import Press
from tipbot.bot.rendering import Screen
from tipbot.usecases.errors import NotSubscribed

Handler = BaseHandler[Update, Types.DEFAULT_TYPE, Any]
Conversation = Callable[[Visit], Awaitable[None]]
Pressed = TypeVar("Pressed", bound=Press)

# /urgent is the answer to worrying words itself, and /stop stops before anything else is said.
_BEFORE_WORRIES = frozenset({"urgent", "stop"})


class Who(Enum):
    """Who may say something in a group; alone with the bot everybody decides for themselves."""

    EVERYBODY = auto()
    ADMINISTRATORS = auto()


def handler_table(desk: Desk) -> list[Handler]:
    """Return all handlers in the order in which they are asked; the first that fits answers, and only that one.

    What Telegram itself reports comes first, then commands, then presses. After each of these stands the one that
    takes the rest of its sort, and anything typed or sent comes last. Edited messages fit none and are ignored.
    """
    passing_on = InlineQueryHandler(_offering(desk))
    return [*_reports(desk), *_commands(desk), *_presses(desk), passing_on, *_messages(desk)]


def _reports(desk: Desk) -> list[Handler]:
    return [
        ChatMemberHandler(_reporting(desk, groups.note_membership), ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(filters.StatusUpdate.MIGRATE, _reporting(desk, groups.follow)),
    ]


def _commands(desk: Desk) -> list[Handler]:
    without_database = {
        "urgent": informing.urgent,
        "help": informing.help_out,
        "privacy": policy.privacy,
        "complaint": informing.complaint,
        "articles": articles.bring_articles,
        "therapists": therapists.bring_therapists,
    }
    everybody = {
        "tip": asking.bring_tip,
        "stretch": asking.bring_stretch,
        "book": booking.book,
        "favourites": lists.favourites,
        "mydata": rights.my_data,
        "selftest": checking.selftest,
    }
    administrators = {
        "start": starting.start,
        "settings": settings.settings,
        "time": timing.set_time,
        "timezone": zones.set_zone,
        "pause": pausing.pause,
        "resume": pausing.resume,
        "language": speaking.language,
        "delete": rights.delete,
    }
    return [
        *(_command(desk, name, said, Who.EVERYBODY) for name, said in without_database.items()),
        *(_command(desk, name, noted(said), Who.EVERYBODY) for name, said in everybody.items()),
        *(_command(desk, name, noted(said), Who.ADMINISTRATORS) for name, said in administrators.items()),
        _command(desk, "stop", _stop, Who.ADMINISTRATORS),
        _sent(desk, filters.COMMAND, _unless_worrying(guessing.read_unknown_command)),
    ]


def _presses(desk: Desk) -> list[Handler]:
    return [
        _pressed(desk, presses.Agree, starting.join),
        _pressed(desk, presses.UnderAge, starting.turn_away),
        _pressed(desk, presses.LooksRight, starting.confirm),
        _pressed(desk, presses.StartGroup, starting.join_group),
        _pressed(desk, presses.Today, asking.bring_today),
        _pressed(desk, presses.Another, asking.show_another),
        _pressed(desk, presses.ShowItem, asking.bring_item),
        _pressed(desk, presses.ShowBooking, booking.show_booking),
        _pressed(desk, presses.StopOffers, booking.stop_offers, answers_itself=True),
        _pressed(desk, presses.OpenSettings, settings.open_settings),
        _pressed(desk, presses.ShowSettings, settings.show_settings),
        _pressed(desk, presses.SwitchArticles, settings.switch_articles),
        _pressed(desk, presses.ShowKind, settings.show_kind),
        _pressed(desk, presses.SwitchKind, settings.switch_kind),
        _pressed(desk, presses.ShowTimes, settings.show_times),
        _pressed(desk, presses.ChooseTime, settings.choose_time),
        _pressed(desk, presses.OfferTime, timing.offer_time),
        _pressed(desk, presses.ShowDays, settings.show_days),
        _pressed(desk, presses.ChooseDays, settings.choose_days),
        _pressed(desk, presses.ShowOwnDays, settings.show_own_days),
        _pressed(desk, presses.SetDay, settings.set_day, answers_itself=True),
        _pressed(desk, presses.ShowZone, zones.show_zone),
        _pressed(desk, presses.ChooseZone, zones.choose_zone),
        _pressed(desk, presses.ShowClocks, zones.show_clocks),
        _pressed(desk, presses.ShowOddClocks, zones.show_odd_clocks),
        _pressed(desk, presses.ChooseClock, zones.choose_clock),
        _pressed(desk, presses.ShareLocation, zones.ask_location),
        _pressed(desk, presses.ShowLanguages, speaking.show_languages),
        _pressed(desk, presses.ChooseLanguage, speaking.choose_language),
        _pressed(desk, presses.ShowPause, pausing.show_pause),
        _pressed(desk, presses.Pause, pausing.pause_for),
        _pressed(desk, presses.Resume, pausing.go_on),
        _pressed(desk, presses.Stop, pausing.stop_all),
        _pressed(desk, presses.HowOften, rhythm.adjust),
        _pressed(desk, presses.StillHere, rhythm.welcome_back),
        _pressed(desk, presses.PostInChannel, channels.post),
        _pressed(desk, presses.StopPosting, channels.stop),
        *_choices(desk),
        *_rights(desk),
        *_reading(desk),
        *_check_presses(desk),
        CallbackQueryHandler(_answering_old_button(desk)),
    ]


def _choices(desk: Desk) -> list[Handler]:
    """Presses below an item, and in the lists that come of them; everybody in a group has a vote."""
    everybody = Who.EVERYBODY
    return [
        _pressed(desk, item_presses.GiveVote, choosing.give_vote, answers_itself=True, who=everybody),
        _pressed(desk, item_presses.TakeVoteBack, choosing.take_vote_back, answers_itself=True, who=everybody),
        _pressed(desk, item_presses.Keep, choosing.keep, answers_itself=True),
        _pressed(desk, item_presses.LetGo, choosing.let_go, answers_itself=True),
        _pressed(desk, item_presses.LeaveOut, choosing.leave_out, answers_itself=True),
        _pressed(desk, item_presses.UndoLeaveOut, choosing.undo_leave_out, answers_itself=True),
        _pressed(desk, item_presses.TakeAllBack, choosing.take_all_back),
        _pressed(desk, item_presses.ShowLeftOut, lists.show_left_out),
        _pressed(desk, item_presses.TakeBack, lists.take_back),
        _pressed(desk, item_presses.ShowFavourites, lists.show_favourites),
        _pressed(desk, item_presses.RemoveFavourite, lists.remove_favourite),
        _pressed(desk, item_presses.BringThemed, asking.bring_themed),
        _pressed(desk, item_presses.AnotherThemed, asking.show_another_themed, answers_itself=True),
        _pressed(desk, item_presses.ShowTopics, asking.show_topics),
    ]


def _rights(desk: Desk) -> list[Handler]:
    return [
        _pressed(desk, presses_of_rights.ShowPolicy, policy.show_policy, who=Who.EVERYBODY, is_noted=False),
        _pressed(desk, presses_of_rights.ShowPolicyPage, policy.show_page, who=Who.EVERYBODY, is_noted=False),
        _pressed(desk, presses_of_rights.AgreeAgain, reconsenting.agree_again),
        _pressed(desk, presses_of_rights.DeleteAll, rights.delete_all),
        _pressed(desk, presses_of_rights.KeepAll, rights.keep_all),
        _pressed(desk, presses_of_rights.ShowOffers, offers.show_offers),
        _pressed(desk, presses_of_rights.SwitchOffers, offers.switch_offers),
    ]


def _reading(desk: Desk) -> list[Handler]:
    read: dict[type[Press], Callable[[Visit, Any], Awaitable[None]]] = {
        leafing.ShowUrgent: informing.show_urgent,
        leafing.ShowArticles: articles.show_articles,
        leafing.ShowArticle: articles.show_article,
        leafing.OpenArticle: articles.open_article,
        leafing.ShowTherapists: therapists.show_therapists,
        leafing.ShowIdeas: therapists.show_ideas,
    }
    return [
        _pressed(desk, press, conversation, who=Who.EVERYBODY, is_noted=False)
        for press, conversation in read.items()
    ]


def _check_presses(desk: Desk) -> list[Handler]:
    alone = checking.alone
    return [
        _pressed(desk, check_presses.Walk, checking.walk_on, answers_itself=True, is_noted=False),
        _pressed(desk, check_presses.ShowChecks, alone(checking.show_checks)),
        _pressed(desk, check_presses.AskConsent, alone(checking.ask_consent)),
        _pressed(desk, check_presses.AllowChecks, alone(checking.note_consent)),
        _pressed(desk, check_presses.ReadCheck, alone(checking.read)),
        _pressed(desk, check_presses.ShowMore, alone(checking.show_more)),
        _pressed(desk, check_presses.ShowCall, alone(checking.show_call), is_noted=False),
        _pressed(desk, check_presses.RestStretches, alone(resting.rest)),
        _pressed(desk, check_presses.ResumeStretches, resting.resume),
        _pressed(desk, check_presses.CloseCheck, checking.close, is_noted=False),
    ]


def _messages(desk: Desk) -> list[Handler]:
    return [
        _sent(desk, filters.LOCATION, zones.locate),
        _sent(desk, filters.TEXT, guessing.read_text),
        _sent(desk, ~filters.StatusUpdate.ALL, guessing.decline_media),
    ]


def _command(desk: Desk, name: str, conversation: Conversation, who: Who) -> Handler:
    """Handle a command; alone with the bot, worrying words after it matter more than the command."""
    answer = conversation if name in _BEFORE_WORRIES else _unless_worrying(conversation)
    return CommandHandler(name, _hearing(desk, answer, who), filters.UpdateType.MESSAGE)


def _unless_worrying(conversation: Conversation) -> Conversation:
    """Return a conversation that gives way to worrying words; in groups people talk to each other."""

    async def answer(visit: Visit) -> None:
        is_link = visit.text.startswith("/start") and SOURCE_CODE.fullmatch(visit.words)
        if visit.is_group or is_link or not await guessing.calmed(visit):
            await conversation(visit)

    return answer


async def _stop(visit: Visit) -> None:
    try:
        await pausing.stop(visit)
    finally:  # whom to call is said even while the database is away
        if not visit.is_group:
            await guessing.calmed(visit)


def _sent(desk: Desk, what: filters.BaseFilter, conversation: Conversation) -> Handler:
    """Handle what is sent to the bot alone; in groups people talk to each other."""
    alone = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    return MessageHandler(alone & what, _hearing(desk, conversation, Who.EVERYBODY))


def _pressed(
    desk: Desk,
    kind: type[Pressed],
    conversation: Callable[[Visit, Pressed], Awaitable[None]],
    *,
    who: Who = Who.ADMINISTRATORS,
    answers_itself: bool = False,
    is_noted: bool = True,
) -> Handler:
    """Handle a press; one that `is_noted` is a sign of life, and so needs the database after its answer."""

    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        visit = await _visit(update, context, desk)
        press = decode(update.callback_query.data if update.callback_query else None)
        if visit is None or not isinstance(press, kind):
            return
        if who is Who.ADMINISTRATORS and not await visit.may_change():
            texts = visit.texts
            await visit.answer(texts.channel_only_votes if visit.is_channel else texts.group_administrators_only)
            return
        if not answers_itself:
            await visit.answer()
        answer = noted(conversation) if is_noted else conversation
        await _held(visit, answer(visit, press), is_answered=not answers_itself)

    return CallbackQueryHandler(handle, pattern=lambda data: isinstance(decode(str(data)), kind))


def _hearing(desk: Desk, conversation: Conversation, who: Who) -> Callable[[Update, Types.DEFAULT_TYPE], Any]:
    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        visit = await _visit(update, context, desk)
        if visit is None or visit.is_own_advice:
            return
        if who is Who.ADMINISTRATORS and not await visit.may_change():
            await visit.send(Screen(visit.texts.group_administrators_only))
            return
        await _held(visit, conversation(visit))

    return handle


async def _visit(update: Update, context: Types.DEFAULT_TYPE, desk: Desk) -> Visit | None:
    visit = Visit.of(update, context.bot, desk)
    return None if visit is None else await visit.in_chosen_language()


async def _held(visit: Visit, conversation: Awaitable[None], *, is_answered: bool = True) -> None:
    """Let a conversation run; whoever turns out to be a stranger is welcomed instead."""
    try:
        await conversation
    except NotSubscribed:
        if not is_answered:
            await visit.answer()
        await starting.welcome(visit)


def _reporting(
    desk: Desk, conversation: Callable[[Visit, Update], Awaitable[None]]
) -> Callable[[Update, Types.DEFAULT_TYPE], Any]:
    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        visit = await _visit(update, context, desk)
        if visit is not None:
            await conversation(visit, update)
        elif update.my_chat_member is not None:
            await channels.note_standing(update.my_chat_member, context.bot, desk)

    return handle


def _offering(desk: Desk) -> Callable[[Update, Types.DEFAULT_TYPE], Any]:
    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        if update.inline_query is not None:
            await sharing.answer(update.inline_query, context.bot, desk)

    return handle


def _answering_old_button(desk: Desk) -> Callable[[Update, Types.DEFAULT_TYPE], Any]:
    async def handle(update: Update, context: Types.DEFAULT_TYPE) -> None:
        visit = await _visit(update, context, desk)
        if visit is not None:
            await visit.answer(visit.texts.old_button)

    return handle
