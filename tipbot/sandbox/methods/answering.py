"""answerCallbackQuery: what a person sees after pressing a button."""

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


METHODS = {"answerCallbackQuery": _answer_callback_query}
