"""How often a message may carry an offer of the clinic: only with consent, and rarely."""

# What somebody says yes or no to: the topic of a consent.
MARKETING = "marketing"
# A house rule, stricter than the law: at most one in seven messages that come by themselves.
TIPS_BETWEEN = 6


def next_offer(since: int, *, is_welcome: bool) -> tuple[bool, int]:
    """Return whether the next tip carries an offer, and how many tips without one there were after it.

    `since` is how many there have been until now; more than six are not counted, because they change nothing.
    """
    if is_welcome and since >= TIPS_BETWEEN:
        return True, 0
    return False, min(since + 1, TIPS_BETWEEN)
