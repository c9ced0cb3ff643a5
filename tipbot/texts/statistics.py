"""Numbers for operators, as text and in pictures."""

from dataclasses import dataclass

from tipbot.texts.declaring import COMMAND, counts, lists, says
from tipbot.texts.plurals import Plural
from tipbot.texts.sending import SendingTexts


@dataclass(frozen=True, slots=True, kw_only=True, init=False, eq=False, repr=False)
class StatisticsTexts(SendingTexts):
    """These words in one language; operators read them."""

    # Below the picture
    stats_heading: str = says("title", "period")
    stats_title: Plural = counts("days")
    stats_period: str = says("first", "last")
    stats_date: str = says("day", "month")
    stats_people: str = says("members", "active", "paused", "joined", "returned", "breaks")
    stats_deleted: str = says("deleted")
    stats_left: str = says("left", "ways")
    stats_ways: tuple[str, ...] = lists(4)
    stats_messages: str = says("arrived", "all")
    stats_no_messages: str = says()
    stats_lost: str = says("reasons")
    stats_outcomes: tuple[str, ...] = lists(6)
    stats_amount: str = says("label", "number")
    stats_votes: str = says("votes")
    stats_best: str = says("items")
    stats_least: str = says("items")
    stats_item: str = says("title", "share", "votes")
    stats_checks: str = says("started")
    stats_finishes: str = says("finishes")
    stats_finish_names: tuple[str, ...] = lists(5)
    stats_by_check: str = says("checks")
    stats_tens: str = says("number")
    stats_hidden: str = says()
    stats_tens_only: str = says()
    stats_booking: str = says("origins")
    stats_origins: tuple[str, ...] = lists(4)
    stats_broadcasts: str = says("count")
    stats_broadcast: str = says("title", "date", "reached", "people")
    stats_not_drawn: str = says()

    # On the picture, where there is little room and no markup
    picture_members: Plural = counts("people")
    picture_came: str = says("number")
    picture_left: str = says("number")
    picture_messages: str = says("arrived", "all")
    picture_no_messages: str = says()
    picture_none_lost: str = says()
    picture_liked: str = says()
    picture_no_likings: str = says()
    picture_share: str = says("share", "votes")

    # The weekly summary
    summary_title: str = says()
    summary_people: str = says("came", "left", "came_before", "left_before", "members")
    summary_messages: str = says("arrived", "all", "arrived_before", "all_before")
    summary_votes: str = says("votes", "before")
    summary_more: str = says()

    button_stats_days: Plural = counts("days")
    button_summary_on: str = says()
    button_summary_off: str = says()
    summary_is_on: str = says(most=200)
    summary_is_off: str = says(most=200)
    command_stats: str = says(most=COMMAND)
