"""Telegram forgets an update once it is answered: that happens only when its effect is committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest

from tests.bot.arrivals import Somebody, arrival, lanes_of
from tests.usecases.post import until
from tipbot.bot import lanes as timing
from tipbot.bot.lanes import Lanes
from tipbot.bot.line import Line
from tipbot.bot.transport import AiohttpRequest
from tipbot.bot.webhook import Interrupted, Webhook
from tipbot.storage.database import Database
from tipbot.usecases.updating import MOST_ATTEMPTS, UpdateRecord
from tipbot.web.server import SECRET_HEADER, web_application

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANN, BOB = 7, 8
SECRET = "a-secret-of-ours"  # noqa: S105 (opens nothing)


def webhook_into(lanes: Lanes, database: Database) -> Webhook:
    # It only reads here, and asks nobody.
    line = Line("424242:a-token-of-no-value", request=AiohttpRequest(), get_updates_request=AiohttpRequest())
    return Webhook(line, lanes, UpdateRecord(database), now=lambda: NOW)


async def in_hand(database: Database) -> dict[int, int]:
    async with database.reading() as books:
        known = await books.updates.all()
    return {update_id: one.attempts for update_id, one in known.items() if not one.is_finished}


async def test_an_update_is_accepted_only_when_its_handler_has_finished(database: Database) -> None:
    somebody = Somebody()
    release = somebody.hold(ANN)
    async with lanes_of(somebody) as lanes, asyncio.TaskGroup() as tasks:
        webhook = webhook_into(lanes, database)
        accepting = tasks.create_task(webhook.accept(arrival(1, ANN)))
        await until(lambda: somebody.begun[ANN])
        # Another chat's update goes all the way through meanwhile: the first had every chance to be answered.
        await webhook.accept(arrival(2, BOB))
        assert not accepting.done()
        assert await in_hand(database) == {1: 1}
        release.set()
    assert somebody.ended == {ANN: [1], BOB: [2]}
    assert await in_hand(database) == {}


async def test_an_update_brought_again_while_it_is_in_hand_waits_for_the_same_end(database: Database) -> None:
    """Telegram gives up waiting after a minute and brings the update again; it must not be handled twice."""
    somebody = Somebody()
    release = somebody.hold(ANN)
    async with lanes_of(somebody) as lanes, asyncio.TaskGroup() as tasks:
        webhook = webhook_into(lanes, database)
        first = tasks.create_task(webhook.accept(arrival(1, ANN)))
        await until(lambda: somebody.begun[ANN])
        again = tasks.create_task(webhook.accept(arrival(1, ANN)))
        await webhook.accept(arrival(2, BOB))
        assert not first.done()
        assert not again.done()
        assert await in_hand(database) == {1: 1}, "a repetition is not another attempt"
        release.set()
    assert somebody.begun[ANN] == [1]


async def test_an_update_brought_twice_at_the_same_moment_is_handled_once(database: Database) -> None:
    somebody = Somebody()
    async with lanes_of(somebody) as lanes:
        webhook = webhook_into(lanes, database)
        await asyncio.gather(*(webhook.accept(arrival(1, ANN)) for _ in range(3)))
        assert somebody.begun[ANN] == [1]
        await webhook.accept(arrival(2, ANN))
    assert somebody.ended[ANN] == [1, 2]


async def test_an_update_that_came_to_its_end_is_not_handled_again(database: Database) -> None:
    """The answer got lost on its way to Telegram; another process may be asked the next time."""
    somebody = Somebody()
    async with lanes_of(somebody) as lanes:
        for _ in range(2):
            await webhook_into(lanes, database).accept(arrival(1, ANN))
    assert somebody.begun[ANN] == [1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_handler_that_hangs_does_not_keep_telegram_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "HANDLER_SECONDS", 0.05)
    somebody = Somebody()
    somebody.hold(ANN)
    async with lanes_of(somebody) as lanes, asyncio.timeout(5):
        await webhook_into(lanes, database).accept(arrival(1, ANN))
        assert somebody.sorry == [1]
    assert await in_hand(database) == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_update_cut_off_by_a_stop_is_refused_and_stays_in_hand(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "GRACE_SECONDS", 0.05)
    somebody = Somebody()
    somebody.hold(ANN)
    async with lanes_of(somebody) as lanes, asyncio.TaskGroup() as tasks:
        webhook = webhook_into(lanes, database)
        bringing = (webhook.accept(arrival(1, ANN)), webhook.accept(arrival(1, ANN)))
        accepting = tasks.create_task(_outcomes(*bringing))
        await until(lambda: somebody.begun[ANN])
        await lanes.close()
    assert [type(outcome) for outcome in accepting.result()] == [Interrupted, Interrupted]
    assert await in_hand(database) == {1: 1}


async def test_an_update_that_brought_three_processes_down_is_accepted_unread(database: Database) -> None:
    async with database.writing() as books:
        for _ in range(MOST_ATTEMPTS):
            await books.updates.take([1], now=NOW)
    somebody = Somebody()
    async with lanes_of(somebody) as lanes:
        await webhook_into(lanes, database).accept(arrival(1, ANN))
    assert somebody.begun == {}


@asynccontextmanager
async def telegram_at(webhook: Webhook) -> AsyncIterator[httpx.AsyncClient]:
    """A client that brings updates as Telegram does."""

    async def well() -> dict[str, object]:
        return {"ok": True}

    web = web_application(path="/telegram", accept=webhook.accept, secret=SECRET, health=well)
    transport = httpx.ASGITransport(web)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://here", headers={SECRET_HEADER: SECRET}
    ) as to:
        yield to


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_http_says_ok_only_when_the_handler_has_finished(database: Database) -> None:
    somebody = Somebody()
    release = somebody.hold(ANN)
    async with (
        lanes_of(somebody) as lanes,
        telegram_at(webhook_into(lanes, database)) as telegram,
        asyncio.TaskGroup() as tasks,
    ):
        answering = tasks.create_task(telegram.post("/telegram", content=arrival(1, ANN)))
        await until(lambda: somebody.begun[ANN])
        assert (await telegram.post("/telegram", content=arrival(2, BOB))).status_code == 200
        assert not answering.done()
        release.set()
        assert (await answering).status_code == 200
    assert somebody.ended[ANN] == [1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_http_asks_telegram_to_come_again_when_a_stop_cut_the_update_off(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "GRACE_SECONDS", 0.05)
    somebody = Somebody()
    somebody.hold(ANN)
    async with (
        lanes_of(somebody) as lanes,
        telegram_at(webhook_into(lanes, database)) as telegram,
        asyncio.TaskGroup() as tasks,
    ):
        answering = tasks.create_task(telegram.post("/telegram", content=arrival(1, ANN)))
        await until(lambda: somebody.begun[ANN])
        await lanes.close()
        assert (await answering).status_code == 503


async def _outcomes(*work: object) -> list[object]:
    return list(await asyncio.gather(*work, return_exceptions=True))  # type: ignore[call-overload]
