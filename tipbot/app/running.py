"""From a house to one running process: three flows in one group, started, watched and stopped in order."""

import asyncio
import math
import os
import secrets
import signal
import socket
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import Route

from tipbot.app.following import feed_ticks
from tipbot.app.house import House, StartRefused, open_house
from tipbot.app.stopping import unless_stopped
from tipbot.app.ticking import beats_of, health, ticks_of
from tipbot.bot.service import TelegramService
from tipbot.bot.surroundings import Surroundings
from tipbot.bot.webhook import Webhook
from tipbot.clock import Clock
from tipbot.domain.check import SelfTests
from tipbot.domain.subscribers import ChatId
from tipbot.logs import get_logger
from tipbot.settings import Address, Settings
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.identity import stranger
from tipbot.storage.leadership import Leadership
from tipbot.usecases.alarms import Alarms
from tipbot.usecases.broadcast_links import BroadcastLinks
from tipbot.usecases.courier import Courier, Replies
from tipbot.usecases.doubt import Doubt
from tipbot.usecases.journal import Journal
from tipbot.usecases.restoring import WatchRecord
from tipbot.usecases.staffing import Staffing
from tipbot.web.booking import booking_routes, lost_page
from tipbot.web.broadcasts import broadcast_routes
from tipbot.web.server import listening_socket, serve, web_application

log = get_logger(__name__)

# A few messages must be able to wait for slow answers without holding up the rest, at any pace.
FEWEST_IN_AIR, MOST_IN_AIR = 16, 256


@dataclass(frozen=True, slots=True)
class Flows:
    """What runs in one process and belongs together."""

    house: House
    service: TelegramService
    journal: Journal
    replies: Replies
    alarms: Alarms
    record: WatchRecord
    broadcast_goes: asyncio.Event
    former_operators: tuple[int, ...] = ()


async def _same_bot(house: House, service: TelegramService) -> None:
    """Refuse another bot's record: Telegram would say of every subscriber that the chat is not there."""
    async with house.database.writing() as books:
        owner = await books.identity.claim(service.bot_id)
    if owner != service.bot_id:
        raise StartRefused(stranger(owner, service.bot_id))


async def run(settings: Settings, clock: Clock, stop: asyncio.Event) -> None:
    """Run TipBot until `stop` is set; raises one of REFUSALS if it cannot start."""
    async with AsyncExitStack() as until_the_end:
        flows = await unless_stopped(_start(settings, clock, until_the_end), stop)
        if flows is not None:
            await _run_everything(flows, stop)
    log.info("stopped")


async def _start(settings: Settings, clock: Clock, until_the_end: AsyncExitStack) -> Flows:
    """Open everything. Another process's migration or a silent Telegram may take long, and a stop must not wait."""
    house = await until_the_end.enter_async_context(open_house(settings, clock))
    replies, alarms = Replies(), Alarms(house.database, now=house.clock.now)
    journal = Journal(house.database, owner=_process_name(), ceiling=settings.bulk_rate, alarm=alarms.ring)
    broadcast_goes = asyncio.Event()
    service = telegram_service(house, journal, replies, alarms, broadcast_goes)
    await until_the_end.enter_async_context(service)
    await _same_bot(house, service)
    record = WatchRecord(house.database, house.library, alarm=alarms.ring)
    await record.begin(now=house.clock.now())
    former = await Staffing(house.database).appoint(house.settings.operators, now=house.clock.now())
    await _choose_intake(house, service)
    return Flows(house, service, journal, replies, alarms, record, broadcast_goes, tuple(former))


def telegram_service(
    house: House, journal: Journal, replies: Replies, alarms: Alarms, broadcast_goes: asyncio.Event
) -> TelegramService:
    """Return the connection to Telegram and everything that speaks through it, to be opened."""

    async def slow_down(wait: timedelta) -> None:
        try:
            await journal.slow_down(wait, now=house.clock.now())
        except StorageUnavailable as outage:
            log.warning("pace_not_slowed", reason=str(outage))

    def sent(chat_id: int | None) -> bool:
        return replies.note(None if chat_id is None else ChatId(chat_id), now=house.clock.now())

    around = Surroundings(
        token=house.settings.token.get_secret_value(),
        api_url=house.settings.api_url,
        home_zone=house.settings.timezone,
        database=house.database,
        library=house.library,
        links=house.links,
        reload=house.reload,
        retire=house.retire,
        check_counts=house.check_counts,
        texts=house.texts,
        now=house.clock.now,
        sent=sent,
        slow_down=slow_down,
        alarm=alarms.ring,
        broadcast_goes=broadcast_goes.set,
        connections=most_in_air(house.settings.bulk_rate) + FEWEST_IN_AIR,
        is_paid=house.settings.paid_broadcast,
        operators=house.settings.operators,
        quiet=house.settings.quiet_hours,
        bulk_rate=house.settings.bulk_rate,
        selftests=SelfTests(house.settings.selftests),
        feed_url=house.settings.feed_url,
    )
    return TelegramService(around)


async def _run_everything(flows: Flows, stop: asyncio.Event) -> None:
    """Start the three flows and wait for the stop; whatever dies takes the rest down with it, in order."""
    house, service = flows.house, flows.service
    doubt = Doubt(house.settings.bulk_rate, limit=most_in_air(house.settings.bulk_rate))
    courier = Courier(flows.journal, service.messenger, now=house.clock.now, replies=flows.replies, doubt=doubt)
    # What may refuse the start comes before anything is sent: a refusal would leave it unknown.
    listener = None if house.settings.http is None else _listen(house.settings.http)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(courier.run(stop))
        tasks.create_task(_take_updates(house, service, listener, stop))
        tasks.create_task(unless_stopped(service.publish(flows.former_operators), stop))
        ticks = ticks_of(house, courier, flows.alarms, service, stop, broadcast_goes=flows.broadcast_goes)
        tasks.create_task(ticks.run(stop))
        tasks.create_task(beats_of(house, flows.record, stop).run(stop))
        if house.settings.feed_url is not None:
            tasks.create_task(feed_ticks(house, flows.alarms, service.article_news.tell, stop).run(stop))
        tasks.create_task(flows.alarms.run(service.operators, stop))
        tasks.create_task(_on_stop(stop, courier))
        log.info("running", bot=service.username, pace=house.settings.bulk_rate)
    await house.presses.write()
    await house.check_counts.write()
    with suppress(StorageUnavailable):
        await flows.record.beat(now=house.clock.now())


async def _on_stop(stop: asyncio.Event, courier: Courier) -> None:
    await stop.wait()
    log.info("stopping")
    courier.wake()


async def _choose_intake(house: House, service: TelegramService) -> None:
    """Tell Telegram how updates are taken."""
    url, secret = house.settings.webhook_url, house.settings.webhook_secret
    if url is not None and secret is not None:
        await service.announce_webhook(url, secret=secret.get_secret_value())
    else:
        await service.forget_webhook()


async def _take_updates(
    house: House, service: TelegramService, listener: socket.socket | None, stop: asyncio.Event
) -> None:
    """Take updates in by webhook where one is set up, otherwise by polling; say how we are over HTTP."""
    async with asyncio.TaskGroup() as tasks:
        lanes = service.lanes(tasks)
        if listener is not None:
            web = _web(house, service, service.webhook(lanes))
            tasks.create_task(serve(web, listener, stop=stop))
        if house.settings.webhook_url is not None:
            await stop.wait()
        else:
            await service.polling(lanes, Leadership(house.database)).run(stop)
        await lanes.close()


def _web(house: House, service: TelegramService, webhook: Webhook) -> Starlette:
    url, secret = house.settings.webhook_url, house.settings.webhook_secret
    return web_application(
        path=None if url is None else urlsplit(url).path or "/",
        accept=webhook.accept,
        secret="" if secret is None else secret.get_secret_value(),
        health=lambda: health(house, token_refused_since=service.token_refused_since),
        more=_ways_on(house),
    )


def _ways_on(house: House) -> list[Route]:
    """Return the addresses through which buttons lead to the clinic's pages, the narrower ones first."""
    links, presses, now = house.links, house.presses, house.clock.now
    lost = lost_page(links, house.texts)
    below = BroadcastLinks(house.database, now=now)
    return [
        *broadcast_routes(links.public_url, below, presses=presses, lost=lost, now=now),
        *booking_routes(links, presses=presses, texts=house.texts, now=now),
    ]


def _listen(address: Address) -> socket.socket:
    try:
        return listening_socket(address.host, address.port)
    except OSError as error:
        message = f"TIPBOT_HTTP {address.host}:{address.port} cannot be listened on: {error.strerror}"
        raise StartRefused(message) from error


def most_in_air(rate: float) -> int:
    """Return how many messages may be on their way at once: two seconds' worth, within reason."""
    return min(MOST_IN_AIR, max(FEWEST_IN_AIR, math.ceil(2 * rate)))


def _process_name() -> str:
    """Return a name no other process has, so that claims can be told apart."""
    return f"{socket.gethostname()[:16]}-{os.getpid()}-{secrets.token_hex(4)}"


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let SIGTERM and Ctrl-C end the process in an orderly way."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
