"""A rest from stretches after worrying answers: it is offered, said kindly, and ended by whoever asked for it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.check_presses import RestStretches, ResumeStretches, ShowChecks
from tipbot.bot.check_screens import CheckWords
from tipbot.bot.conversations.phrases import next_phrase
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.leafing import ShowUrgent
from tipbot.bot.presses import OpenSettings, Today
from tipbot.bot.rendering import Screen
from tipbot.domain.subscribers import Kind
from tipbot.texts import Texts

DAYS = 7


async def rest(visit: Visit, press: RestStretches) -> None:
    """Bring no stretch for a week, and say so below the urgent words, which stay."""
    changed = await visit.desk.arrange.rest_stretches(visit.chat_id, days=DAYS, now=visit.now)
    subscriber = changed.subscriber
    course = visit.desk.library.catalogue.marked_course(press.tree, press.mark)
    ending = course.ending(press.ending) if course else None
    until = subscriber.stretch_pause_until
    if course is None or ending is None or until is None:
        await visit.show(await rest_screen(visit))
        return
    words = CheckWords(course, visit.desk.texts_in(course.language), visit.desk.library.catalogue)
    day = day_phrase(until, subscriber.zone, visit.desk.texts_in(course.language))
    await visit.show(words.urgent(ending, rests_until=day))


async def resume(visit: Visit, _: ResumeStretches) -> None:
    """Bring stretches again, for somebody who says that they have been checked."""
    changed = await visit.desk.arrange.resume_stretches(visit.chat_id, now=visit.now)
    texts = visit.texts_of(changed)
    words = texts.stretches_back.format(next=next_phrase(changed, texts, now=visit.now, kind=Kind.STRETCH))
    stretch = button(texts.button_todays_stretch, Today(Kind.STRETCH))
    await visit.show(Screen(words.strip(), keyboard([stretch, button(texts.button_settings, OpenSettings())])))


async def rest_screen(visit: Visit) -> Screen:
    """Return what somebody reads who asks for a stretch while stretches rest; raises NotSubscribed."""
    subscription = await visit.known()
    subscriber, texts = subscription.subscriber, visit.texts_of(subscription)
    until = subscriber.stretch_pause_until or visit.now
    below = keyboard(
        [button(texts.button_stretches_back, ResumeStretches())],
        [button(texts.button_todays_tip, Today(Kind.TIP)), button(texts.button_urgent, ShowUrgent())],
        [] if visit.is_group else [button(texts.button_checks, ShowChecks())],
    )
    return Screen(texts.stretches_rest.format(day=day_phrase(until, subscriber.zone, texts)), below)


def day_phrase(moment: datetime, zone: str, texts: Texts) -> str:
    """Return the date of a moment as people of that zone would say it."""
    local = moment.astimezone(ZoneInfo(zone))
    return texts.day_date.format(weekday=texts.weekdays[local.weekday()], day=local.day, month=local.month)
