"""The methods of the Bot API that the sandbox knows, by lower-case name."""

from collections.abc import Callable

from tipbot.sandbox.methods import answering, chats, copying, deleting, editing, receiving, sending, texts
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.state import Telegram

Method = Callable[[Telegram, Parameters], object]

METHODS: dict[str, Method] = {
    name.lower(): method
    for module in (answering, chats, copying, deleting, editing, receiving, sending, texts)
    for name, method in module.METHODS.items()
}
NAMES = {
    name.lower(): name
    for module in (answering, chats, copying, deleting, editing, receiving, sending, texts)
    for name in module.METHODS
} | {"getupdates": "getUpdates"}
