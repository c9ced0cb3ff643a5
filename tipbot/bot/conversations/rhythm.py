"""How often messages come: what people answer when they are asked, and how they come back after a silence."""

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.phrases import next_phrase, plan_phrase
from tipbot.bot.conversations.starting import today_button
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import HowOften, Resume, ShowSettings, StillHere
from tipbot.bot.rendering import Screen
from tipbot.domain.kindness import Wish
from tipbot.domain.subscribers import Status


async def adjust(visit: Visit, press: HowOften) -> None:
    """Bring more, the same or less from now on, and say what that means."""
    changed, has_changed = await visit.desk.arrange.adjust(visit.chat_id, press.wish, now=visit.now)
    texts = visit.texts_of(changed)
    words = texts.often_changed if has_changed else texts.often_at_the_end
    if press.wish is Wish.SAME:
        words = texts.often_same
    plan = plan_phrase(changed, texts)
    await visit.show(Screen(words.format(plan=plan), keyboard([button(texts.button_settings, ShowSettings())])))


async def welcome_back(visit: Visit, _: StillHere) -> None:
    """Say what comes next to somebody who was missed; whoever paused meanwhile is asked first."""
    await visit.known()
    await visit.desk.reach.seen(visit.chat_id, now=visit.now)
    subscription = await visit.known()
    texts = visit.texts_of(subscription)
    settings = button(texts.button_settings, ShowSettings())
    if subscription.subscriber.status is not Status.ACTIVE:
        resume = button(texts.button_resume, Resume())
        await visit.show(Screen(texts.good_to_see_you_resting, keyboard([resume, settings])))
        return
    words = texts.good_to_see_you.format(next=next_phrase(subscription, texts, now=visit.now))
    await visit.show(Screen(words, keyboard([today_button(subscription, texts), settings])))
