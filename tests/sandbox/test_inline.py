"""Inline mode of the stand-in: it refuses what Telegram refuses, and people choose what is offered."""

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from tests.sandbox.conftest import Raw
from tipbot.sandbox import Sandbox
from tipbot.sandbox.people import Person


def _article(number: object = 1, title: str = "Rest", text: str = "<b>Rest</b> now") -> InlineQueryResultArticle:
    below = InlineKeyboardMarkup([[InlineKeyboardButton("More", url="https://t.me/x")]])
    content = InputTextMessageContent(text, parse_mode="HTML")
    return InlineQueryResultArticle(str(number), title, content, reply_markup=below, description="A tip")


async def _asked(sandbox: Sandbox, bot: Bot, words: str = "rest") -> tuple[Person, str]:
    anna = sandbox.person("Anna")
    await anna.asks_inline(words)
    (update,) = await bot.get_updates(timeout=0)
    assert update.inline_query is not None
    assert update.inline_query.query == words
    assert update.inline_query.from_user.id == anna.chat_id
    return anna, update.inline_query.id


async def test_what_is_offered_can_be_chosen_for_any_chat(sandbox: Sandbox, bot: Bot) -> None:
    anna, query = await _asked(sandbox, bot)
    await bot.answer_inline_query(query, [_article(1), _article(2, "Walk")], cache_time=5)
    assert [(offer.title, offer.description) for offer in anna.offers] == [("Rest", "A tip"), ("Walk", "A tip")]
    ben = sandbox.person("Ben")
    group = sandbox.group("Friends", administrators=[ben], members=[anna])
    shown = await anna.chooses("Rest", to=group)
    assert (shown.text, shown.from_bot, shown.labels) == ("Rest now", False, [["More"]])
    assert ben.sees(group)[-1].html == "<b>Rest</b> now"
    updates = await bot.get_updates(offset=-1, timeout=0)
    assert updates[0].message is not None
    assert updates[0].message.via_bot == bot.bot


async def test_what_is_not_offered_cannot_be_chosen(sandbox: Sandbox, bot: Bot) -> None:
    anna, query = await _asked(sandbox, bot)
    await bot.answer_inline_query(query, [_article()])
    with pytest.raises(LookupError, match="there are \\['Rest'\\]"):
        await anna.chooses("Walk")
    await anna.asks_inline("walk")
    assert anna.offers == ()


@pytest.mark.parametrize(
    ("results", "refusal"),
    [
        ([_article(number) for number in range(51)], "RESULTS_TOO_MUCH"),
        ([_article("x" * 65)], "RESULT_ID_INVALID"),
        ([_article("")], "RESULT_ID_INVALID"),
        ([_article(1), _article(1)], "RESULT_ID_DUPLICATE"),
        ([_article(text="<b>Rest")], "can't parse entities"),
        ([_article(text="")], "message text is empty"),
        ([_article(text="x" * 4097)], "message is too long"),
        ([_article(title=" ")], "title"),
    ],
)
async def test_bad_results_are_refused(
    sandbox: Sandbox, bot: Bot, raw: Raw, results: list[InlineQueryResultArticle], refusal: str
) -> None:
    _, query = await _asked(sandbox, bot)
    listed = [result.to_dict() for result in results]
    assert refusal in await raw.refusal("answerInlineQuery", inline_query_id=query, results=listed)


async def test_a_query_is_answered_once(sandbox: Sandbox, bot: Bot) -> None:
    _, query = await _asked(sandbox, bot)
    await bot.answer_inline_query(query, [])
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_inline_query(query, [])


async def test_a_bot_without_inline_mode_is_not_asked() -> None:
    sandbox = Sandbox(now=lambda: pytest.fail("nothing happens"), inline=False)
    with pytest.raises(RuntimeError, match="/setinline"):
        await sandbox.person("Anna").asks_inline("rest")
