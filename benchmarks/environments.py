"""The peers' own environments: made once below .peers/, made anew when the pinned versions change."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.processes import CHECKOUT

PEERS = CHECKOUT / "benchmarks" / "peers"
KEPT = CHECKOUT / "benchmarks" / ".peers"
INSTALL_SECONDS = 300


class NotInstalled(Exception):  # noqa: N818 (an answer: this peer is left out)
    """An environment could not be made; the text says why."""


def environment(name: str) -> str:
    """Return the Python of an environment with the packages of peers/<name>.txt; raises NotInstalled."""
    pinned = PEERS / f"{name}.txt"
    folder = KEPT / name
    mark, wanted = folder / "made-for", _mark(pinned)
    python = folder / "bin" / "python"
    if mark.is_file() and mark.read_text() == wanted and python.exists():
        return str(python)
    shutil.rmtree(folder, ignore_errors=True)
    print(f"  making the environment {name} ...", flush=True)
    try:
        _make(folder, pinned)
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NotInstalled(_reason(error)) from error
    mark.write_text(wanted)
    return str(python)


def _mark(pinned: Path) -> str:
    return f"{sys.version_info[:2]} {hashlib.sha256(pinned.read_bytes()).hexdigest()}"


def _make(folder: Path, pinned: Path) -> None:
    uv = shutil.which("uv")
    python = str(folder / "bin" / "python")
    if uv is not None:
        steps = [[uv, "venv", "--quiet", "--python", sys.executable, str(folder)]]
        steps += [[uv, "pip", "install", "--quiet", "--python", python, "--requirement", str(pinned)]]
    else:
        steps = [[sys.executable, "-m", "venv", str(folder)]]
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input", "install"]
        steps += [[*pip, "--requirement", str(pinned)]]
    for step in steps:
        subprocess.run(step, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)


def _reason(error: Exception) -> str:
    lines = str(getattr(error, "stderr", None) or error).strip().splitlines()
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["no reason given"])[-1][:200]


def versions(name: str, *packages: str) -> str:
    """Return the pinned versions of some packages of an environment, in words."""
    pinned = dict(line.split("==") for line in (PEERS / f"{name}.txt").read_text().split())
    known = {package.lower().replace("_", "-"): version for package, version in pinned.items()}
    return ", ".join(f"{package} {known[package]}" for package in packages)
