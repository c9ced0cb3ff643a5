"""The example of a .env file says what the settings say."""

import re
from pathlib import Path

from pydantic import SecretStr

from tipbot.settings import Settings, read_settings

TOKEN = "123456:made-up_token_for_tests"  # noqa: S105 (made up)
EXAMPLE = Path(__file__).parent.parent / ".env.example"
LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()


def test_it_names_every_setting_once_and_nothing_else() -> None:
    names = re.findall(r"^(?:# )?(TIPBOT_[A-Z_]+)=", "\n".join(LINES), re.MULTILINE)
    assert sorted(names) == sorted(f"TIPBOT_{field.upper()}" for field in Settings.model_fields)


def test_what_it_shows_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("\n".join(line.removeprefix("# ") for line in LINES if "=" in line), encoding="utf-8")
    assert read_settings({"TIPBOT_TOKEN": TOKEN}, path) == Settings(token=SecretStr(TOKEN))


def test_no_default_is_hidden() -> None:
    shown = dict(line.removeprefix("# ").split("=", 1) for line in LINES if "=" in line)
    with_default = {
        name for name, field in Settings.model_fields.items() if field.default or field.default is False
    }
    assert {f"TIPBOT_{name.upper()}" for name in with_default - {"token"}} == {
        name for name in shown if shown[name]
    }


def test_each_is_explained_in_one_line() -> None:
    for number, line in enumerate(LINES):
        if re.match(r"(# )?TIPBOT_[A-Z_]+=", line):
            assert re.match(r"# [A-Z].+\.$", LINES[number - 1])
            assert not LINES[number - 2]
