"""tgcast: a queue in SQLite, as it comes, or tuned to 64 workers that look every 10 ms."""

import json
import time

from contract import TEXT, TOKEN, Order, measured, order
from tgcast import Task, TaskState, Telecast

UNLIMITED = 1_000_000.0
TUNED = {"max_concurrency": 64, "poll_interval": 0.01}
OVER = (TaskState.SENT, TaskState.DEAD)


def engine(given: Order) -> Telecast:
    settings = TUNED if given.variant == "tuned" else {}
    if given.variant == "tuned":
        settings = settings | {"global_rps": given.rate or UNLIMITED}
    return Telecast(TOKEN, store_dsn=str(given.folder / "tgcast.db"), telegram_base_url=given.api, **settings)


def main(given: Order) -> None:
    casting, kept = engine(given), given.folder / "tasks.json"
    with measured():
        if given.goes_on:
            tasks = json.loads(kept.read_text())
        else:
            tasks = [casting.enqueue(Task(chat, TEXT, parse_mode="HTML")) for chat in given.chats]
            kept.write_text(json.dumps(tasks))
        casting.start()
        for task in tasks:
            while casting.task_status(task).state not in OVER:
                time.sleep(0.02)
    casting.shutdown()


if __name__ == "__main__":
    main(order())
