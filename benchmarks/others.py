"""The scripts that measure TipBot alone: each writes a table of its own as JSON, if it is there."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

from benchmarks.environments import KEPT
from benchmarks.processes import CHECKOUT, Failed

FOLDER = CHECKOUT / "benchmarks"
OTHERS = ("engine", "kills", "scale", "several", "transport")
# Long enough for a limit that is met again and again, with pauses of up to half a minute.
MOST_SECONDS, GRACE_SECONDS = 1_500, 30


def is_there(name: str) -> bool:
    """Say whether there is such a script."""
    return (FOLDER / f"{name}.py").is_file()


def rows_of(name: str, *, is_quick: bool) -> list[dict[str, Any]]:
    """Run a script and return its rows; raises Failed, or OSError, ValueError or KeyError for no table."""
    script, out = FOLDER / f"{name}.py", KEPT / f"{name}.json"
    out.unlink(missing_ok=True)
    quick = ["--quick"] if is_quick and "--quick" in script.read_text() else []
    _run([sys.executable, "-m", f"benchmarks.{name}", "--out", str(out), *quick])
    rows: list[dict[str, Any]] = json.loads(out.read_text())["rows"]
    return rows


def _run(command: list[str]) -> None:
    # A group of its own, so that nothing it started is left behind.
    process = subprocess.Popen(command, cwd=CHECKOUT, start_new_session=True)
    try:
        code = process.wait(MOST_SECONDS)
    except subprocess.TimeoutExpired as fault:
        raise Failed(f"not over after {MOST_SECONDS} seconds") from fault
    finally:
        _end(process)
    if code:
        raise Failed(f"ended with {code}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        # Like Ctrl-C, so that it ends what it started, a server of its own for instance.
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
