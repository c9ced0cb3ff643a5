"""Every message and button of the bot, declared with the placeholders it must have."""

from dataclasses import dataclass, field
from typing import Any

from tipbot.texts.plurals import Plural

# Characters of an answer to a press, and of a command's line in the menu (Bot API).
TOAST, COMMAND = 200, 256


def says(*placeholders: str, most: int = 0) -> Any:  # noqa: ANN401 (stands for a dataclass field, as `field` does)
    """Declare a message and the placeholders that it must have, all of them and no others.

    `most` is how many characters Telegram takes there, where that is few (Bot API).
    """
    return field(metadata={"placeholders": frozenset(placeholders), "most": most})


def counts(counted: str, *placeholders: str) -> Any:  # noqa: ANN401 (same)
    """Declare a message in the plural forms of its language; the placeholder `counted` is the number."""
    return field(metadata={"placeholders": frozenset((counted, *placeholders)), "counted": counted})


def lists(length: int = 0) -> Any:  # noqa: ANN401 (same)
    """Declare a list of words: of this length, or of any length when it is 0."""
    return field(metadata={"length": length})


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Every sentence and button of the bot in one language; `str.format` fills in what is declared here."""

    # First contact
    welcome: str = says("therapists", "clinic", "tip", "stretch")
    under_age: str = says()
    plan: str = says("plan", "place", "clock")
    all_set: str = says("next")
    already_in: str = says("plan", "place", "clock", "next")
    start_again: str = says("plan")
    resumed: str = says("next")
    not_paused: str = says("next")

    # Advice
    idea_from: str = says("therapist")
    tip: str = says("title", "body", "idea")
    card: str = says("title", "fact", "so_what", "source")
    stretch: str = says("heading", "why", "setup", "steps", "dose", "easier", "stop", "not_for", "idea")
    stretch_heading: str = says("name", "position", "minutes")
    minutes: Plural = counts("minutes")
    position_sitting: str = says()
    position_standing: str = says()
    position_lying: str = says()
    position_kneeling: str = says()

    # Below an item
    button_helpful: str = says()
    button_unhelpful: str = says()
    button_keep: str = says()
    button_kept: str = says()
    button_leave_out: str = says()
    button_undo_left_out: str = says()
    vote_counted: str = says()
    vote_taken_back: str = says()
    vote_too_late: str = says()
    channel_only_votes: str = says()
    only_one: str = says()
    kept: str = says()
    kept_too_many: str = says("most")
    let_go: str = says()
    left_out: str = says()
    taken_back: str = says()
    nothing_left: str = says("kind")
    nothing_left_on_topic: str = says()
    button_take_all_back: str = says()
    button_left_out_list: str = says()
    button_topics: str = says()

    # What is kept, and what was left out
    favourites: str = says("number")
    favourites_removing: str = says("number")
    favourites_none: str = says()
    favourites_retired: str = says("number")
    left_out_page: str = says("number")
    left_out_none: str = says()
    button_left_out: str = says("number")
    button_remove: str = says("title")
    button_remove_some: str = says()
    button_earlier: str = says()
    button_more: str = says()
    command_favourites: str = says()

    # Topics and positions
    topics_page: str = says("command")
    topic_unknown: str = says("command")
    topics_words: tuple[str, ...] = lists()
    today_words: tuple[str, ...] = lists()
    topic_movement: tuple[str, ...] = lists()
    topic_posture: tuple[str, ...] = lists()
    topic_strength: tuple[str, ...] = lists()
    topic_stretching: tuple[str, ...] = lists()
    topic_sleep: tuple[str, ...] = lists()
    topic_stress: tuple[str, ...] = lists()
    topic_mindfulness: tuple[str, ...] = lists()
    topic_exercise: tuple[str, ...] = lists()
    topic_running: tuple[str, ...] = lists()
    topic_care: tuple[str, ...] = lists()
    topic_knowledge: tuple[str, ...] = lists()
    in_sitting: tuple[str, ...] = lists()
    in_standing: tuple[str, ...] = lists()
    in_lying: tuple[str, ...] = lists()
    in_kneeling: tuple[str, ...] = lists()

    # What comes when
    kind_tip: str = says()
    kind_stretch: str = says()
    plan_line: str = says("kind", "order")
    order: str = says("time", "days")
    order_off: str = says()
    every_day: str = says()
    monday_to_friday: str = says()
    weekdays: tuple[str, ...] = lists(7)
    weekdays_short: tuple[str, ...] = lists(7)
    each_weekday: tuple[str, ...] = lists(7)
    list_more: str = says("most", "next")
    list_last: str = says("most", "last")
    today: str = says("time")
    tomorrow: str = says("time")
    on_weekday: str = says("weekday", "time")
    on_date: str = says("weekday", "day", "month", "time")
    next_one: str = says("kind", "moment", "place")
    next_none_off: str = says()
    next_none_paused: str = says()
    next_none_stopped: str = says()

    # Settings
    settings: str = says("plan", "articles", "place", "clock", "next")
    articles_on: str = says()
    articles_off: str = says()
    kind_page: str = says("kind", "order", "next")
    times_page: str = says("kind", "command")
    days_page: str = says("kind", "days")
    own_days_page: str = says("kind")
    last_day: str = says("kind", most=TOAST)

    # Language
    language_name: str = says()
    language_page: str = says()
    language_set: str = says("next")
    language_only: str = says()
    button_language: str = says()
    command_language: str = says(most=COMMAND)

    # Times
    time_change: str = says()
    time_which: str = says("time")
    time_set: str = says("kind", "order", "next")
    time_wrong: str = says()

    # Time zone
    zone_page: str = says("place", "clock")
    zone_proposal: str = says("place", "clock")
    zone_set: str = says("place", "clock", "next")
    zone_choices: str = says()
    zone_unknown: str = says()
    clocks_page: str = says()
    odd_clocks_page: str = says()
    clock_cities: str = says("clock")
    location_ask: str = says()
    location_thanks: str = says()
    location_refused: str = says()
    location_unknown: str = says()

    # Pause and stop
    pause_page: str = says()
    paused: str = says()
    paused_days: Plural = counts("days", "next")
    paused_off: str = says("next")
    pause_wrong: str = says()
    day_words: tuple[str, ...] = lists()
    on_a_break: str = says("next")
    stopped: str = says()
    not_started: str = says()

    # Notes about the messages themselves
    note_how_often: str = says()
    note_still_there: str = says()
    note_weekly: str = says()
    note_resting: str = says()
    note_farewell: str = says()
    often_changed: str = says("plan")
    often_same: str = says("plan")
    often_at_the_end: str = says("plan")
    good_to_see_you: str = says("next")
    good_to_see_you_resting: str = says()
    button_more_often: str = says()
    button_as_often: str = says()
    button_less_often: str = says()
    button_still_here: str = says()
    button_back_to_plan: str = says()
    button_keep_me: str = says()

    # Single items, and the clinic
    item_retired: str = says()
    booking: str = says("clinic", "address", "contact", "website")
    button_book: str = says("clinic")
    button_book_with: str = says("therapist")
    offer_sender: str = says("clinic")
    button_stop_offers: str = says()
    offers_stopped: str = says()
    lost_link_title: str = says()
    lost_link: str = says("clinic")
    command_book: str = says(most=COMMAND)

    # Groups
    group_welcome: str = says("clinic")
    group_plan: str = says("plan", "place", "clock")
    group_administrators_only: str = says(most=TOAST)

    # Help, privacy, and what was not understood
    help: str = says()
    privacy: str = says("clinic", "address", "chat", "privacy_contact")
    not_understood: str = says()
    only_words: str = says()
    old_button: str = says(most=TOAST)
    apology: str = says(most=TOAST)
    crisis: str = says("crisis")
    crisis_words: tuple[str, ...] = lists()
    worrying_words: tuple[str, ...] = lists()
    stop_words: tuple[str, ...] = lists()
    help_words: tuple[str, ...] = lists()
    not_places: tuple[str, ...] = lists()
    place_beginnings: tuple[str, ...] = lists()

    # For operators
    channel_question: str = says("title")
    channel_posts: str = says("title", "time", "place")
    channel_silent: str = says()
    channel_no_right: str = says()
    button_channel_at: str = says("time")
    button_channel_nothing: str = says()
    button_channel_stop: str = says()
    button_channel_reader: str = says()
    alarm_refused: str = says("item", "reason")

    # Buttons
    button_adult: str = says()
    button_under_age: str = says()
    button_looks_right: str = says()
    button_change_times: str = says()
    button_elsewhere: str = says()
    button_start_again: str = says()
    button_resume: str = says()
    button_undo: str = says()
    button_tip: str = says()
    button_stretch: str = says()
    button_todays_tip: str = says()
    button_todays_stretch: str = says()
    button_another: str = says()
    button_settings: str = says()
    button_settings_below: str = says()
    button_articles_on: str = says()
    button_articles_off: str = says()
    button_zone: str = says()
    button_pause: str = says()
    button_stop: str = says()
    button_done: str = says()
    button_back: str = says()
    button_time: str = says()
    button_days: str = says()
    button_switch_on: str = says()
    button_switch_off: str = says()
    button_chosen: str = says("label")
    button_every_day: str = says()
    button_monday_to_friday: str = says()
    button_four_a_week: str = says()
    button_two_a_week: str = says()
    button_weekly: str = says()
    button_own_days: str = says()
    button_other_time: str = says()
    button_share_location: str = says()
    button_not_now: str = says()
    button_clocks: str = says()
    button_odd_clocks: str = says()
    button_place: str = says("place", "country")
    button_place_now: str = says("place", "country", "clock")
    button_clock_place: str = says("clock", "place")
    button_zone_right: str = says("clock")
    button_zone_wrong: str = says()
    button_change: str = says()
    button_days_off: Plural = counts("days")
    button_until_resumed: str = says()
    button_group_tip: str = says()
    button_group_stretch: str = says()

    # The bot's profile
    description: str = says(most=512)
    short_description: str = says(most=120)
    command_tip: str = says(most=COMMAND)
    command_stretch: str = says(most=COMMAND)
    command_settings: str = says(most=COMMAND)
    command_time: str = says(most=COMMAND)
    command_timezone: str = says(most=COMMAND)
    command_pause: str = says(most=COMMAND)
    command_resume: str = says(most=COMMAND)
    command_stop: str = says(most=COMMAND)
    command_urgent: str = says(most=COMMAND)
    command_privacy: str = says(most=COMMAND)
    command_help: str = says(most=COMMAND)
