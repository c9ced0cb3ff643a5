"""Who is measured: TipBot on its two databases, and the libraries that people would take instead."""

import sys
from dataclasses import dataclass

from benchmarks.environments import PEERS, versions

OURS = "tipbot_sender"


@dataclass(frozen=True)
class Contender:
    """One way of sending a broadcast, and what may fairly be asked of it.

    `free_variant` is how it is told that there is no limit; `most_rounds` spares the slowest a part of the rounds;
    one that `storms` is not measured beside others.
    """

    name: str
    script: str
    environment: str = ""
    packages: tuple[str, ...] = ()
    variant: str = ""
    free_variant: str | None = None
    keeps: str = "nothing"
    is_free: bool = True
    storms: bool = False
    most_rounds: int = 99
    rate: float = 30.0
    needs_postgres: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether it is TipBot."""
        return self.script == OURS

    @property
    def is_durable(self) -> bool:
        """Whether it remembers what it has sent."""
        return self.keeps != "nothing"

    @property
    def versions(self) -> str:
        """What is measured, with its versions."""
        return versions(self.environment, *self.packages) if self.packages else "this checkout"

    def command(self, python: str) -> list[str]:
        """Return how to start its runner."""
        if self.is_ours:
            return [sys.executable, "-m", f"benchmarks.{self.script}"]
        return [python, str(PEERS / f"run_{self.script}.py")]


PTB, AIOGRAM = "python-telegram-bot", "aiogram"
MAILER = ("aiogram-broadcaster", AIOGRAM)
CONTENDERS = (
    # A little below Telegram's limit: at exactly 30 the jitter of any network runs over it.
    Contender("TipBot, SQLite", OURS, keeps="every step", rate=29),
    Contender("TipBot, PostgreSQL", OURS, keeps="every step", rate=29, needs_postgres=True),
    Contender("python-telegram-bot, gather (256)", "ptb", "ptb", (PTB,), "gather", storms=True),
    Contender("python-telegram-bot, AIORateLimiter(30)", "ptb", "ptb", (PTB,), "limiter", is_free=False),
    Contender("python-telegram-broadcast", "ptb_broadcast", "ptb_broadcast", ("python-telegram-broadcast", PTB)),
    Contender("pytelecast", "pytelecast", "pytelecast", ("pytelecast", PTB), storms=True, most_rounds=3),
    Contender("aiogram-broadcaster, memory", "aiogram_broadcaster", "aiogram_broadcaster", MAILER),
    Contender(
        "aiogram-broadcaster, file",
        "aiogram_broadcaster",
        "aiogram_broadcaster",
        MAILER,
        "file",
        keeps="a file, rewritten whole for each message",
        most_rounds=3,
    ),
    Contender(
        "aiogram-broadcaster, SQLAlchemy",
        "aiogram_broadcaster",
        "aiogram_broadcaster",
        (*MAILER, "sqlalchemy"),
        "sqlalchemy",
        keeps="one row, rewritten whole for each message",
        most_rounds=3,
    ),
    Contender(
        "aiogram-broadcast",
        "aiogram_broadcast",
        "aiogram_broadcast",
        ("aiogram-broadcast", AIOGRAM),
        free_variant="free",
    ),
    Contender("tgcast, tuned", "tgcast", "tgcast", ("tgcast",), "tuned", keeps="a row for each message"),
    Contender("tgcast, default", "tgcast", "tgcast", ("tgcast",), keeps="a row for each message", is_free=False),
)
