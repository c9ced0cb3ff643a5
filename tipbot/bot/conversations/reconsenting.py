"""When what people agreed to has changed: they are asked once, after the answer to what they came for."""

from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec

from tipbot.bot.buttons import button, keyboard
from tipbot.bot.conversations.visit import Visit
from tipbot.bot.presses import OpenSettings, Stop
from tipbot.bot.presses_of_rights import AgreeAgain, ConsentVersion
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.subscribers import Subscription
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable

log = get_logger(__name__)

More = ParamSpec("More")


def noted(
    conversation: Callable[Concatenate[Visit, More], Awaitable[None]],
) -> Callable[Concatenate[Visit, More], Awaitable[None]]:
    """Return a conversation after which the visit is noted; worrying words and strangers never get that far."""

    async def answer(visit: Visit, /, *more: More.args, **named: More.kwargs) -> None:
        await conversation(visit, *more, **named)
        await _note_visit(visit)

    return answer


async def _note_visit(visit: Visit) -> None:
    """Note a press or a command that has been answered, and ask for consent where its words are newer.

    The answer is out already, so a database that is away spoils nothing: the next visit does it.
    """
    try:
        if await visit.desk.reconsent.visited(visit.chat_id, now=visit.now):
            await _ask(visit)
    except StorageUnavailable as outage:
        log.info("visit_not_noted", reason=str(outage))


async def agree_again(visit: Visit, press: AgreeAgain) -> None:
    """Write the new yes down; words that changed once more are shown first."""
    if await visit.desk.reconsent.agree(visit.chat_id, press.version, now=visit.now):
        texts = visit.texts_of(await visit.known())
        settings = button(texts.button_settings, OpenSettings())
        await visit.show(Screen(texts.agreed_again, keyboard([settings])))
    else:
        await visit.show(_question(visit, await visit.known()))


async def _ask(visit: Visit) -> None:
    subscription = await visit.look_up()
    if subscription is None:
        return
    # Noted only after it went out: asked twice after a crash is better than never asked.
    await visit.send(_question(visit, subscription))
    await visit.desk.reconsent.asked(visit.chat_id)


def _question(visit: Visit, subscription: Subscription) -> Screen:
    texts, library = visit.texts_of(subscription), visit.desk.library
    policy = library.catalogue.policy(subscription.subscriber.language)
    version = ConsentVersion(library.consent_version)
    return Screen(
        texts.agree_again.format(what_changed=escaped(policy.what_changed.strip())),
        keyboard([button(texts.button_agree, AgreeAgain(version)), button(texts.button_stop_messages, Stop())]),
    )
