"""What Telegram says when it will not do something, word for word."""

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
SECOND_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_STARTED = "terminated by setWebhook request"
WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class RefusalError(Exception):
    """A call that Telegram refuses: HTTP status, description and, sometimes, parameters for the caller."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """Return the body that goes with the HTTP status."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return body if self.parameters is None else {**body, "parameters": self.parameters}


def bad_request(reason: str) -> RefusalError:
    """Return a 400; `reason` starts in lower case unless it is one of Telegram's UPPER_CASE codes."""
    return RefusalError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> RefusalError:
    """Return a 403: the chat exists, and the bot may not write there."""
    return RefusalError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> RefusalError:
    """Return a 409: somebody else is fetching the updates."""
    return RefusalError(409, f"Conflict: {reason}")


def unauthorized() -> RefusalError:
    """Return the 401 for a token that belongs to no bot."""
    return RefusalError(401, "Unauthorized")


def method_not_found() -> RefusalError:
    """Return the 404 for a method that is not in the Bot API."""
    return RefusalError(404, "Not Found: method not found")


def too_many_requests(seconds: int) -> RefusalError:
    """Return the 429 that asks to wait `seconds` whole seconds."""
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(new_chat_id: int) -> RefusalError:
    """Return the 400 that tells the new id of a group that became a supergroup."""
    return RefusalError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )
