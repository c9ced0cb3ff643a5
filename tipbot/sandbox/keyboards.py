"""Checks the keyboards under and below messages, as Telegram does."""

import re
from typing import Any

from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import RefusalError, bad_request

DATA_BYTES = 64
BUTTONS = 100

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_URL = re.compile(r"(?i)(tg:|(https?|ton|tonsite)://)?[^\s/?#@]+\.[^\s/?#@.]+([/?#]\S*)?|tg:(//)?\S+")
_STYLES = ("danger", "success", "primary")


def read_markup(parameters: Parameters, *, private: bool) -> dict[str, Any] | None:
    """Return the keyboard of a new message, None if there is none; raises RefusalError for a bad one."""
    markup = parameters.object("reply_markup")
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        return _below(markup, private=private)
    if "remove_keyboard" in markup or "force_reply" in markup:
        return markup
    raise bad_request("can't parse reply keyboard markup JSON object")


def read_inline_markup(parameters: Parameters) -> dict[str, Any] | None:
    """Return the keyboard of an edited message; only buttons under the message are allowed there."""
    markup = parameters.object("reply_markup")
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return _inline(markup)


def _inline(markup: dict[str, Any]) -> dict[str, Any] | None:
    rows = _rows(markup["inline_keyboard"])
    checked = [[_inline_button(button) for button in row] for row in rows if row]
    if sum(len(row) for row in checked) > BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": checked} if checked else None


def _inline_button(button: object) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _bad_button("expected an object")
    if not isinstance(button.get("text"), str):
        raise _bad_button('Field "text" must be of type String')
    if not button["text"].strip():
        raise _bad_button("text must be non-empty")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise _bad_button("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        reason = f"exactly one action is allowed, found {' and '.join(actions)}"
        raise _bad_button(reason)
    if button.get("style", "primary") not in _STYLES:
        raise _bad_button("invalid button style specified")
    _check_action(button, actions[0])
    return button


def _check_action(button: dict[str, Any], action: str) -> None:
    value = button[action]
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not _URL.fullmatch(str(value)):
        reason = f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL"
        raise bad_request(reason)


def _below(markup: dict[str, Any], *, private: bool) -> dict[str, Any]:
    rows = _rows(markup["keyboard"])
    checked = [[_button_below(button, private=private) for button in row] for row in rows if row]
    if not checked:
        raise bad_request("reply keyboard must be non-empty")
    return {**markup, "keyboard": checked}


def _button_below(button: object, *, private: bool) -> dict[str, Any]:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request("can't parse keyboard button: text must be non-empty")
    if not private and button.get("request_location"):
        raise bad_request("location can be requested in private chats only")
    if not private and button.get("request_contact"):
        raise bad_request("phone number can be requested in private chats only")
    return button


def _rows(rows: object) -> list[list[object]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("field of the keyboard must be an array of arrays")
    return rows


def _bad_button(reason: str) -> RefusalError:
    return bad_request(f"can't parse inline keyboard button: {reason}")
