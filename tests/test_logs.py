"""The log never shows a secret, keeps what else it is given, and is one for everybody."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from tipbot.logs import configure_logs, get_logger

TOKEN = "987654321:AAEmade-up_token_for_the_tests_of_logs"  # noqa: S105 (made up)
UNTOLD = "123456789:BBEanother_made-up_token_0123456789"
ODD = 'sw"ord\\fish-é/x'
SECRETS = (TOKEN, ODD)
URL = f"https://api.telegram.org/bot{TOKEN}/sendMessage"

Style = Literal["text", "json"]


@pytest.fixture(params=["text", "json"])
def style(request: pytest.FixtureRequest) -> Style:
    chosen: Style = request.param
    return chosen


@pytest.fixture(autouse=True)
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave the logging of other tests as it was."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()


def written(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert not captured.out
    assert captured.err.endswith("\n")
    return captured.err


def assert_hidden(text: str) -> None:
    assert "[hidden]" in text
    for part in ("AAEmade", "token_for", "BBEanother", "987654321:", "123456789:", "fish", "ord\\", "%5C"):
        assert part not in text


def fail_with(message: str) -> None:
    raise ConnectionError(message)


def fail_twice(message: str) -> None:
    try:
        fail_with(message)
    except ConnectionError as error:
        raise RuntimeError("could not send") from error


class Envelope:
    def __repr__(self) -> str:
        return f"<Envelope to {URL} {ODD}>"


@pytest.mark.parametrize(
    "secret",
    [TOKEN, UNTOLD, ODD, URL, URL.replace(":AAE", "%3AAAE"), f"/bot{UNTOLD}/getMe", f"x{TOKEN}y", f"{TOKEN},{ODD}"],
)
def test_a_secret_in_a_message_is_hidden(style: Style, capsys: pytest.CaptureFixture[str], secret: str) -> None:
    configure_logs(style, SECRETS)
    logging.getLogger("library").info(f"calling {secret} now")  # noqa: G004 (what careless code does)
    assert_hidden(written(capsys))
    get_logger("tipbot.courier").info(f"calling {secret} now")
    assert_hidden(written(capsys))


@pytest.mark.parametrize("secret", [TOKEN, UNTOLD, ODD, URL])
def test_a_secret_in_arguments_is_hidden(style: Style, capsys: pytest.CaptureFixture[str], secret: str) -> None:
    configure_logs(style, SECRETS)
    logging.getLogger("library").warning("calling %s with %r", secret, {"token": secret})
    assert_hidden(written(capsys))
    get_logger("tipbot.courier").warning("calling %s with %r", secret, {"token": secret})
    assert_hidden(written(capsys))


@pytest.mark.parametrize("secret", [TOKEN, UNTOLD, ODD, URL])
def test_a_secret_in_fields_is_hidden(style: Style, capsys: pytest.CaptureFixture[str], secret: str) -> None:
    configure_logs(style, SECRETS)
    nested = {"request": {"urls": [secret, (secret, Envelope())], secret: 1}}
    logging.getLogger("library").error("failed", extra={"detail": nested})
    assert_hidden(written(capsys))
    get_logger("tipbot.courier").bind(bound=secret).error("failed", detail=nested)
    assert_hidden(written(capsys))
    structlog.contextvars.bind_contextvars(chat=secret)
    get_logger("tipbot.courier").error("failed")
    assert_hidden(written(capsys))


@pytest.mark.parametrize("secret", [TOKEN, UNTOLD, ODD, URL])
@pytest.mark.parametrize("fail", [fail_with, fail_twice])
def test_a_secret_in_a_traceback_is_hidden(
    style: Style, capsys: pytest.CaptureFixture[str], fail: object, secret: str
) -> None:
    configure_logs(style, SECRETS)
    assert callable(fail)
    for log in (logging.getLogger("library"), get_logger("tipbot.courier")):
        try:
            fail(f"cannot reach {secret}")
        except (ConnectionError, RuntimeError):
            log.exception("failed")
        text = written(capsys)
        assert "Traceback" in text
        assert "ConnectionError" in text
        assert_hidden(text)


@pytest.mark.parametrize("path", ["/bot42:short_one/getMe", "/bot42%3Ashort_one/getMe", "/bot42:short_one"])
def test_a_token_in_a_path_is_hidden_whatever_its_length(
    style: Style, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    configure_logs(style, SECRETS)
    logging.getLogger("library").info("http://127.0.0.1:8081%s", path)
    text = written(capsys)
    assert "http://127.0.0.1:8081/bot[hidden]" in text
    assert "short_one" not in text


def test_a_password_in_a_url_is_hidden(style: Style, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(style, SECRETS)
    logging.getLogger("library").error("cannot reach postgresql://tipbot:short@db:5432/tipbot?x=1")
    text = written(capsys)
    assert "short" not in text
    assert "://tipbot:[hidden]@db:5432/tipbot" in text


def test_a_line_that_cannot_be_logged_shows_no_secret_either(
    style: Style, capsys: pytest.CaptureFixture[str]
) -> None:
    # The handlers of the test runner raise instead.
    logging.getLogger().handlers.clear()
    configure_logs(style, SECRETS)
    logging.getLogger("library").error("%d tokens of %s", TOKEN, ODD)
    text = written(capsys)
    assert "library" in text
    assert_hidden(text)


def test_what_is_no_secret_stays(style: Style, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(style, SECRETS)
    get_logger("tipbot").info(
        "sent", chat=123456789, at="2026-01-20T12:00:00", link="https://clinic.example/book?a=1:2"
    )
    text = written(capsys)
    assert "[hidden]" not in text
    for kept in ("sent", "123456789", "2026-01-20T12:00:00", "https://clinic.example/book?a=1:2", "tipbot", "info"):
        assert kept in text


def test_the_time_is_utc(style: Style, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(style, SECRETS)
    logging.getLogger("library").info("hello")
    get_logger("tipbot").info("hello")
    for line in written(capsys).splitlines():
        assert re.search(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line)


def test_json_lines_carry_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json", SECRETS)
    structlog.contextvars.bind_contextvars(update=7)
    get_logger("tipbot.courier").warning("delivery_retry", chat=5)
    logging.getLogger("library").info("started %s", "well", extra={"port": 80})
    own, foreign = (json.loads(line) for line in written(capsys).splitlines())
    assert own | {"timestamp": ""} == {
        "event": "delivery_retry",
        "chat": 5,
        "update": 7,
        "level": "warning",
        "logger": "tipbot.courier",
        "timestamp": "",
    }
    assert (foreign["event"], foreign["port"], foreign["logger"]) == ("started well", 80, "library")


def test_chatty_libraries_speak_only_of_trouble(style: Style, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(style, SECRETS)
    for name in ("httpx", "httpcore.http11", "apscheduler.scheduler"):
        logging.getLogger(name).info("again")
        logging.getLogger(name).warning("trouble")
    get_logger("tipbot").debug("detail")
    assert len(re.findall("trouble", text := written(capsys))) == 3
    assert "again" not in text
    assert "detail" not in text


def test_a_message_is_not_repeated(style: Style, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(style, SECRETS)
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "Started in blue"})
    assert written(capsys).count("Started") == 1


def test_configuring_again_replaces_the_handler(style: Style, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(style, SECRETS)
    configure_logs("json", ["another-secret"])
    get_logger("tipbot").info("another-secret")
    assert json.loads(written(capsys))["event"] == "[hidden]"


def test_without_secrets_lines_pass_unharmed(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json", ["", ""])
    get_logger("tipbot").info("hello")
    assert json.loads(written(capsys))["event"] == "hello"


def test_a_crash_is_logged_without_its_secrets(style: Style) -> None:
    code = (
        "from tipbot.logs import configure_logs\n"
        f"configure_logs({style!r}, [{ODD!r}])\n"
        f"raise RuntimeError({URL!r} + ' ' + {ODD!r})\n"
    )
    ended = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "TipBot has crashed" in ended.stderr
    assert_hidden(ended.stderr)
