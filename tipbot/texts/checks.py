"""The sentences around the self-checks; the checks themselves are content."""

from dataclasses import dataclass

from tipbot.texts.declaring import TOAST, says
from tipbot.texts.labels import Labels


@dataclass(frozen=True, slots=True, kw_only=True, init=False, eq=False, repr=False)
class CheckTexts(Labels):
    """What the bot says before, in and after a check in one language."""

    # Self-checks
    checks_list: str = says()
    checks_to_read: str = says()
    checks_consent: str = says()
    checks_off: str = says()
    checks_in_group: str = says()
    check_screen: str = says("name", "title", "number", "count", "intro", "signs")
    check_step: str = says("name", "number", "count", "needs", "step", "safety")
    check_needs: str = says("needs")
    check_question: str = says("name", "question", "below")
    check_stopped: str = says("says", "when", "again")
    check_ending: str = says("name", "says", "ideas", "when", "idea", "below")
    check_ideas: str = says("ideas")
    check_help_now: str = says("says", "rest")
    check_help_today: str = says("says", "rest")
    check_call: str = says("call")
    check_rest_offer: str = says()
    check_rests: str = says("day")
    check_more: str = says()
    check_read: str = says("name", "about", "needs", "steps", "notices", "not_for", "idea", "below")
    check_read_not_for: str = says("signs")
    check_changed: str = says(most=TOAST)
    check_closed: str = says()
    stretches_rest: str = says("day")
    stretches_back: str = says("next")
    day_date: str = says("weekday", "day", "month")
    help_checks: str = says()
