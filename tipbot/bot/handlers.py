"""The table of contents of all conversations: what people send or press, and who answers it."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram.ext import (
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
    Pressing,
    Who,
    command,
    offering,
    pressed,
    pressing,
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

    What Telegram itself reports comes first, then presses, then commands and what takes all others. Anything typed
    or sent comes last. Edited messages fit none and are ignored.
    """
    buttons = pressing(desk, [*_presses_of_operators(), *_presses()])
    commands = [*_commands_of_operators(desk), *_commands(desk)]
    passing_on = InlineQueryHandler(offering(desk))
    return [*_reports(desk), buttons, *commands, passing_on, *_messages(desk)]


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


def _presses() -> list[Pressing]:
    return [
        pressed(presses.Agree, starting.join),
        pressed(presses.UnderAge, starting.turn_away),
        pressed(presses.LooksRight, starting.confirm),
        pressed(presses.StartGroup, starting.join_group),
        pressed(presses.Today, asking.bring_today),
        pressed(presses.Another, asking.show_another),
        pressed(presses.ShowItem, asking.bring_item),
        pressed(presses.ShowBooking, booking.show_booking),
        pressed(presses_of_rights.StopOffers, booking.stop_offers, answers_itself=True),
        *_settings(),
        pressed(presses.ShowPause, pausing.show_pause),
        pressed(presses.Pause, pausing.pause_for),
        pressed(presses.Resume, pausing.go_on),
        pressed(presses.Stop, pausing.stop_all),
        pressed(presses.HowOften, rhythm.adjust),
        pressed(presses.StillHere, rhythm.welcome_back),
        *_choices(),
        *_rights(),
        *_reading(),
        *_check_presses(),
    ]


def _settings() -> list[Pressing]:
    return [
        pressed(presses.OpenSettings, settings.open_settings),
        pressed(presses.ShowSettings, settings.show_settings),
        pressed(presses.SwitchArticles, settings.switch_articles),
        pressed(presses.ShowKind, settings.show_kind),
        pressed(presses.SwitchKind, settings.switch_kind),
        pressed(presses.ShowTimes, settings.show_times),
        pressed(presses.ChooseTime, settings.choose_time),
        pressed(presses.OfferTime, timing.offer_time),
        pressed(presses.ShowDays, settings.show_days),
        pressed(presses.ChooseDays, settings.choose_days),
        pressed(presses.ShowOwnDays, settings.show_own_days),
        pressed(presses.SetDay, settings.set_day, answers_itself=True),
        pressed(presses.ShowZone, zones.show_zone),
        pressed(presses.ChooseZone, zones.choose_zone),
        pressed(presses.ShowClocks, zones.show_clocks),
        pressed(presses.ShowOddClocks, zones.show_odd_clocks),
        pressed(presses.ChooseClock, zones.choose_clock),
        pressed(presses.ShareLocation, zones.ask_location),
        pressed(presses.ShowLanguages, speaking.show_languages),
        pressed(presses.ChooseLanguage, speaking.choose_language),
    ]


def _choices() -> list[Pressing]:
    """Presses below an item, and in the lists that come of them; everybody in a group has a vote."""
    everybody = Who.EVERYBODY
    return [
        pressed(item_presses.GiveVote, choosing.give_vote, answers_itself=True, who=everybody),
        pressed(item_presses.TakeVoteBack, choosing.take_vote_back, answers_itself=True, who=everybody),
        pressed(item_presses.Keep, choosing.keep, answers_itself=True),
        pressed(item_presses.LetGo, choosing.let_go, answers_itself=True),
        pressed(item_presses.LeaveOut, choosing.leave_out, answers_itself=True),
        pressed(item_presses.UndoLeaveOut, choosing.undo_leave_out, answers_itself=True),
        pressed(item_presses.TakeAllBack, choosing.take_all_back),
        pressed(item_presses.ShowLeftOut, lists.show_left_out),
        pressed(item_presses.TakeBack, lists.take_back),
        pressed(item_presses.ShowFavourites, lists.show_favourites),
        pressed(item_presses.RemoveFavourite, lists.remove_favourite),
        pressed(item_presses.BringThemed, asking.bring_themed),
        pressed(item_presses.AnotherThemed, asking.show_another_themed, answers_itself=True),
        pressed(item_presses.ShowTopics, asking.show_topics),
    ]


def _rights() -> list[Pressing]:
    return [
        pressed(presses_of_rights.ShowPolicy, policy.show_policy, who=Who.EVERYBODY, is_noted=False),
        pressed(presses_of_rights.ShowPolicyPage, policy.show_page, who=Who.EVERYBODY, is_noted=False),
        pressed(presses_of_rights.AgreeAgain, reconsenting.agree_again),
        pressed(presses_of_rights.DeleteAll, rights.delete_all),
        pressed(presses_of_rights.KeepAll, rights.keep_all),
        pressed(presses_of_rights.ShowOffers, offers.show_offers),
        pressed(presses_of_rights.SwitchOffers, offers.switch_offers),
    ]


def _reading() -> list[Pressing]:
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
    return [pressed(press, conversation, who=Who.EVERYBODY, is_noted=False) for press, conversation in read.items()]


def _check_presses() -> list[Pressing]:
    alone = checking.alone
    return [
        pressed(check_presses.Walk, checking.walk_on, answers_itself=True, is_noted=False),
        pressed(check_presses.ShowChecks, alone(checking.show_checks)),
        pressed(check_presses.AskConsent, alone(checking.ask_consent)),
        pressed(check_presses.AllowChecks, alone(checking.note_consent)),
        pressed(check_presses.ReadCheck, alone(checking.read)),
        pressed(check_presses.ShowMore, alone(checking.show_more)),
        pressed(check_presses.ShowCall, alone(checking.show_call), is_noted=False),
        pressed(check_presses.RestStretches, alone(resting.rest)),
        pressed(check_presses.ResumeStretches, resting.resume),
        pressed(check_presses.CloseCheck, checking.close, is_noted=False),
    ]


def _commands_of_operators(desk: Desk) -> list[Handler]:
    return [
        command(desk, name, for_operators(spoken), Who.EVERYBODY)
        for area in AREAS
        for name, spoken in area.commands.items()
    ]


def _presses_of_operators() -> list[Pressing]:
    return [
        pressed(press, pressed_by_operators(told), answers_itself=True, is_noted=False)
        for area in AREAS
        for press, told in area.presses.items()
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
