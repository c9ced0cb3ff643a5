"""Articles of the clinic: those that the feed brought, and those written by hand."""

from dataclasses import dataclass

from tipbot.texts.declaring import COMMAND, TOAST, counts, lists, says
from tipbot.texts.plurals import Plural
from tipbot.texts.statistics import StatisticsTexts


@dataclass(frozen=True, slots=True, kw_only=True, init=False, eq=False, repr=False)
class FeedTexts(StatisticsTexts):
    """These words in one language; operators read them, and subscribers those of the list at the end."""

    # The feed
    feed: str = says("url", "checked", "articles")
    feed_articles: str = says("articles")
    feed_no_articles: str = says()
    feed_entry: str = says("number", "title", "day", "standing")
    feed_none: str = says()
    feed_unchecked: str = says()
    feed_works: str = says("day", "time")
    feed_fails: str = says("day", "time", "why")
    feed_looking: str = says()
    feed_asked_already: str = says(most=TOAST)
    article_standings: tuple[str, ...] = lists(7)
    article_card: str = says("title", "words", "link", "standing")
    article_gone: str = says()
    article_day: str = says("day", "month", "year")

    # Why it cannot be read, by FeedFault
    feed_fault_address: str = says("host")
    feed_fault_credentials: str = says("host")
    feed_fault_private: str = says("host")
    feed_fault_unknown_name: str = says("host")
    feed_fault_unreachable: str = says("host")
    feed_fault_certificate: str = says("host")
    feed_fault_too_slow: str = says("host")
    feed_fault_too_large: str = says("host")
    feed_fault_redirects: str = says("host")
    feed_fault_status: str = says("host", "detail")
    feed_fault_broken: str = says("host")
    feed_fault_web_page: str = says("host")
    feed_fault_web_page_at: str = says("host", "detail")
    feed_fault_doctype: str = says("host")
    feed_fault_no_feed: str = says("host")
    feed_fault_too_hard: str = says("host")

    # What operators are told
    alarm_feed_failing: str = says("why")
    article_drafted: str = says("title", "words")
    article_offered: str = says("title", "words")
    article_others: Plural = counts("number")
    article_picture_refused: str = says()
    article_set_aside: str = says(most=TOAST)
    article_not_set_aside: str = says(most=TOAST)

    # Writing one
    article_ask_title: str = says("most")
    article_ask_words: str = says("most")
    article_ask_link: str = says()
    article_ask_picture: str = says()
    article_so_far: str = says("given")
    article_so_far_picture: str = says()
    article_begun: str = says("title")
    article_needs_words: str = says()
    article_title_too_long: str = says("length", "most")
    article_words_too_long: str = says("length", "most")
    article_no_address: str = says()
    article_needs_picture: str = says()
    article_kept: str = says()
    article_dropped: str = says()

    # What subscribers see of them
    sent_articles: str = says("articles")
    sent_article_entry: str = says("title", "day", "words")
    sent_article: str = says("title", "words", "day")
    sent_articles_away: str = says()

    button_read_article: str = says()
    button_draft_look: str = says()
    button_draft_make: str = says()
    button_feed_check: str = says()
    button_feed_result: str = says()
    button_feed_back: str = says()
    button_article_write: str = says()
    button_article_aside: str = says()
    button_article_skip: str = says()
    button_article_keep: str = says()
    button_article_cancel: str = says()
    button_article_drop: str = says()
    button_article_go_on: str = says()
    command_feed: str = says(most=COMMAND)
    command_article: str = says(most=COMMAND)
