"""Carries out one call of the Bot API, however it came in, and writes it down."""

from dataclasses import replace
from typing import Any

from tipbot.sandbox.calls import Call
from tipbot.sandbox.methods import METHODS, NAMES
from tipbot.sandbox.methods.receiving import get_updates
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import RefusalError, bad_request, method_not_found
from tipbot.sandbox.state import Telegram

POLL = "getupdates"


async def carry_out(telegram: Telegram, method: str, parameters: Parameters) -> tuple[int, dict[str, Any]]:
    """Return HTTP status and body of a call; a refusal is an answer like any other."""
    try:
        body: dict[str, Any] = {"ok": True, "result": await _result(telegram, method, parameters)}
        status = 200
    except RefusalError as refusal:
        body = refusal.as_json()
        status = refusal.status
    record(telegram, method, parameters, status, body)
    return status, body


def record(telegram: Telegram, method: str, parameters: Parameters, status: int, body: dict[str, Any]) -> None:
    """Write a call into the log, uploads by name only."""
    names = {name: replace(upload, data=b"") for name, upload in parameters.uploads.items()}
    given = Parameters(parameters.values, names)
    telegram.calls.add(Call(NAMES.get(method, method), given, status, body, telegram.now()))


async def _result(telegram: Telegram, method: str, parameters: Parameters) -> object:
    if telegram.logged_out:
        raise bad_request("Logged out")
    if method == POLL:
        return [update.as_json() for update in await get_updates(telegram, parameters)]
    if method not in METHODS:
        raise method_not_found()
    if "chat_id" in parameters:
        paid = parameters.flag("allow_paid_broadcast")
        telegram.gate.admit(method, parameters.chat(), paid=paid)
    return METHODS[method](telegram, parameters)
