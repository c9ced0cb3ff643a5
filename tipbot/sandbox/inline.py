"""Inline mode: what people type after the bot's name in any chat, what it offers there, and what they choose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tipbot.sandbox.chats import User
from tipbot.sandbox.formatting import Formatted, read_text
from tipbot.sandbox.keyboards import read_markup
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import QUERY_TOO_OLD, bad_request

QUERY_SECONDS = 15
QUERY_LENGTH = 256
MOST_RESULTS = 50
ID_BYTES = OFFSET_BYTES = 64


@dataclass(frozen=True, slots=True)
class Offer:
    """One result as it is listed, and the message that choosing it sends."""

    result_id: str
    title: str
    description: str
    message: Formatted
    markup: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class _Query:
    user: User
    at: datetime


class Inline:
    """Queries that wait for their answer, and the last offers made to each person."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        self.offers: dict[int, tuple[Offer, ...]] = {}
        self._queries: dict[str, _Query] = {}
        self._last_query = 0

    def ask(self, user: User, words: str, *, now: datetime) -> dict[str, Any]:
        """Return the InlineQuery object for words that somebody typed after the bot's name."""
        self._last_query += 1
        query_id = f"{user.id}{self._last_query:010}"
        self._queries[query_id] = _Query(user, now)
        self.offers.pop(user.id, None)
        return {"id": query_id, "from": user.as_json(), "query": words[:QUERY_LENGTH], "offset": ""}

    def answer(self, parameters: Parameters, *, now: datetime) -> tuple[User, tuple[Offer, ...]]:
        """Take the results for a query once, within 15 seconds; raises RefusalError for what Telegram refuses."""
        results = parameters.items("results")
        if len(results) > MOST_RESULTS:
            raise bad_request("RESULTS_TOO_MUCH")
        if len(parameters.text("next_offset").encode()) > OFFSET_BYTES:
            raise bad_request("NEXT_OFFSET_INVALID")
        parameters.integer("cache_time")
        offers = tuple(_offer(result) for result in results)
        if len({offer.result_id for offer in offers}) < len(offers):
            raise bad_request("RESULT_ID_DUPLICATE")
        query = self._queries.pop(parameters.text("inline_query_id"), None)
        if query is None or (now - query.at).total_seconds() > QUERY_SECONDS:
            raise bad_request(QUERY_TOO_OLD)
        self.offers[query.user.id] = offers
        return query.user, offers


def _offer(result: object) -> Offer:
    if not isinstance(result, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    given = Parameters(result)
    if not 1 <= len(given.text("id").encode()) <= ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if given.text("type") != "article":
        raise bad_request("can't parse inline query result: the sandbox knows only results of type article")
    if not given.text("title").strip():
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content = given.object("input_message_content")
    if "message_text" not in content:
        raise bad_request("can't parse inline query result: input message content is not specified")
    markup = read_markup(given, private=True)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("can't parse inline query result: inline keyboard expected")
    return Offer(
        given.text("id"),
        given.text("title"),
        given.text("description"),
        read_text(Parameters({**content, "text": content["message_text"]})),
        markup,
    )
