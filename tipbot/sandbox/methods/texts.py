"""setMyCommands, setMyDescription and the other words of the bot about itself."""

from collections.abc import Callable

from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request
from tipbot.sandbox.state import Telegram

Method = Callable[[Telegram, Parameters], object]


def _set_commands(telegram: Telegram, parameters: Parameters) -> object:
    commands, language = parameters.items("commands"), parameters.text("language_code")
    _refuse_strangers(telegram, parameters)
    telegram.profile.set_commands(parameters.object("scope"), language, commands)
    telegram.events.add("profile", None, {"changed": "commands"})
    return True


def _refuse_strangers(telegram: Telegram, parameters: Parameters) -> None:
    """Refuse a menu for the private chat of somebody who never started the bot."""
    scope = parameters.object("scope")
    if scope.get("type") == "chat" and not telegram.chat(int(scope.get("chat_id", 0))).started:
        raise bad_request("chat not found")


def _delete_commands(telegram: Telegram, parameters: Parameters) -> object:
    telegram.profile.set_commands(parameters.object("scope"), parameters.text("language_code"), [])
    telegram.events.add("profile", None, {"changed": "commands"})
    return True


def _get_commands(telegram: Telegram, parameters: Parameters) -> object:
    return telegram.profile.commands(parameters.object("scope"), parameters.text("language_code"))


def _setter(kind: str) -> Method:
    def set_text(telegram: Telegram, parameters: Parameters) -> object:
        telegram.profile.set_text(kind, parameters.text("language_code"), parameters.text(kind))
        telegram.events.add("profile", None, {"changed": kind})
        return True

    return set_text


def _getter(kind: str) -> Method:
    def get_text(telegram: Telegram, parameters: Parameters) -> object:
        return {kind: telegram.profile.text(kind, parameters.text("language_code"))}

    return get_text


METHODS: dict[str, Method] = {
    "setMyCommands": _set_commands,
    "deleteMyCommands": _delete_commands,
    "getMyCommands": _get_commands,
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
}
