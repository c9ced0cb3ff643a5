"""Settings: what is read from where, what is refused and in which words."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from tipbot.domain.broadcasts import NEVER_QUIET, QuietHours
from tipbot.settings import Address, Settings, SettingsError, read_settings

TOKEN = "123456:made-up_token_for_tests"  # noqa: S105 (made up)
SECRET = "a-secret_Path"  # noqa: S105 (made up)
WEBHOOK = {
    "TIPBOT_WEBHOOK_URL": "https://clinic.example/telegram",
    "TIPBOT_WEBHOOK_SECRET": SECRET,
    "TIPBOT_HTTP": "0.0.0.0:8080",
}


def read(**variables: str) -> Settings:
    return read_settings({"TIPBOT_TOKEN": TOKEN} | variables, None)


def problems(environment: dict[str, str], dotenv: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment, dotenv)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("21:00-08:00", QuietHours(time(21), time(8))),
        ("22:30 - 7:15", QuietHours(time(22, 30), time(7, 15))),
        ("OFF", NEVER_QUIET),
    ],
)
def test_quiet_hours_are_two_times_or_off(text: str, hours: QuietHours) -> None:
    assert read(TIPBOT_QUIET_HOURS=text).quiet_hours == hours
    assert read().quiet_hours == QuietHours()


def test_a_token_is_enough() -> None:
    settings = read()
    assert settings.token.get_secret_value() == TOKEN
    assert settings.database_url.get_secret_value() == "sqlite:///tipbot.db"
    assert settings.api_url == "https://api.telegram.org"
    assert settings.operators == frozenset()
    assert settings.timezone == "Europe/London"
    assert settings.bulk_rate == 25
    assert settings.max_lateness == timedelta(hours=3)
    assert settings.selftests == "interactive"
    assert settings.log == "text"
    assert (settings.paid_broadcast, settings.content_dir, settings.feed_url) == (False, None, None)
    assert (settings.webhook_url, settings.webhook_secret, settings.http) == (None, None, None)
    assert (settings.public_url, settings.feed_private) == (None, False)


def test_every_setting_is_read(tmp_path: Path) -> None:
    settings = read(
        TIPBOT_DATABASE_URL="postgresql://tipbot:pw@db/tipbot",
        TIPBOT_API_URL="http://bot-api:8081/",
        TIPBOT_OPERATORS="12, 345 ,",
        TIPBOT_CONTENT_DIR=str(tmp_path),
        TIPBOT_TIMEZONE="America/New_York",
        TIPBOT_BULK_RATE="500.5",
        TIPBOT_PAID_BROADCAST="on",
        TIPBOT_MAX_LATENESS="90m",
        TIPBOT_SELFTESTS="read-only",
        TIPBOT_PUBLIC_URL="https://tips.example/back/",
        TIPBOT_FEED_URL="https://clinic.example/feed.xml",
        TIPBOT_FEED_PRIVATE="on",
        TIPBOT_LOG="json",
        **WEBHOOK,
    )
    assert settings == Settings(
        token=SecretStr(TOKEN),
        database_url=SecretStr("postgresql://tipbot:pw@db/tipbot"),
        api_url="http://bot-api:8081",
        operators=frozenset({12, 345}),
        content_dir=tmp_path,
        timezone="America/New_York",
        bulk_rate=500.5,
        paid_broadcast=True,
        max_lateness=timedelta(minutes=90),
        selftests="read-only",
        webhook_url="https://clinic.example/telegram",
        webhook_secret=SecretStr(SECRET),
        public_url="https://tips.example/back",
        http=Address("0.0.0.0", 8080),  # noqa: S104 (only a value here)
        feed_url="https://clinic.example/feed.xml",
        feed_private=True,
        log="json",
    )


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        read().bulk_rate = 5  # type: ignore[misc]


def test_settings_made_by_hand_do_not_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPBOT_LOG", "json")
    monkeypatch.setenv("LOG", "json")
    assert Settings(token=SecretStr(TOKEN)).log == "text"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3h", timedelta(hours=3)),
        ("2h30m", timedelta(hours=2, minutes=30)),
        ("2H 30M", timedelta(hours=2, minutes=30)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_a_length_of_time_is_understood(text: str, length: timedelta) -> None:
    assert read(TIPBOT_MAX_LATENESS=text).max_lateness == length


@pytest.mark.parametrize(
    ("text", "address"),
    [("localhost:1", Address("localhost", 1)), ("[::1]:65535", Address("::1", 65535))],
)
def test_an_address_is_understood(text: str, address: Address) -> None:
    assert read(TIPBOT_HTTP=text).http == address


@pytest.mark.parametrize("text", ["on", "ON", "true", "1", "yes"])
def test_a_switch_can_be_turned_on(text: str) -> None:
    assert read(TIPBOT_PAID_BROADCAST=text).paid_broadcast


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_webhook_on_this_machine_needs_no_https(host: str) -> None:
    url = f"http://{host}:8081/hook"
    assert read(**WEBHOOK | {"TIPBOT_WEBHOOK_URL": url}).webhook_url == url


BAD = {
    "TIPBOT_TOKEN": ["token", "123456:short", ":abcdefghijk", "12a:abcdefghijk", f"bot{TOKEN}", f"{TOKEN} x"],
    "TIPBOT_DATABASE_URL": ["tipbot.db", "mysql://h/x", "sqlite:///", "sqlite:///:memory:", "postgres://h/x"],
    "TIPBOT_API_URL": ["api.telegram.org", "ftp://api.telegram.org", "https://", "https://a b", "https://x/bot"],
    "TIPBOT_OPERATORS": ["@anna", "12;34", "-5", "0", "1.5", "9" * 17, "\N{ARABIC-INDIC DIGIT SEVEN}"],
    "TIPBOT_CONTENT_DIR": ["/no/such/folder", __file__],
    "TIPBOT_TIMEZONE": ["london", "europe/london", "Mars/Olympus", "../UTC", "localtime"],
    "TIPBOT_BULK_RATE": ["fast", "0", "-1", "30.5", "nan", "inf"],
    "TIPBOT_PAID_BROADCAST": ["maybe", "2"],
    "TIPBOT_QUIET_HOURS": ["21:00", "21-8 pm-9", "21:00-21:00", "25:00-08:00", "never"],
    "TIPBOT_MAX_LATENESS": ["3", "0h", "-3h", "h", "3 hours", "30m2h", "1.5h", "99999999999h"],
    "TIPBOT_SELFTESTS": ["on", "Interactive"],
    "TIPBOT_WEBHOOK_URL": [
        "http://clinic.example/x",
        "clinic.example",
        "http://localhost.evil.example/",
        "https://",
    ],
    "TIPBOT_WEBHOOK_SECRET": ["with space", "ü", "a" * 257],
    "TIPBOT_PUBLIC_URL": [
        "http://tips.example",
        "tips.example",
        "https://",
        "https://a b",
        "https://tips.example/?a=1",
        "https://tips.example/#a",
        "https://me:secret@tips.example",
    ],
    "TIPBOT_HTTP": ["8080", ":8080", "localhost", "localhost:0", "localhost:65536", "::1:80", "http://x:80"],
    "TIPBOT_FEED_URL": ["feed.xml", "file:///etc/passwd", "http://[", "https://me:secret@clinic.example/feed"],
    "TIPBOT_LOG": ["xml", "JSON"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    # A webhook beside it, so that the settings it needs are there.
    said = problems({"TIPBOT_TOKEN": TOKEN, **WEBHOOK, name: value})
    assert re.fullmatch(rf"{name} (must|does not|should).+", said)


@pytest.mark.parametrize("name", ["TIPBOT_TOKEN", "TIPBOT_DATABASE_URL", "TIPBOT_WEBHOOK_SECRET"])
def test_a_refused_secret_is_not_repeated(name: str) -> None:
    assert "swordfish" not in problems({"TIPBOT_TOKEN": TOKEN, name: "swordfish with spaces"})


def test_a_missing_token_says_where_to_get_one() -> None:
    assert problems({}) == "TIPBOT_TOKEN is missing: ask @BotFather on Telegram for a token and put it into .env"
    assert problems({"TIPBOT_TOKEN": " "}) == problems({})


def test_all_problems_are_told_at_once() -> None:
    said = problems({"TIPBOT_LOG": "xml", "TIPBOT_HTTP": "x", "TIPBOT_COLOUR": "red"})
    named = ["TIPBOT_COLOUR", "TIPBOT_TOKEN", "TIPBOT_HTTP", "TIPBOT_LOG"]
    assert [line.split()[0] for line in said.splitlines()] == named


def test_a_city_as_time_zone_gets_a_hint() -> None:
    assert "did you mean Europe/Paris?" in problems({"TIPBOT_TOKEN": TOKEN, "TIPBOT_TIMEZONE": "Paris"})


def test_more_than_thirty_a_second_must_be_paid_for() -> None:
    assert read(TIPBOT_BULK_RATE="30").bulk_rate == 30
    assert "TIPBOT_PAID_BROADCAST" in problems({"TIPBOT_TOKEN": TOKEN, "TIPBOT_BULK_RATE": "31"})
    paid = {"TIPBOT_TOKEN": TOKEN, "TIPBOT_PAID_BROADCAST": "on"}
    assert read_settings(paid | {"TIPBOT_BULK_RATE": "1000"}, None).bulk_rate == 1000
    assert "1000" in problems(paid | {"TIPBOT_BULK_RATE": "1001"})


def test_a_public_address_needs_somewhere_to_listen_and_no_secret() -> None:
    given = {"TIPBOT_TOKEN": TOKEN, "TIPBOT_PUBLIC_URL": "https://tips.example"}
    assert problems(given) == "TIPBOT_HTTP is missing: TIPBOT_PUBLIC_URL needs it as well"
    assert read_settings(given | {"TIPBOT_HTTP": "localhost:8080"}, None).public_url == "https://tips.example"


@pytest.mark.parametrize("name", ["TIPBOT_WEBHOOK_SECRET", "TIPBOT_HTTP"])
def test_a_webhook_needs_its_companions(name: str) -> None:
    given = {"TIPBOT_TOKEN": TOKEN, **WEBHOOK}
    del given[name]
    assert problems(given) == f"{name} is missing: TIPBOT_WEBHOOK_URL needs it as well"


def test_an_unknown_name_is_refused_with_a_hint() -> None:
    said = problems({"TIPBOT_TOKEN": TOKEN, "TIPBOT_BULKRATE": "5", "tipbot_log": "json", "TIPBOT_QQQ": ""})
    assert said.splitlines() == [
        "TIPBOT_BULKRATE is not a setting; did you mean TIPBOT_BULK_RATE?",
        "TIPBOT_QQQ is not a setting",
        "tipbot_log is not a setting; did you mean TIPBOT_LOG?",
    ]


def test_the_variables_of_tests_and_strangers_are_left_alone() -> None:
    assert read(TIPBOT_TEST_POSTGRES_URL="anything", HOME="/root", DATABASE_URL="x") == read()


class TestDotenv:
    def write(self, folder: Path, text: str) -> Path:
        path = folder / ".env"
        path.write_text(text, encoding="utf-8")
        return path

    def test_it_is_read_and_the_real_environment_wins(self, tmp_path: Path) -> None:
        lines = [
            "# ours",
            f"TIPBOT_TOKEN={TOKEN}",
            "export TIPBOT_LOG='json'",
            "TIPBOT_BULK_RATE=5 # slow",
            "USER=x",
        ]
        path = self.write(tmp_path, "\n".join(lines))
        settings = read_settings({"TIPBOT_BULK_RATE": "7", "TIPBOT_LOG": ""}, path)
        assert (settings.token.get_secret_value(), settings.bulk_rate, settings.log) == (TOKEN, 7, "json")

    def test_a_password_is_taken_as_it_is(self, tmp_path: Path) -> None:
        url = "postgresql://tipbot:pa${HOME}$1@db/tipbot"
        path = self.write(tmp_path, f"TIPBOT_TOKEN={TOKEN}\nTIPBOT_DATABASE_URL={url}\n")
        assert read_settings({}, path).database_url.get_secret_value() == url

    def test_it_need_not_exist(self, tmp_path: Path) -> None:
        assert read_settings({"TIPBOT_TOKEN": TOKEN}, tmp_path / ".env") == read()

    def test_an_unknown_name_in_it_is_refused(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, f"TIPBOT_TOKEN={TOKEN}\nTIPBOT_OPERATOR=5\n")
        assert problems({}, path) == "TIPBOT_OPERATOR is not a setting; did you mean TIPBOT_OPERATORS?"

    def test_a_broken_line_is_pointed_out(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, f"TIPBOT_TOKEN={TOKEN}\nTIPBOT_LOG='json\n")
        assert problems({}, path) == f"{path} line 2 is not NAME=value"

    def test_a_file_that_is_no_text_is_pointed_out(self, tmp_path: Path) -> None:
        path = tmp_path / ".env"
        path.write_bytes(b"\xff\xfe\x00")
        assert problems({"TIPBOT_TOKEN": TOKEN}, path) == f"{path} cannot be read: it is not UTF-8 text"


class TestSecretFiles:
    @pytest.mark.parametrize(
        ("field", "value"),
        [("token", TOKEN), ("database_url", "postgresql://u:p@h/d"), ("webhook_secret", SECRET)],
    )
    def test_the_stripped_content_is_the_value(self, field: str, value: str, tmp_path: Path) -> None:
        path = tmp_path / "secret"
        path.write_text(f"\n {value}\n", encoding="utf-8")
        given = {"TIPBOT_TOKEN": TOKEN, f"TIPBOT_{field.upper()}_FILE": str(path)}
        if field == "token":
            del given["TIPBOT_TOKEN"]
        assert getattr(read_settings(given, None), field).get_secret_value() == value

    def test_one_of_both_must_go(self, tmp_path: Path) -> None:
        path = tmp_path / "token"
        path.write_text(TOKEN, encoding="utf-8")
        said = problems({"TIPBOT_TOKEN": TOKEN, "TIPBOT_TOKEN_FILE": str(path)})
        assert said == "TIPBOT_TOKEN and TIPBOT_TOKEN_FILE are both set: keep one of them"

    def test_a_file_that_cannot_be_read_is_named_by_its_variable_only_once(self, tmp_path: Path) -> None:
        missing = str(tmp_path / "none")
        given = {"TIPBOT_TOKEN_FILE": missing, **WEBHOOK, "TIPBOT_WEBHOOK_SECRET_FILE": missing}
        del given["TIPBOT_WEBHOOK_SECRET"]
        assert problems(given).splitlines() == [
            "TIPBOT_TOKEN_FILE names a file that cannot be read: No such file or directory",
            "TIPBOT_WEBHOOK_SECRET_FILE names a file that cannot be read: No such file or directory",
        ]

    def test_a_bad_content_is_refused_without_repeating_it(self, tmp_path: Path) -> None:
        path = tmp_path / "token"
        path.write_text("swordfish", encoding="utf-8")
        said = problems({"TIPBOT_TOKEN_FILE": str(path)})
        assert said.startswith("TIPBOT_TOKEN does not look like a token")
        assert "swordfish" not in said

    def test_only_secrets_have_one(self) -> None:
        assert "TIPBOT_LOG_FILE is not a setting" in problems({"TIPBOT_TOKEN": TOKEN, "TIPBOT_LOG_FILE": "x"})


def test_secrets_are_masked_when_shown() -> None:
    settings = read(TIPBOT_DATABASE_URL="postgresql://u:swordfish@h/d", **WEBHOOK)
    shown = f"{settings!r} {settings}"
    assert TOKEN not in shown
    assert SECRET not in shown
    assert "swordfish" not in shown


def test_the_log_learns_every_secret_worth_hiding() -> None:
    assert read(TIPBOT_DATABASE_URL="postgresql://u:sword%40fish@h/d", **WEBHOOK).secrets == (
        TOKEN,
        SECRET,
        "sword@fish",
    )
    assert read(TIPBOT_DATABASE_URL="postgresql://tipbot:tipbot@h/tipbot").secrets == (TOKEN,)
