"""A port that a process of a test may listen on."""

import errno
import random
import socket

# Below what systems hand out for connections (49152 and up by RFC 6335, 32768 and up on Linux): no other test's
# connection takes it between now and the moment the process listens.
SAFE = range(15_000, 30_000)


def free_port() -> int:
    """Return a port of loopback on which nobody listens."""
    while True:
        port = random.SystemRandom().choice(SAFE)
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
            except OSError as taken:
                if taken.errno != errno.EADDRINUSE:
                    raise
                continue
            return port
