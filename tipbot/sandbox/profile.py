"""What the bot says about itself: commands, descriptions and name, per scope and language."""

import re
from typing import Any

from tipbot.sandbox.refusals import bad_request

LIMITS = {"description": 512, "short_description": 120, "name": 64}
MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}

Scope = tuple[str, ...]


class Profile:
    """The bot's own texts; everything not set is empty."""

    def __init__(self, name: str) -> None:
        self._commands: dict[tuple[Scope, str], list[dict[str, str]]] = {}
        self._texts: dict[tuple[str, str], str] = {("name", ""): name}

    def set_commands(self, scope: dict[str, Any], language: str, commands: list[Any]) -> None:
        """Keep the commands for a scope and language; no commands: forget them."""
        key = (_scope(scope), _language(language))
        if len(commands) > MOST_COMMANDS:
            raise bad_request("too many bot commands specified")
        checked = [_command(command) for command in commands]
        if checked:
            self._commands[key] = checked
        else:
            self._commands.pop(key, None)

    def commands(self, scope: dict[str, Any], language: str) -> list[dict[str, str]]:
        """Return exactly what was set for a scope and language."""
        return self._commands.get((_scope(scope), _language(language)), [])

    def menu(self, chat_id: int, user_id: int, language: str, *, administrator: bool) -> list[dict[str, str]]:
        """Return the commands a person sees in a chat: the narrowest scope, first in their language."""
        chat, user = str(chat_id), str(user_id)
        scopes: list[Scope] = [("chat_member", chat, user)]
        scopes += [("chat_administrators", chat)] if administrator else []
        scopes += [("chat", chat)]
        scopes += [("all_chat_administrators",)] if administrator else []
        scopes += [("all_private_chats",) if chat_id > 0 else ("all_group_chats",), ("default",)]
        for scope in scopes:
            for code in (language[:2], ""):
                if commands := self._commands.get((scope, code)):
                    return commands
        return []

    def as_json(self) -> dict[str, Any]:
        """Return everything that was set, for `restore`."""
        commands = [[*key, commands] for key, commands in self._commands.items()]
        return {"commands": commands, "texts": [[*key, text] for key, text in self._texts.items()]}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what `as_json` returned."""
        self._commands = {(tuple(scope), language): commands for scope, language, commands in kept["commands"]}
        self._texts = {(kind, language): text for kind, language, text in kept["texts"]}

    def set_text(self, kind: str, language: str, text: str) -> None:
        """Keep a description, short_description or name for a language; empty: forget it."""
        if len(text) > LIMITS[kind]:
            reason = f"bot {kind.replace('_', ' ')} is too long, at most {LIMITS[kind]} characters"
            raise bad_request(reason)
        self._texts[kind, _language(language)] = text

    def text(self, kind: str, language: str) -> str:
        """Return the text for a language, or the one without a language."""
        return self._texts.get((kind, _language(language))) or self._texts.get((kind, ""), "")


def _scope(scope: dict[str, Any]) -> Scope:
    kind = scope.get("type", "default")
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    missing = [name for name in _SCOPES[kind] if name not in scope]
    if missing:
        reason = f"can't parse BotCommandScope: can't find field \"{missing[0]}\""
        raise bad_request(reason)
    return (kind, *(str(scope[name]) for name in _SCOPES[kind]))


def _language(language: str) -> str:
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def _command(command: object) -> dict[str, str]:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an object")
    name = str(command.get("command", "")).removeprefix("/")
    text = str(command.get("description", "")).strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not text:
        raise bad_request("command description must be non-empty")
    if len(text) > LONGEST_DESCRIPTION:
        reason = f"command description length must not exceed {LONGEST_DESCRIPTION}"
        raise bad_request(reason)
    return {"command": name, "description": text}
