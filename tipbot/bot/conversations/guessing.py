"""Messages that are no command: worrying words come first, then a time or a city; the rest gets a hand."""

import re

from tipbot.bot.conversations import informing, starting, timing, zones
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.rendering import Screen
from tipbot.domain.wall_time import parse_wall_time
from tipbot.places import best_place


async def read_text(visit: Visit) -> None:
    """Answer words that are no command; what was written is not kept anywhere."""
    texts = visit.texts
    if await _calmed(visit, visit.text):
        return
    if visit.text == texts.button_not_now:
        await zones.refuse_location(visit)
    elif await visit.look_up() is None:
        await starting.welcome(visit)
    elif wall_time := parse_wall_time(visit.text):
        await timing.ask_which(visit, wall_time)
    elif place := best_place(visit.text):
        await zones.propose(visit, place)
    else:
        await offer_likely(visit)


async def offer_likely(visit: Visit) -> None:
    """Answer an unknown command or words that say nothing to the bot."""
    texts = visit.texts
    await visit.send(Screen(texts.not_understood, informing.likely_buttons(texts)))


async def decline_media(visit: Visit) -> None:
    """Answer a sticker, a picture or anything else without words; words below a picture count as words."""
    caption = (visit.message.caption if visit.message else None) or ""
    if not await _calmed(visit, caption):
        await visit.send(Screen(visit.texts.only_words, informing.likely_buttons(visit.texts)))


async def _calmed(visit: Visit, text: str) -> bool:
    """Answer worrying words, and say whether there were any."""
    if _has_one_of(visit.texts.crisis_words, text):
        await informing.crisis(visit)
    elif _has_one_of(visit.texts.worrying_words, text):
        await informing.urgent(visit)
    else:
        return False
    return True


def _has_one_of(words: tuple[str, ...], text: str) -> bool:
    plain = text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.search(rf"\b(?:{'|'.join(map(re.escape, words))})\b", plain) is not None
