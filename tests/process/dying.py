"""Death at a chosen step: TipBot as it is, except that it kills itself there."""

import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any

from tipbot.bot.front import Front
from tipbot.bot.messenger import TelegramMessenger
from tipbot.storage.outbox import Outbox
from tipbot.storage.slots import Slots
from tipbot.usecases.journal import Journal
from tipbot.usecases.planning import PlanDue

Dies = Callable[[tuple[Any, ...], Any], object]


def die_after(owner: type, name: str, when: Dies) -> None:
    """Replace a method by itself, followed by death when `when(arguments, result)` holds."""
    original = getattr(owner, name)

    async def dying(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (stands for any method)
        result = await original(*arguments, **named)
        if when(arguments, result) and _is_the_time():
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


def die_before(owner: type, name: str, when: Dies) -> None:
    """Replace a method by death when `when(arguments, None)` holds, otherwise by itself."""
    original = getattr(owner, name)

    async def dying(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (stands for any method)
        if when(arguments, None) and _is_the_time():
            os.kill(os.getpid(), signal.SIGKILL)
        return await original(*arguments, **named)

    setattr(owner, name, dying)


STEPS: dict[str, Callable[[], None]] = {
    "before-plan-commit": lambda: die_after(Slots, "move_on", lambda arguments, _: arguments[1]),
    "after-plan-commit": lambda: die_after(PlanDue, "plan_batch", lambda _, planned: planned),
    "before-claim-commit": lambda: die_after(Outbox, "claim", lambda _, claims: claims),
    "after-claim-commit": lambda: die_after(Journal, "turn", lambda _, claims: claims),
    "after-send": lambda: die_after(TelegramMessenger, "deliver", lambda _, receipt: receipt),
    "before-settle-commit": lambda: die_after(Outbox, "settle_sent", lambda arguments, _: arguments[1]),
    "after-settle-commit": lambda: die_after(Journal, "turn", lambda arguments, _: arguments[1]),
    "poison": lambda: die_before(
        Front, "handle", lambda arguments, _: getattr(arguments[1].message, "text", "") == "poison"
    ),
}


_is_the_time: Callable[[], bool] = bool


def prepare_to_die(order: str | None) -> None:
    """Let this process kill itself at a step: the first time it is there, or the n-th once it got SIGUSR1.

    An order is "step" or "step n"; None lets it live.
    """
    if order is None:
        return
    step, _, times = order.partition(" ")
    told, reached = [not times], count(1)
    signal.signal(signal.SIGUSR1, lambda *_: told.append(True))
    global _is_the_time  # noqa: PLW0603 (of this process, which is about to die of it)
    _is_the_time = lambda: any(told) and next(reached) >= int(times or 1)  # noqa: E731
    STEPS[step]()
