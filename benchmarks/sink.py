"""A Bot API that accepts every message at once: what is measured is who sends, not who receives."""

import asyncio
import itertools
import json
import sys

NUMBERS = itertools.count(1)
ME = {"id": 1, "is_bot": True, "first_name": "Sink", "username": "sink_bot"}


class Sink(asyncio.Protocol):
    """Answers HTTP/1.1 requests with a content length; keeps connections open."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            self._answer(is_me=b"/getme" in head)

    def _answer(self, *, is_me: bool) -> None:
        chat = {"id": 7, "type": "private", "first_name": "Ann"}
        message = {"message_id": next(NUMBERS), "date": 1_700_000_000, "chat": chat, "from": ME, "text": "x" * 160}
        body = json.dumps({"ok": True, "result": ME if is_me else message}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        asyncio.get_running_loop().call_later(self._delay, self._send, head.encode() + body)

    def _send(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


async def main(delay_ms: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Sink(delay_ms / 1000), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
