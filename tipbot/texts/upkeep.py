"""Content changed while TipBot runs: read anew, retired, due for review."""

from dataclasses import dataclass

from tipbot.texts.declaring import COMMAND, TOAST, counts, lists, says
from tipbot.texts.feeds import FeedTexts
from tipbot.texts.plurals import Plural


@dataclass(frozen=True, slots=True, kw_only=True, init=False, eq=False, repr=False)
class UpkeepTexts(FeedTexts):
    """These words in one language; operators read them."""

    alarm_content_broken: str = says("machine", "number", "fault")
    content_faults: Plural = counts("number")
    reload_nothing: str = says()
    reload_same: str = says()
    reload_done: str = says("changes")
    reload_sorts: tuple[str, ...] = lists(5)
    reload_parts: tuple[str, ...] = lists(8)
    reload_line: str = says("what", "numbers")
    reload_new: str = says("number")
    reload_changed: str = says("number")
    reload_gone: str = says("number")
    reload_asks_again: str = says()
    reload_reviews: Plural = counts("number")
    reload_refused: str = says("number", "faults")
    reload_fault: str = says("file", "key", "message")
    reload_more: Plural = counts("number")
    reload_file: str = says()
    retire_ask: str = says()
    retire_ask_again: str = says()
    retire_which: str = says()
    retire_question: str = says("item")
    retire_is_retired: str = says("item")
    retire_done: str = says("title")
    retire_unknown: str = says()
    retire_left_alone: str = says()
    retire_too_few_tips: str = says("number", "least")
    retire_too_few_stretches: str = says("number", "least")
    retired_list: str = says("items")
    retired_line: str = says("title", "date")
    retired_none: str = says()
    retired_back: str = says("title", most=TOAST)
    button_retire: str = says()
    button_leave_items: str = says()
    button_retired_list: Plural = counts("number")
    button_bring_back: str = says()
    button_bring_back_one: str = says("title")
    reviews_weekly: str = says("lines")
    reviews_page: str = says("lines")
    reviews_none: str = says()
    reviews_overdue: str = says("number")
    reviews_soon: str = says("number")
    reviews_awaiting: str = says("number")
    reviews_line: str = says("title", "key", "date")
    reviews_more: str = says("number")
    reviews_file: str = says()
    button_review_file: str = says()
    command_reload: str = says(most=COMMAND)
    command_retire: str = says(most=COMMAND)
    command_reviews: str = says(most=COMMAND)
