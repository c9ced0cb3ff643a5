"""Messages that are no command: worrying words come first, then a stop, a time, a city or advice that fits."""

from collections.abc import Awaitable, Callable, Iterable

from tipbot.bot.conversations import booking, informing, pausing, rights, searching, starting, timing, zones
from tipbot.bot.conversations.ages import says_under_age
from tipbot.bot.conversations.alarms import sounds_like_crisis, sounds_worrying
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.conversations.wording import after_one_of, is_one_of
from tipbot.bot.presses import UnderAge
from tipbot.bot.rendering import Screen
from tipbot.domain.wall_time import parse_wall_time
from tipbot.places import Place, best_place
from tipbot.texts import Texts


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
    """Answer worrying words with whom to call, turn away who is under 18, and say whether there was either.

    People mix languages, so each is listened for.
    """
    is_crisis = any(sounds_like_crisis(visit.text, texts) for texts in visit.desk.texts.values())
    is_worrying = not is_crisis and any(sounds_worrying(visit.text, texts) for texts in visit.desk.texts.values())
    if is_crisis:
        await informing.crisis(visit)
    elif is_worrying:
        await informing.urgent(visit)
    is_under_age = any(says_under_age(visit.text, texts) for texts in visit.desk.texts.values())
    if is_under_age:
        # Whom to call comes first: turning away needs the database, which may be away.
        await starting.turn_away(visit, UnderAge())
    return is_crisis or is_worrying or is_under_age


async def _understood(visit: Visit) -> bool:
    if await calmed(visit) or await _obeyed(visit):
        return True
    if visit.text in visit.in_any_language(lambda texts: (texts.button_not_now,)):
        await zones.refuse_location(visit)
    elif await visit.look_up() is None:
        await starting.welcome(visit)
    elif is_one_of(visit.text, visit.in_any_language(lambda texts: texts.thanks_words)):
        await visit.send(Screen(visit.texts.thanks))
    elif wall_time := parse_wall_time(visit.text):
        await timing.ask_which(visit, wall_time)
    elif place := _clear_place(visit):
        await zones.propose(visit, place)
    else:
        return await searching.offer(visit)
    return True


async def _obeyed(visit: Visit) -> bool:
    """Do what a plain "stop", "help" or "book" asks for, and say whether it was one."""
    wishes: tuple[tuple[Callable[[Texts], Iterable[str]], Callable[[Visit], Awaitable[None]]], ...] = (
        (lambda texts: texts.stop_words, pausing.stop),
        (lambda texts: texts.help_words, informing.help_out),
        (lambda texts: texts.book_words, booking.book),
        (lambda texts: texts.complaint_words, informing.complaint),
        (lambda texts: texts.delete_words, rights.delete),
    )
    for words, answer in wishes:
        if is_one_of(visit.text, visit.in_any_language(words)):
            await answer(visit)
            return True
    return False


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
