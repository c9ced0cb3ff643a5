"""What the index of the shipped advice costs to build, and a search in it.

Prints CPU milliseconds of the process: on a shared machine wall times move.
"""

import asyncio
import statistics
import time

from tipbot.catalogue import load_catalogue
from tipbot.domain.content import ENGLISH
from tipbot.shipped import shipped
from tipbot.texts import load_texts
from tipbot.usecases.finding import Find
from tipbot.usecases.library import Library

BUILDS, SEARCHES = 20, 500
ASKED = (
    "bed",
    "matress",
    "my hips are stiff in the morning",
    "I sit at a desk all day and my shoulders ache",
    "asdf",
)
LONG = "my hips and shoulders ache after a long day at the desk and a short night in a soft bed " * 46


async def main() -> None:
    catalogue, texts = load_catalogue(shipped("content")), load_texts(shipped("content"))
    built = []
    for _ in range(BUILDS):
        begun = time.process_time()
        find = Find(Library(catalogue), texts)
        built.append(time.process_time() - begun)
    print(f"build, {len(catalogue.shelves[ENGLISH].by_id)} items: {_milliseconds(built)}")
    for words in (*ASKED, LONG[:4096]):
        taken = []
        for _ in range(SEARCHES):
            begun = time.process_time()
            await find.best(ENGLISH, words, most=3)
            taken.append(time.process_time() - begun)
        print(f"search {words[:40]!r}: {_milliseconds(taken)}")


def _milliseconds(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    slowest = ordered[len(ordered) * 99 // 100]
    return f"median {1000 * statistics.median(ordered):.2f} ms, slowest in a hundred {1000 * slowest:.2f} ms"


if __name__ == "__main__":
    asyncio.run(main())
