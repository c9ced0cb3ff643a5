"""Things that go wrong between a bot and Telegram, on demand."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tipbot.sandbox.pulse import Pulse


class Kind(StrEnum):
    """What goes wrong; *before* means that Telegram never did what was asked, *after* that it did."""

    SERVER_ERROR = "500 before"
    BAD_GATEWAY = "502 with an HTML page, before"
    BAD_GATEWAY_AFTER = "502 with an HTML page, after"
    GATEWAY_TIMEOUT = "504 with an HTML page, before"
    GATEWAY_TIMEOUT_AFTER = "504 with an HTML page, after"
    TOO_MANY_REQUESTS = "429 before"
    HANG_BEFORE = "no answer, before"
    HANG_AFTER = "no answer, after"
    DROP_BEFORE = "connection lost, before"
    DROP_AFTER = "connection lost, after"
    BLOCKED = "403 blocked, before"

    @property
    def accepted(self) -> bool:
        """Whether the call took effect all the same."""
        return self.value.endswith("after")


# What somebody who blocked the bot does not get: the rest of the Bot API answers as ever.
TO_PEOPLE = ("send", "copy", "forward", "edit")


@dataclass(slots=True)
class Fault:
    """A fault that waits for calls; `met` counts those it struck, `seen` those it looked at."""

    kind: Kind
    method: str | None
    times: int | None
    every: int
    retry_after: int
    chat_id: int | None
    seen: int = 0
    met: int = 0

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Return whether this call goes wrong, and count it."""
        wanted = method == self.method if self.method else method != "getupdates"
        wanted = wanted and (self.kind is not Kind.BLOCKED or method.startswith(TO_PEOPLE))
        over = self.times is not None and self.met >= self.times
        if not wanted or over or (self.chat_id is not None and chat_id != self.chat_id):
            return False
        self.seen += 1
        struck = self.seen % self.every == 0
        self.met += struck
        return struck

    def as_json(self) -> dict[str, Any]:
        """Return what the log of calls has in place of an answer."""
        body: dict[str, Any] = {"ok": False, "description": f"fault: {self.kind}"}
        if self.kind is Kind.TOO_MANY_REQUESTS:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class Faults:
    """The faults in force; `latency_ms` is the round trip of every call, half before and half after."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self._faults: list[Fault] = []
        self._relief = asyncio.Event()
        self.latency_ms = 0

    def add(
        self,
        kind: Kind,
        method: str | None = None,
        *,
        times: int | None = 1,
        every: int = 1,
        retry_after: int = 1,
        chat_id: int | None = None,
    ) -> Fault:
        """Let the next `times` calls fail (None: for ever), or every k-th; no method: all but getUpdates."""
        fault = Fault(kind, method.lower() if method else None, times, every, retry_after, chat_id)
        self._faults.append(fault)
        return fault

    @property
    def in_force(self) -> list[Fault]:
        """The faults that may still strike."""
        return [fault for fault in self._faults if fault.times is None or fault.met < fault.times]

    def remove(self, fault: Fault) -> None:
        """End one fault; calls that hang are answered now, in full."""
        self._faults = [other for other in self._faults if other is not fault]
        self.relieve()

    def clear(self) -> None:
        """End all faults; calls that hang are answered now, in full."""
        self._faults.clear()
        self.latency_ms = 0
        self.relieve()

    def relieve(self) -> None:
        """Let the calls that hang now go on."""
        self._relief.set()
        self._relief = asyncio.Event()

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault that hits this call, if any."""
        struck = next((fault for fault in self._faults if fault.strikes(method, chat_id)), None)
        if struck:
            self._pulse.beat()
        return struck

    async def hang(self) -> None:
        """Wait until the faults are cleared."""
        await self._relief.wait()

    async def half_latency(self) -> None:
        """Wait for half a round trip."""
        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 2000)
