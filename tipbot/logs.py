"""The log: structured, on stderr, in UTC, and without a secret in it, whoever wrote the line."""

import contextlib
import json
import logging
import re
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Literal, TextIO
from urllib.parse import quote

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
# What gives itself away even when nobody told us of it: a bot token, which is part of every URL of the Bot API
# (percent-encoded by some clients), and a password in any URL.
SHAPES = (
    (re.compile(r"/bot[0-9]+(?::|%3[Aa])[^/\s\"']+"), f"/bot{HIDDEN}"),
    (re.compile(r"[0-9]{6,}(?::|%3[Aa])[A-Za-z0-9_-]{20,}"), HIDDEN),
    (re.compile(r"(://[^\s:/@]*:)[^\s/@]+@"), rf"\1{HIDDEN}@"),
)
# How a text changes when it becomes part of JSON, of a Python literal or of a URL.
SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda text: json.dumps(text)[1:-1],
    lambda text: repr(text)[1:-1],
    lambda text: quote(text, safe=""),
)
# They tell of every single request or tick, httpx with the whole URL.
QUIET = ("alembic", "httpx", "httpcore", "apscheduler")
ADDED_TO_EVERY_LINE: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure_logs(style: Literal["text", "json"], secrets: Sequence[str]) -> None:
    """Send everything that is logged, by TipBot or a library, to stderr in `style` with `secrets` hidden.

    An exception that ends the process is logged too, rather than printed by Python with its secrets.
    """
    root = logging.getLogger()
    for earlier in [handler for handler in root.handlers if isinstance(handler, _RedactingHandler)]:
        root.removeHandler(earlier)
    root.addHandler(_RedactingHandler(_formatter(style), _redactor(secrets)))
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_crash


def get_logger(name: str) -> BoundLogger:
    """Return the logger of a module; what it is given by keyword becomes fields of the line."""
    logger: BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            *ADDED_TO_EVERY_LINE,
            structlog.stdlib.PositionalArgumentsFormatter(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
    )
    return logger


class _RedactingHandler(logging.StreamHandler[TextIO]):
    """Hides secrets in the finished line, where message, arguments, fields and traceback have come together."""

    def __init__(self, formatter: logging.Formatter, redact: Callable[[str], str]) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(formatter)
        self.redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self.redact(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the name is the library's)
        # The library would print message and arguments as they are.
        problem = f"A line of {record.name} could not be logged: {record.msg!r} with {record.args!r}"
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(self.redact(problem) + self.terminator)


def _formatter(style: Literal["text", "json"]) -> ProcessorFormatter:
    renderers: dict[str, tuple[Processor, ...]] = {
        "json": (structlog.processors.format_exc_info, structlog.processors.JSONRenderer()),
        "text": (structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),),
    }
    return ProcessorFormatter(
        foreign_pre_chain=[*ADDED_TO_EVERY_LINE, structlog.stdlib.ExtraAdder(), _drop_repetitions],
        processors=[ProcessorFormatter.remove_processors_meta, *renderers[style]],
    )


def _drop_repetitions(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    # The message once more: as another handler left it on the record, and as uvicorn would colour it.
    return {name: value for name, value in line.items() if name not in {"message", "asctime", "color_message"}}


def _redactor(secrets: Sequence[str]) -> Callable[[str], str]:
    spellings = {secret for secret in secrets if secret}
    # Twice, because a field may hold the text of something that held the secret.
    for _ in range(2):
        spellings |= {spell(spelling) for spelling in spellings for spell in SPELLINGS}
    # The longest first: a secret may begin with another one.
    known = re.compile("|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True)))

    def redact(line: str) -> str:
        if spellings:
            line = known.sub(HIDDEN, line)
        for shape, instead in SHAPES:
            line = shape.sub(instead, line)
        return line

    return redact


def _log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        get_logger("tipbot").critical("TipBot has crashed", exc_info=(kind, error, trace))
