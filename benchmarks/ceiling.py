"""What the sink can take: requests sent in batches on a few connections, faster than any library sends them.

Prints answers a second for the sink at the port that is given.
"""

import selectors
import socket
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlencode

CONNECTIONS, TOGETHER, SECONDS = 8, 32, 2.0
TEXT = "Stand up after your next call and take three slow breaths. Your back likes a change. " * 2
ANSWER = b"HTTP/1.1 "


@dataclass
class Arrivals:
    """What has come in on one connection since its last requests, and the bytes the last packet ended with."""

    due: int = 0
    tail: bytes = b""


def batch() -> bytes:
    """Return some requests as one packet, each as long as those of a library."""
    body = urlencode({"chat_id": 1001, "text": TEXT, "parse_mode": "HTML"}).encode()
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
    head = b"POST /bot1:benchmark-token/sendMessage HTTP/1.1\r\nHost: 127.0.0.1\r\n" + kind
    return (head + b"Content-Length: %d\r\n\r\n" % len(body) + body) * TOGETHER


def flood(port: int) -> float:
    """Return how many requests a second are answered."""
    requests, answered = batch(), 0
    with selectors.DefaultSelector() as ready:
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.sendall(requests)
            ready.register(connection, selectors.EVENT_READ, Arrivals())
        begun = time.perf_counter()
        while (taken := time.perf_counter() - begun) < SECONDS:
            for key, _ in ready.select(timeout=1):
                answered += _read(key)
                if key.data.due >= TOGETHER:
                    key.data.due -= TOGETHER
                    _socket_of(key).sendall(requests)
        for key in list(ready.get_map().values()):
            _socket_of(key).close()
    return answered / taken


def _socket_of(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)
    return key.fileobj


def _read(key: selectors.SelectorKey) -> int:
    """Count the answers that begin in what has arrived."""
    chunk = key.data.tail + _socket_of(key).recv(1 << 18)
    seen: int = chunk.count(ANSWER)
    # Shorter than what is looked for, so that none is counted twice and one cut in two is found.
    key.data.tail = chunk[1 - len(ANSWER) :]
    key.data.due += seen
    return seen


if __name__ == "__main__":
    print(round(flood(int(sys.argv[1]))))
