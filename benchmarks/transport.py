"""What sending one message costs: the library's own transport and ours, side by side, in turns, in one run.

Prints CPU milliseconds of the sending process per message and messages a second, medians of five rounds. CPU and
ratios are what to quote: on a shared machine the wall times move.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from tipbot.bot.transport import AiohttpRequest

MESSAGES = 300
ROUNDS = 5
TEXT = "Stand up after your next call and take three slow breaths. Your back likes a change. " * 2


def request(name: str, together: int) -> BaseRequest:
    if name == "aiohttp (ours)":
        return AiohttpRequest(connections=together)
    return HTTPXRequest(connection_pool_size=together, pool_timeout=60)


async def send_all(name: str, port: int, together: int) -> tuple[float, float]:
    """Return CPU milliseconds a message, and messages a second."""
    bot = Bot("1:benchmark-token", base_url=f"http://127.0.0.1:{port}/bot", request=request(name, together))
    async with bot:
        left = iter(range(MESSAGES))
        cpu, wall = time.process_time(), time.perf_counter()

        async def worker() -> None:
            for _ in left:
                await bot.send_message(7, TEXT, parse_mode="HTML")

        async with asyncio.TaskGroup() as tasks:
            for _ in range(together):
                tasks.create_task(worker())
        return 1000 * (time.process_time() - cpu) / MESSAGES, MESSAGES / (time.perf_counter() - wall)


def main() -> None:
    print(f"{'round trip':>10} {'together':>8}  {'transport':<16} {'CPU ms each':>11} {'messages/s':>10}")
    for delay, together in [(0, 1), (0, 32), (60, 64)]:
        command = [sys.executable, str(Path(__file__).with_name("sink.py")), str(delay)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink:
            assert sink.stdout is not None
            port = int(sink.stdout.readline())
            found: dict[str, list[tuple[float, float]]] = {"httpx (default)": [], "aiohttp (ours)": []}
            for _ in range(ROUNDS):
                for name, rows in found.items():
                    rows.append(asyncio.run(send_all(name, port, together)))
            sink.terminate()
        medians = {
            name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in found.items()
        }
        for name, (cpu, rate) in medians.items():
            print(f"{delay:>7} ms {together:>8}  {name:<16} {cpu:>11.2f} {rate:>10.0f}")
        ratio = medians["httpx (default)"][0] / medians["aiohttp (ours)"][0]
        print(f"{'':>21}ours takes {ratio:.1f} times less CPU")


if __name__ == "__main__":
    main()
