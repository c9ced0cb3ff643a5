"""What is installed from the wheel runs in an empty folder, with its content and its migrations."""

import os
import site
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.process.running import environment, tipbot
from tipbot.clock import Clock
from tipbot.sandbox import Sandbox

pytestmark = pytest.mark.process

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The program as installed from the wheel into an environment of its own.

    Its dependencies are lent by the environment of the tests, since tests use no network; TipBot itself is not,
    because a lent folder's own .pth files, the editable install among them, do not count.
    """
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = ZipFile(wheel).namelist()
    assert {"tipbot/sandbox/page/static/main.js", "tipbot/demo/tour.toml"} <= set(packed), "the demo comes along"
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    folder = next((home / "lib").glob("python*/site-packages"))
    (folder / "lent.pth").write_text("\n".join(site.getsitepackages()))
    install = [sys.executable, "-m", "pip", "--python", str(home), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    where = [str(home / "bin" / "python"), "-c", "import tipbot; print(tipbot.__file__)"]
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = subprocess.run(where, cwd=tmp_path, env=plain, check=True, capture_output=True, text=True).stdout
    assert str(home) in found, "the wheel is what is tried, not the checkout"
    return home / "bin" / "tipbot"


@pytest.mark.long(6)
async def test_the_wheel_runs_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    sandbox = Sandbox(now=Clock().now)
    ann = sandbox.person("Ann")
    async with sandbox.serving() as address:
        variables = environment(address, sandbox.token, "sqlite:///tipbot.db", PYTHONPATH="")
        async with tipbot("run", variables=variables, folder=empty, program=str(installed)) as process:
            await process.says("running")
            await ann.sends("/start")
            await sandbox.until(lambda: ann.last.from_bot, timeout=20)
            await ann.presses(ann.last.labels[0][0])
            await sandbox.until(lambda: "Not for me" in str(ann.last.labels), timeout=20)
    assert {path.name.split("-")[0] for path in empty.iterdir()} == {
        "tipbot.db",
        "tipbot.db.lock",
        "tipbot.db.witness",
    }
