"""Pushes updates to the bot's webhook: in order for each chat, again after a failure."""

import asyncio
import json
from collections import deque
from collections.abc import Coroutine
from types import TracebackType
from typing import Self

import aiohttp

from tipbot.sandbox.dispatch import carry_out
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.state import Telegram, WebhookSetting
from tipbot.sandbox.updates import Update

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
LONGEST_DELIVERY = 60
SUCCESS = range(200, 300)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


class Webhooks:
    """Delivers while the block runs; many chats at once, up to the webhook's max_connections."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._tasks = asyncio.TaskGroup()
        self._lanes: dict[int, deque[Update]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._setting: WebhookSetting | None = None
        self._taken = 0
        self._places = asyncio.Semaphore(1)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LONGEST_DELIVERY))
        await self._tasks.__aenter__()
        self._start(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._running:
            task.cancel()
        # What went wrong inside the block is not ours: given to the group, it would come out wrapped.
        await self._tasks.__aexit__(None, None, None)
        await self._session.close()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = self._tasks.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _watch(self) -> None:
        """Put each new update into the lane of its chat, once."""
        while True:
            await self._telegram.pulse.until(self._something_new, None)
            if self._telegram.webhook is not self._setting:
                self._setting, self._taken = self._telegram.webhook, 0
                self._lanes = {}
                self._places = asyncio.Semaphore(self._setting.connections if self._setting else 1)
            if self._setting:
                self._share_out(self._setting)

    def _something_new(self) -> bool:
        if self._telegram.webhook is not self._setting:
            return True
        return self._setting is not None and self._telegram.updates.newest_id > self._taken

    def _share_out(self, setting: WebhookSetting) -> None:
        for update in self._telegram.updates.after(self._taken):
            self._taken = update.update_id
            lane = self._lanes.get(update.chat_id)
            if lane is None:
                lane = self._lanes[update.chat_id] = deque()
                self._start(self._empty(lane, update.chat_id, setting))
            lane.append(update)
        self._taken = self._telegram.updates.newest_id

    async def _empty(self, lane: deque[Update], chat_id: int, setting: WebhookSetting) -> None:
        while lane and self._telegram.webhook is setting:
            update = lane.popleft()
            if update in self._telegram.updates:
                await self._deliver(update, setting)
        if self._lanes.get(chat_id) is lane:
            del self._lanes[chat_id]

    async def _deliver(self, update: Update, setting: WebhookSetting) -> None:
        pause = FIRST_PAUSE
        while self._telegram.webhook is setting and update in self._telegram.updates:
            async with self._places:
                failure = await self._post(update, setting)
            if failure is None:
                self._telegram.updates.confirm(update)
                return
            self._telegram.webhook_error = (self._telegram.seconds, failure)
            self._telegram.pulse.beat()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, update: Update, setting: WebhookSetting) -> str | None:
        """Return None once the bot took the update, else what went wrong."""
        headers = {SECRET_HEADER: setting.secret} if setting.secret else {}
        try:
            async with self._session.post(
                setting.url, json=update.as_json(), headers=headers, allow_redirects=False
            ) as response:
                if response.status not in SUCCESS:
                    return f"Wrong response from the webhook: {response.status} {response.reason}"
                await self._follow(await response.read())
        except aiohttp.ClientConnectionError:
            return "Connection refused"
        except (aiohttp.ClientError, TimeoutError):
            return "Read timeout expired"
        return None

    async def _follow(self, body: bytes) -> None:
        """Carry out the call that the bot may have put into its answer; it never learns the result."""
        try:
            call = json.loads(body) if body else None
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            method = str(call.pop("method")).lower()
            with self._telegram.calls.progress():
                await carry_out(self._telegram, method, Parameters(call))
