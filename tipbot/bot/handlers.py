"""The table of contents of all conversations: what people send or press, and who answers it."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from tipbot.bot import check_presses, item_presses, leafing, presses, presses_of_articles, presses_of_rights
from tipbot.bot.conversations import (
    articles,
    asking,
    booking,
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
    speaking,
    starting,
    therapists,
    timing,
    zones,
)
from tipbot.bot.conversations.reconsenting import noted
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.desk import Desk
from tipbot.bot.operating import articles as clinic_articles
from tipbot.bot.operating import auditing, channels, composing, sending, staff, statistics, upkeep
from tipbot.bot.operating.door import (
    ending_what_was_asked,
    for_operators,
    pressed_by_operators,
    unless_awaited,
)
from tipbot.bot.presses import Press
from tipbot.bot.wiring import (
    Handler,
    Who,
    answering_old_button,
    command,
    offering,
    pressed,
    reporting,
    sent,
    stop_at_once,
    unless_worrying,
)

AREAS = (
    *(composing.AREA, sending.AREA, statistics.AREA, clinic_articles.AREA, upkeep.AREA),
    *(staff.AREA, auditing.AREA, channels.AREA),
)
# The commands of operators with the right that each takes, in the order in which menus show them.
OPERATOR_COMMANDS = tuple((name, spoken.right) for area in AREAS for name, spoken in area.commands.items())


def handler_table(desk: Desk) -> list[Handler]:
    """Return all handlers in the order in which they are asked; the first that fits answers, and only that one.

    What Telegram itself reports comes first, then commands, then presses. After each of these stands the one that
    takes the rest of its sort, and anything typed or sent comes last. Edited messages fit none and are ignored.
    """
    passing_on = InlineQueryHandler(offering(desk))
    return [*_reports(desk), *_operators(desk), *_commands(desk), *_presses(desk), passing_on, *_messages(desk)]


def _reports(desk: Desk) -> list[Handler]:
    return [
        ChatMemberHandler(reporting(desk, groups.note_membership), ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(filters.StatusUpdate.MIGRATE, reporting(desk, groups.follow)),
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
    ending = ending_what_was_asked
    return [
        *(command(desk, name, ending(said), Who.EVERYBODY) for name, said in without_database.items()),
        *(command(desk, name, ending(noted(said)), Who.EVERYBODY) for name, said in everybody.items()),
        *(command(desk, name, ending(noted(said)), Who.ADMINISTRATORS) for name, said in administrators.items()),
        command(desk, "stop", ending(stop_at_once), Who.ADMINISTRATORS),
        sent(desk, filters.COMMAND, ending(unless_worrying(guessing.read_unknown_command))),
    ]


def _presses(desk: Desk) -> list[Handler]:
    return [
        pressed(desk, presses.Agree, starting.join),
        pressed(desk, presses.UnderAge, starting.turn_away),
        pressed(desk, presses.LooksRight, starting.confirm),
        pressed(desk, presses.StartGroup, starting.join_group),
        pressed(desk, presses.Today, asking.bring_today),
        pressed(desk, presses.Another, asking.show_another),
        pressed(desk, presses.ShowItem, asking.bring_item),
        pressed(desk, presses.ShowBooking, booking.show_booking),
        pressed(desk, presses_of_rights.StopOffers, booking.stop_offers, answers_itself=True),
        *_settings(desk),
        pressed(desk, presses.ShowPause, pausing.show_pause),
        pressed(desk, presses.Pause, pausing.pause_for),
        pressed(desk, presses.Resume, pausing.go_on),
        pressed(desk, presses.Stop, pausing.stop_all),
        pressed(desk, presses.HowOften, rhythm.adjust),
        pressed(desk, presses.StillHere, rhythm.welcome_back),
        *_choices(desk),
        *_rights(desk),
        *_reading(desk),
        *_check_presses(desk),
        CallbackQueryHandler(answering_old_button(desk)),
    ]


def _settings(desk: Desk) -> list[Handler]:
    return [
        pressed(desk, presses.OpenSettings, settings.open_settings),
        pressed(desk, presses.ShowSettings, settings.show_settings),
        pressed(desk, presses.SwitchArticles, settings.switch_articles),
        pressed(desk, presses.ShowKind, settings.show_kind),
        pressed(desk, presses.SwitchKind, settings.switch_kind),
        pressed(desk, presses.ShowTimes, settings.show_times),
        pressed(desk, presses.ChooseTime, settings.choose_time),
        pressed(desk, presses.OfferTime, timing.offer_time),
        pressed(desk, presses.ShowDays, settings.show_days),
        pressed(desk, presses.ChooseDays, settings.choose_days),
        pressed(desk, presses.ShowOwnDays, settings.show_own_days),
        pressed(desk, presses.SetDay, settings.set_day, answers_itself=True),
        pressed(desk, presses.ShowZone, zones.show_zone),
        pressed(desk, presses.ChooseZone, zones.choose_zone),
        pressed(desk, presses.ShowClocks, zones.show_clocks),
        pressed(desk, presses.ShowOddClocks, zones.show_odd_clocks),
        pressed(desk, presses.ChooseClock, zones.choose_clock),
        pressed(desk, presses.ShareLocation, zones.ask_location),
        pressed(desk, presses.ShowLanguages, speaking.show_languages),
        pressed(desk, presses.ChooseLanguage, speaking.choose_language),
    ]


def _choices(desk: Desk) -> list[Handler]:
    """Presses below an item, and in the lists that come of them; everybody in a group has a vote."""
    everybody = Who.EVERYBODY
    return [
        pressed(desk, item_presses.GiveVote, choosing.give_vote, answers_itself=True, who=everybody),
        pressed(desk, item_presses.TakeVoteBack, choosing.take_vote_back, answers_itself=True, who=everybody),
        pressed(desk, item_presses.Keep, choosing.keep, answers_itself=True),
        pressed(desk, item_presses.LetGo, choosing.let_go, answers_itself=True),
        pressed(desk, item_presses.LeaveOut, choosing.leave_out, answers_itself=True),
        pressed(desk, item_presses.UndoLeaveOut, choosing.undo_leave_out, answers_itself=True),
        pressed(desk, item_presses.TakeAllBack, choosing.take_all_back),
        pressed(desk, item_presses.ShowLeftOut, lists.show_left_out),
        pressed(desk, item_presses.TakeBack, lists.take_back),
        pressed(desk, item_presses.ShowFavourites, lists.show_favourites),
        pressed(desk, item_presses.RemoveFavourite, lists.remove_favourite),
        pressed(desk, item_presses.BringThemed, asking.bring_themed),
        pressed(desk, item_presses.AnotherThemed, asking.show_another_themed, answers_itself=True),
        pressed(desk, item_presses.ShowTopics, asking.show_topics),
    ]


def _rights(desk: Desk) -> list[Handler]:
    return [
        pressed(desk, presses_of_rights.ShowPolicy, policy.show_policy, who=Who.EVERYBODY, is_noted=False),
        pressed(desk, presses_of_rights.ShowPolicyPage, policy.show_page, who=Who.EVERYBODY, is_noted=False),
        pressed(desk, presses_of_rights.AgreeAgain, reconsenting.agree_again),
        pressed(desk, presses_of_rights.DeleteAll, rights.delete_all),
        pressed(desk, presses_of_rights.KeepAll, rights.keep_all),
        pressed(desk, presses_of_rights.ShowOffers, offers.show_offers),
        pressed(desk, presses_of_rights.SwitchOffers, offers.switch_offers),
    ]


def _reading(desk: Desk) -> list[Handler]:
    read: dict[type[Press], Callable[[Visit, Any], Awaitable[None]]] = {
        leafing.ShowUrgent: informing.show_urgent,
        leafing.ShowArticles: articles.show_articles,
        leafing.ShowArticle: articles.show_article,
        leafing.OpenArticle: articles.open_article,
        presses_of_articles.ShowSentArticles: articles.show_sent,
        presses_of_articles.ReadSentArticle: articles.read_sent,
        leafing.ShowTherapists: therapists.show_therapists,
        leafing.ShowIdeas: therapists.show_ideas,
    }
    return [
        pressed(desk, press, conversation, who=Who.EVERYBODY, is_noted=False)
        for press, conversation in read.items()
    ]


def _check_presses(desk: Desk) -> list[Handler]:
    alone = checking.alone
    return [
        pressed(desk, check_presses.Walk, checking.walk_on, answers_itself=True, is_noted=False),
        pressed(desk, check_presses.ShowChecks, alone(checking.show_checks)),
        pressed(desk, check_presses.AskConsent, alone(checking.ask_consent)),
        pressed(desk, check_presses.AllowChecks, alone(checking.note_consent)),
        pressed(desk, check_presses.ReadCheck, alone(checking.read)),
        pressed(desk, check_presses.ShowMore, alone(checking.show_more)),
        pressed(desk, check_presses.ShowCall, alone(checking.show_call), is_noted=False),
        pressed(desk, check_presses.RestStretches, alone(resting.rest)),
        pressed(desk, check_presses.ResumeStretches, resting.resume),
        pressed(desk, check_presses.CloseCheck, checking.close, is_noted=False),
    ]


def _operators(desk: Desk) -> list[Handler]:
    return [
        *(
            command(desk, name, for_operators(spoken), Who.EVERYBODY)
            for area in AREAS
            for name, spoken in area.commands.items()
        ),
        *(
            pressed(desk, press, pressed_by_operators(told), answers_itself=True, is_noted=False)
            for area in AREAS
            for press, told in area.presses.items()
        ),
    ]


def _messages(desk: Desk) -> list[Handler]:
    awaited = {what: spoken for area in AREAS for what, spoken in area.awaited.items()}
    return [
        sent(desk, what, unless_awaited(conversation, awaited))
        for what, conversation in (
            (filters.LOCATION, zones.locate),
            (filters.TEXT, guessing.read_text),
            (~filters.StatusUpdate.ALL, guessing.decline_media),
        )
    ]
