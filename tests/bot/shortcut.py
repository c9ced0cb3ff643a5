"""The transport of conversations: past the network, wherever nothing but time would come of it.

A call without files takes its parameters, as the library encodes them, straight to where the server of the sandbox
would bring them, and what comes back is the same bytes. With files, while faults are in force, or under another
token, it goes over loopback as always; tests/sandbox, tests/process and the tests of receipts try nothing else.
"""

import json

from telegram.request import BaseRequest, RequestData

from tipbot.bot.transport import AiohttpRequest, Seconds
from tipbot.sandbox.dispatch import carry_out
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.state import Telegram


class Shortcut(AiohttpRequest):
    """What TipBot really uses, with a door of its own into a sandbox in the same process."""

    def __init__(self, telegram: Telegram, *, connections: int) -> None:
        super().__init__(connections=connections)
        self._telegram = telegram

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        way, _, name = url.rpartition("/")
        faults = self._telegram.faults
        is_plain = method == "POST" and not (request_data and request_data.multipart_data)
        if not is_plain or faults.in_force or faults.latency_ms or not way.endswith(f"/bot{self._telegram.token}"):
            timeouts = read_timeout, write_timeout, connect_timeout, pool_timeout
            return await super().do_request(url, method, request_data, *timeouts)
        with self._telegram.calls.progress():
            values = request_data.json_parameters if request_data else {}
            status, body = await carry_out(self._telegram, name.lower(), Parameters(values))
        return status, json.dumps(body, ensure_ascii=False).encode()
