"""Limits and faults: what happens when Telegram is slow, full, broken or gone."""

import asyncio

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from tests.sandbox.conftest import Raw, Watch
from tipbot.sandbox import Kind, Limits, Person, Sandbox


async def texts(sandbox: Sandbox, person: Person) -> list[str]:
    return [message.text for message in sandbox.sent_to(person.chat_id)]


async def test_the_31st_message_of_a_second_is_refused(raw: Raw, sandbox: Sandbox, watch: Watch) -> None:
    sandbox.limit(Limits(penalty=3))
    people = [sandbox.person(f"P{number}", started=True) for number in range(31)]
    for person in people[:30]:
        await raw.result("sendMessage", chat_id=person.chat_id, text="x")
    given = {"chat_id": people[30].chat_id, "text": "x"}
    async with raw.session.post(raw.url("sendMessage"), json=given) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "3")
        assert await response.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
    watch.forward(seconds=2)
    assert (await raw.refusal("sendMessage", **given)).endswith("retry after 1")
    watch.forward(seconds=1)
    await raw.result("sendMessage", **given)


async def test_one_chat_has_its_own_limit(bot: Bot, sandbox: Sandbox, ann: Person, watch: Watch) -> None:
    sandbox.limit(Limits(chat_burst=2))
    bob = sandbox.person("Bob", started=True)
    for _ in range(2):
        await bot.send_message(ann.chat_id, "x")
    with pytest.raises(RetryAfter, match="Retry in 0:00:02"):
        await bot.send_message(ann.chat_id, "x")
    await bot.send_message(bob.chat_id, "x")
    watch.forward(seconds=2)
    await bot.send_message(ann.chat_id, "x")


async def test_a_group_takes_20_a_minute(raw: Raw, sandbox: Sandbox, ann: Person, watch: Watch) -> None:
    sandbox.limit(Limits(per_chat=None))
    group = sandbox.group("Team", administrators=[ann])
    for _ in range(20):
        await raw.result("sendMessage", chat_id=group.chat_id, text="x")
        watch.forward(seconds=1)
    refusal = await raw.refusal("sendMessage", chat_id=group.chat_id, text="x")
    assert refusal == "Too Many Requests: retry after 40"


async def test_paid_broadcasts_go_beyond_the_free_limit(raw: Raw, sandbox: Sandbox, ann: Person) -> None:
    sandbox.limit(Limits(per_second=1, per_chat=None, paid_per_second=2))
    given = {"chat_id": ann.chat_id, "text": "x", "allow_paid_broadcast": True}
    for _ in range(2):
        await raw.result("sendMessage", **given)
    assert (await raw.refusal("sendMessage", **given)).startswith("Too Many Requests")


async def test_errors_come_as_often_as_asked(raw: Raw, sandbox: Sandbox, ann: Person) -> None:
    fault = sandbox.faults.add(Kind.SERVER_ERROR, "sendMessage", times=None, every=3)
    answers = [await raw.call("sendMessage", chat_id=ann.chat_id, text=str(number)) for number in range(6)]
    assert [answer["ok"] for answer in answers] == [True, True, False, True, True, False]
    assert answers[2]["description"] == "Internal Server Error: restart"
    assert fault.met == 2
    assert await texts(sandbox, ann) == ["0", "1", "3", "4"]
    await raw.result("getMe")


async def test_429_on_demand(bot: Bot, sandbox: Sandbox, ann: Person) -> None:
    sandbox.faults.add(Kind.TOO_MANY_REQUESTS, chat_id=ann.chat_id, retry_after=7)
    await bot.get_me()
    with pytest.raises(RetryAfter, match="Retry in 0:00:07"):
        await bot.send_message(ann.chat_id, "x")
    await bot.send_message(ann.chat_id, "x")


@pytest.mark.parametrize(("kind", "accepted"), [(Kind.BAD_GATEWAY, []), (Kind.BAD_GATEWAY_AFTER, ["x"])])
async def test_a_page_of_html_in_place_of_an_answer(
    bot: Bot, sandbox: Sandbox, ann: Person, kind: Kind, accepted: list[str]
) -> None:
    sandbox.faults.add(kind, "sendMessage")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(ann.chat_id, "x")
    assert await texts(sandbox, ann) == accepted


@pytest.mark.parametrize(("kind", "accepted"), [(Kind.DROP_BEFORE, []), (Kind.DROP_AFTER, ["x"])])
async def test_a_connection_that_breaks(
    bot: Bot, sandbox: Sandbox, ann: Person, kind: Kind, accepted: list[str]
) -> None:
    sandbox.faults.add(kind, "sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(ann.chat_id, "x")
    assert await texts(sandbox, ann) == accepted
    await bot.send_message(ann.chat_id, "y")
    assert await texts(sandbox, ann) == [*accepted, "y"]


@pytest.mark.parametrize(("kind", "accepted"), [(Kind.HANG_BEFORE, []), (Kind.HANG_AFTER, ["x"])])
async def test_a_call_that_hangs_until_the_bot_gives_up(
    raw: Raw, sandbox: Sandbox, ann: Person, kind: Kind, accepted: list[str]
) -> None:
    sandbox.faults.add(kind, "sendMessage")
    given = {"chat_id": ann.chat_id, "text": "x"}
    patience = aiohttp.ClientTimeout(total=0.2)
    with pytest.raises(TimeoutError):
        await raw.session.post(raw.url("sendMessage"), json=given, timeout=patience)
    await sandbox.quiet()
    assert await texts(sandbox, ann) == accepted


async def test_clearing_the_faults_answers_what_hangs(raw: Raw, sandbox: Sandbox, ann: Person) -> None:
    fault = sandbox.faults.add(Kind.HANG_BEFORE, times=None)
    async with asyncio.TaskGroup() as tasks:
        call = tasks.create_task(raw.result("sendMessage", chat_id=ann.chat_id, text="x"))
        await sandbox.until(lambda: fault.met == 1 and sandbox.calls.in_progress == 1)
        with pytest.raises(TimeoutError, match="1 of its calls are in progress"):
            await sandbox.quiet(timeout=0)
        sandbox.faults.clear()
    assert call.result()["text"] == "x"


async def test_latency_delays_every_answer(raw: Raw, sandbox: Sandbox) -> None:
    sandbox.faults.latency_ms = 60
    started = asyncio.get_running_loop().time()
    await raw.result("getMe")
    assert asyncio.get_running_loop().time() - started >= 0.06


async def test_telegram_goes_away_and_comes_back_knowing_everything(sandbox: Sandbox, ann: Person) -> None:
    await ann.sends("hello")
    async with sandbox.serving() as address, aiohttp.ClientSession() as session:
        raw = Raw(session, address, sandbox.token)
        assert len(await raw.result("getUpdates")) == 1
    with pytest.raises(aiohttp.ClientConnectorError):
        async with aiohttp.ClientSession() as session:
            await session.post(raw.url("getMe"))
    async with sandbox.serving(port=int(address.rpartition(":")[2])) as again, aiohttp.ClientSession() as session:
        assert again == address
        assert len(await Raw(session, again, sandbox.token).result("getUpdates")) == 1
        assert await Raw(session, again, sandbox.token).result("getUpdates", offset=2) == []
        async with asyncio.TaskGroup() as tasks:
            poll = tasks.create_task(Raw(session, again, sandbox.token).result("getUpdates", timeout=30))
            await sandbox.until(lambda: sandbox.telegram.updates.polls == 4)
            await ann.sends("back")
        assert [update["message"]["text"] for update in poll.result()] == ["back"]


async def test_what_goes_wrong_in_the_block_comes_out_unwrapped(sandbox: Sandbox) -> None:
    async def failing() -> None:
        async with sandbox.serving():
            raise ValueError("of the test")

    with pytest.raises(ValueError, match="of the test"):
        await failing()


async def test_a_bot_that_logged_out_is_refused(raw: Raw) -> None:
    assert await raw.result("close") is True
    assert await raw.result("logOut") is True
    assert await raw.refusal("getMe") == "Bad Request: Logged out"
