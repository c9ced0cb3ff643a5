"""What sending one message costs: the library's own transport and ours, side by side, in turns, in one run.

Prints CPU milliseconds of the sending process per message and messages a second, medians of five rounds; with --out
FILE it also writes them down for the report. CPU and ratios are what to quote: wall times move on a busy machine.
"""

import argparse
import asyncio
import json
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
OURS, THEIRS = "aiohttp (ours)", "httpx (default)"
TEXT = "Stand up after your next call and take three slow breaths. Your back likes a change. " * 2


def request(name: str, together: int) -> BaseRequest:
    if name == OURS:
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


def compare(delay: int, together: int) -> dict[str, tuple[float, float]]:
    """Return CPU milliseconds a message and messages a second of both, medians of rounds taken in turns."""
    command = [sys.executable, str(Path(__file__).with_name("sink.py")), str(delay)]
    found: dict[str, list[tuple[float, float]]] = {THEIRS: [], OURS: []}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdout is not None
        port = int(sink.stdout.readline())
        try:
            for _ in range(ROUNDS):
                for name, rows in found.items():
                    rows.append(asyncio.run(send_all(name, port, together)))
        finally:
            sink.terminate()
    return {name: (_median(rows, 0), _median(rows, 1)) for name, rows in found.items()}


def _median(rows: list[tuple[float, float]], column: int) -> float:
    return statistics.median(row[column] for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="a file for the rows, as JSON")
    rows = []
    print(f"{'round trip':>10} {'together':>8}  {'transport':<16} {'CPU ms each':>11} {'messages/s':>10}")
    out: Path | None = parser.parse_args().out
    for delay, together in [(0, 1), (0, 32), (60, 64)]:
        medians = compare(delay, together)
        for name, (cpu, rate) in medians.items():
            print(f"{delay:>7} ms {together:>8}  {name:<16} {cpu:>11.2f} {rate:>10.0f}")
            what = f"{together} together, {delay} ms round trip ({rate:,.0f} messages/s)"
            rows.append({"what": what, "engine": name, "figure": f"{cpu:.2f}", "unit": "CPU ms each", "target": ""})
        print(f"{'':>21}ours takes {medians[THEIRS][0] / medians[OURS][0]:.1f} times less CPU")
    if out is not None:
        out.write_text(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
