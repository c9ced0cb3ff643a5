"""Messages that are no command: worrying words come first, then a stop, a time or a city; the rest gets a hand."""

from tipbot.bot.conversations import informing, pausing, starting, timing, zones
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.conversations.wording import after_one_of, is_one_of, mentions
from tipbot.bot.rendering import Screen
from tipbot.domain.wall_time import parse_wall_time
from tipbot.places import Place, best_place


async def read_text(visit: Visit) -> None:
    """Answer words that are no command; what was written is not kept anywhere."""
    if not await _understood(visit):
        await _offer_likely(visit)


async def read_unknown_command(visit: Visit) -> None:
    """Answer a command that does not exist; one like /unsubscribe says clearly enough what is wanted."""
    if not await _obeyed(visit):
        await _offer_likely(visit)


async def decline_media(visit: Visit) -> None:
    """Answer a sticker, a picture or anything else without words; words below a picture count as words."""
    if not visit.text or not await _understood(visit):
        await visit.send(Screen(visit.texts.only_words, informing.likely_buttons(visit.texts)))


async def calmed(visit: Visit) -> bool:
    """Answer worrying words with whom to call, and say whether there were any."""
    if mentions(visit.text, visit.in_any_language(lambda texts: texts.crisis_words)):
        await informing.crisis(visit)
    elif mentions(visit.text, visit.in_any_language(lambda texts: texts.worrying_words)):
        await informing.urgent(visit)
    else:
        return False
    return True


async def _understood(visit: Visit) -> bool:
    if await calmed(visit) or await _obeyed(visit):
        return True
    if visit.text in visit.in_any_language(lambda texts: (texts.button_not_now,)):
        await zones.refuse_location(visit)
    elif await visit.look_up() is None:
        await starting.welcome(visit)
    elif wall_time := parse_wall_time(visit.text):
        await timing.ask_which(visit, wall_time)
    elif place := _clear_place(visit):
        await zones.propose(visit, place)
    else:
        return False
    return True


async def _obeyed(visit: Visit) -> bool:
    """Do what a plain "stop" or "help" asks for, and say whether it was one."""
    if is_one_of(visit.text, visit.in_any_language(lambda texts: texts.stop_words)):
        await pausing.stop(visit)
    elif is_one_of(visit.text, visit.in_any_language(lambda texts: texts.help_words)):
        await informing.help_out(visit)
    else:
        return False
    return True


async def _offer_likely(visit: Visit) -> None:
    await visit.send(Screen(visit.texts.not_understood, informing.likely_buttons(visit.texts)))


def _clear_place(visit: Visit) -> Place | None:
    """Return the place that was typed; words and names that happen to be a town somewhere are left alone."""
    if named := after_one_of(visit.text, visit.in_any_language(lambda texts: texts.place_beginnings)):
        return best_place(named)
    therapists = visit.desk.library.catalogue.therapists.values()
    names = (therapist.name for therapist in therapists)
    not_places = (*visit.in_any_language(lambda texts: texts.not_places), *names)
    return None if is_one_of(visit.text, not_places) else best_place(visit.text)
