"""answerCallbackQuery and answerInlineQuery: what a person sees after a press, or after typing the bot's name."""

from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request
from tipbot.sandbox.state import Telegram, Toast

LONGEST = 200


def _answer_callback_query(telegram: Telegram, parameters: Parameters) -> object:
    text = parameters.text("text")
    if len(text) > LONGEST:
        raise bad_request("MESSAGE_TOO_LONG")
    toast = Toast(text, parameters.flag("show_alert"), parameters.text("url"))
    telegram.answer(parameters.text("callback_query_id"), toast)
    return True


def _answer_inline_query(telegram: Telegram, parameters: Parameters) -> object:
    user, offers = telegram.inline.answer(parameters, now=telegram.now())
    listed = [{"title": offer.title, "description": offer.description} for offer in offers]
    telegram.events.add("offers", user.id, {"user_id": user.id, "offers": listed})
    return True


METHODS = {"answerCallbackQuery": _answer_callback_query, "answerInlineQuery": _answer_inline_query}
