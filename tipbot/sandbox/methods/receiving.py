"""setWebhook, deleteWebhook, getWebhookInfo, logOut and close; getUpdates waits, so the server has it."""

import re
from urllib.parse import urlsplit

from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import WEBHOOK_IS_SET, RefusalError, bad_request, conflict
from tipbot.sandbox.state import Telegram, WebhookSetting
from tipbot.sandbox.updates import Update

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
MOST_CONNECTIONS = 100
DEFAULT_CONNECTIONS = 40


async def get_updates(telegram: Telegram, parameters: Parameters) -> list[Update]:
    """Confirm, wait and return updates; raises RefusalError (409) while a webhook is set."""
    if telegram.webhook is not None:
        raise conflict(WEBHOOK_IS_SET)
    _remember_kinds(telegram, parameters)
    offset, limit = parameters.integer("offset"), parameters.integer("limit", 100)
    return await telegram.updates.poll(offset, limit, parameters.integer("timeout"))


def _remember_kinds(telegram: Telegram, parameters: Parameters) -> None:
    if "allowed_updates" in parameters:
        telegram.updates.allow(str(kind) for kind in parameters.items("allowed_updates"))


def _set_webhook(telegram: Telegram, parameters: Parameters) -> object:
    url = parameters.text("url")
    secret = parameters.text("secret_token")
    connections = parameters.integer("max_connections", DEFAULT_CONNECTIONS)
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters or is too long")
    if not 1 <= connections <= MOST_CONNECTIONS:
        raise bad_request("bad webhook: max_connections must be from 1 to 100")
    if url:
        _check_address(url)
    _remember_kinds(telegram, parameters)
    if parameters.flag("drop_pending_updates"):
        telegram.updates.clear()
    telegram.webhook = WebhookSetting(url, secret, connections) if url else None
    telegram.webhook_error = None
    telegram.updates.end_poll_for_webhook()
    return True


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        raise bad_request("bad webhook: the sandbox delivers only to http:// on this machine (127.0.0.1)")


def _delete_webhook(telegram: Telegram, parameters: Parameters) -> object:
    telegram.webhook = None
    if parameters.flag("drop_pending_updates"):
        telegram.updates.clear()
    telegram.pulse.beat()
    return True


def _get_webhook_info(telegram: Telegram, _parameters: Parameters) -> object:
    setting = telegram.webhook
    info: dict[str, object] = {
        "url": setting.url if setting else "",
        "has_custom_certificate": False,
        "pending_update_count": len(telegram.updates),
    }
    if telegram.updates.allowed:
        info["allowed_updates"] = list(telegram.updates.allowed)
    if setting:
        info["max_connections"] = setting.connections
        if telegram.webhook_error:
            info["last_error_date"], info["last_error_message"] = telegram.webhook_error
    return info


def _log_out(telegram: Telegram, _parameters: Parameters) -> object:
    telegram.logged_out = True
    return True


def _close(telegram: Telegram, _parameters: Parameters) -> object:
    if telegram.webhook is not None:
        raise RefusalError(400, "Bad Request: delete the webhook before closing the bot")
    telegram.updates.end_poll_for_webhook()
    return True


METHODS = {
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "logOut": _log_out,
    "close": _close,
}
