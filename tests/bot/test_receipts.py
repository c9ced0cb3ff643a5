"""What an answer of Telegram, or of whatever stands before it, says about the message that was handed over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from telegram.ext import ExtBot

from tests.bot import samples
from tests.content import shipped_texts
from tipbot.bot.messenger import TelegramMessenger
from tipbot.bot.pacing import Bulk, ReplyPacing
from tipbot.bot.transport import AiohttpRequest
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.delivery import (
    Claim,
    Limited,
    Matter,
    Moved,
    NotSent,
    Receipt,
    Refused,
    Retired,
    Sent,
    Uncertain,
    Unwanted,
    Vanished,
)
from tipbot.domain.subscribers import ChatId
from tipbot.usecases.booking import BookingLinks
from tipbot.usecases.library import Library

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN = "424242:a-token-of-no-value"  # noqa: S105 (opens nothing)
CLAIM = Claim(1, ChatId(7), Matter.TIP, ItemId("tip-1"), ENGLISH, NOW, 1, NOW, NOW)
PAGE = "<html><head><title>Gateway Time-out</title></head></html>"


def refusal(code: int, description: str, more: str = "") -> str:
    return f'{{"ok":false,"error_code":{code},"description":"{description}"{more}}}'


ANSWERS = [
    # The Bot API itself says that it did not do it.
    (500, refusal(500, "Internal Server Error: restart"), NotSent),
    (502, refusal(502, "Bad Gateway"), NotSent),
    (503, "  \n" + refusal(503, "Service Unavailable"), NotSent),
    (504, refusal(504, "Gateway Timeout"), NotSent),
    (401, refusal(401, "Unauthorized"), NotSent),
    # A front end gave up waiting: the message may have gone out behind it.
    (500, PAGE, Uncertain),
    (502, PAGE, Uncertain),
    (503, PAGE, Uncertain),
    (504, PAGE, Uncertain),
    (504, "", Uncertain),
    (504, "upstream request timeout", Uncertain),
    # Accepted, as it looks, but with an answer that nobody can read.
    (200, "", Uncertain),
    (200, PAGE, Uncertain),
    # Answers of Telegram that mean something else.
    (403, refusal(403, "Forbidden: bot was blocked by the user"), Unwanted),
    (403, refusal(403, "Forbidden: user is deactivated"), Vanished),
    (400, refusal(400, "Bad Request: chat not found"), Vanished),
    (400, refusal(400, "Bad Request: can't parse entities"), Refused),
    (400, refusal(400, "Bad Request: not enough rights to send text messages to the chat"), Unwanted),
]


@asynccontextmanager
async def messenger_to(url: str) -> AsyncIterator[TelegramMessenger]:
    request, polling = AiohttpRequest(), AiohttpRequest()
    bot: ExtBot[Bulk] = ExtBot(
        TOKEN,
        base_url=f"{url}/bot",
        request=request,
        get_updates_request=polling,
        rate_limiter=ReplyPacing(sent=lambda _: None, slow_down=_nobody),
    )
    texts = shipped_texts()
    await request.initialize()
    try:
        library = Library(samples.catalogue())
        links = BookingLinks(library, public_url=None)
        yield TelegramMessenger(bot, library, lambda _: texts[ENGLISH], links=links, is_paid=False)
    finally:
        await request.shutdown()


async def _nobody(_wait: timedelta) -> None:
    """Slow nobody down."""


async def receipt_of(status: int, body: str) -> Receipt:
    """Deliver one message to somebody who answers everything like this, and return what is made of it."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, text=body)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with messenger_to(f"http://127.0.0.1:{runner.addresses[0][1]}") as messenger:
            receipt = await messenger.deliver(CLAIM)
    finally:
        await runner.cleanup()
    assert asked == [f"/bot{TOKEN}/sendMessage"], "asked once"
    return receipt


@pytest.mark.parametrize(
    ("status", "body", "kind"), ANSWERS, ids=lambda part: getattr(part, "__name__", str(part)[:48])
)
async def test_what_an_answer_means(status: int, body: str, kind: type[Receipt]) -> None:
    assert type(await receipt_of(status, body)) is kind


async def test_a_limit_says_how_long() -> None:
    body = refusal(429, "Too Many Requests: retry after 17", ',"parameters":{"retry_after":17}')
    assert await receipt_of(429, body) == Limited(timedelta(seconds=17))


async def test_a_moved_group_says_where_to() -> None:
    body = refusal(400, "Bad Request: group chat was upgraded", ',"parameters":{"migrate_to_chat_id":-1005}')
    assert await receipt_of(400, body) == Moved(ChatId(-1005))


async def test_an_accepted_message_says_its_number() -> None:
    body = '{"ok":true,"result":{"message_id":77,"date":1795000000,"chat":{"id":7,"type":"private"}}}'
    assert await receipt_of(200, body) == Sent(77)


async def test_what_was_never_handed_over_was_not_sent() -> None:
    """Nobody listens on port 1."""
    async with messenger_to("http://127.0.0.1:1") as messenger:
        assert type(await messenger.deliver(CLAIM)) is NotSent


async def test_what_is_not_given_any_more_is_not_handed_over() -> None:
    """Nobody would answer there."""
    async with messenger_to("http://127.0.0.1:1") as messenger:
        assert await messenger.deliver(replace(CLAIM, item=ItemId("gone"))) == Retired()
