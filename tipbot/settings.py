"""Every setting of TipBot: read once from TIPBOT_* variables, checked, then passed down as one frozen value."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from dotenv.parser import parse_stream
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from tipbot.places import best_place, is_zone

PREFIX = "TIPBOT_"
PREFIX_OF_TESTS = "TIPBOT_TEST_"
FROM_FILES = ("token", "database_url", "webhook_secret")
# Telegram's own limits: messages a second to everybody, without and with paid broadcasts.
FREE_RATE, PAID_RATE = 30, 1000
# A shorter password would blacken harmless words all over the log; in URLs it is hidden whatever its length.
WORTH_REDACTING = 8
TOKEN = re.compile("[0-9]+:[A-Za-z0-9_-]{8,}")
DATABASE_URL = re.compile("sqlite:///(?!:memory:).+|postgresql://.+")
WEBHOOK_SECRET = re.compile("[A-Za-z0-9_-]{1,256}")
SAFE_URL = re.compile(r"https://.+|http://(localhost|127(\.[0-9]{1,3}){3}|\[::1\])([:/].*)?")
USER_ID = re.compile("[1-9][0-9]{0,15}")
ADDRESS = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")
DURATION = re.compile("(?:(?P<hours>[0-9]{1,4})h)? ?(?:(?P<minutes>[0-9]{1,5})m)? ?(?:(?P<seconds>[0-9]{1,6})s)?")
HIGHEST_PORT = 65535
IN_OUR_WORDS = {
    "missing": "is missing: ask @BotFather on Telegram for a token and put it into .env",
    "float_parsing": "must be a number, such as 25",
    "bool_parsing": "must be on or off",
}


class SettingsError(Exception):
    """The settings cannot be used; its text lists every problem, one line each, with the variable's name."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen for HTTP."""

    host: str
    port: int


def _token(token: SecretStr) -> SecretStr:
    if not TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("does not look like a token of @BotFather, which is digits, a colon, then letters")
    return token


def _database_url(url: SecretStr) -> SecretStr:
    # Each connection to :memory: would see a database of its own.
    if not DATABASE_URL.fullmatch(url.get_secret_value()):
        raise ValueError("must be sqlite:///path/to/file.db or postgresql://user:password@host/name")
    return url


def _secret(secret: SecretStr) -> SecretStr:
    if not WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -")
    return secret


def _operators(ids: object) -> object:
    if not isinstance(ids, str):
        return ids
    entries = [entry.strip() for entry in ids.split(",") if entry.strip()]
    if not all(USER_ID.fullmatch(entry) for entry in entries):
        raise ValueError("must be Telegram user ids with commas between them, such as 123456789,987654321")
    return frozenset(map(int, entries))


def _content_dir(folder: Path) -> Path:
    folder = folder.expanduser()
    if not folder.is_dir():
        raise ValueError(f"must be a folder, and {folder} is none")
    return folder


def _timezone(name: str) -> str:
    if not is_zone(name):
        meant = best_place(name)
        hint = f"; did you mean {meant.zone}?" if meant else ""
        raise ValueError(f"must be an IANA time zone such as Europe/London{hint}")
    return name


def _duration(duration: object) -> object:
    if not isinstance(duration, str):
        return duration
    match = DURATION.fullmatch(duration.strip().lower())
    length = timedelta(**{unit: int(count) for unit, count in match.groupdict("0").items()}) if match else None
    if not length:
        raise ValueError("must be a length of time such as 3h, 90m or 2h30m")
    return length


def _address(address: object) -> object:
    if not isinstance(address, str):
        return address
    match = ADDRESS.fullmatch(address)
    if not match or not 1 <= int(match["port"]) <= HIGHEST_PORT:
        raise ValueError("must be host:port, such as 0.0.0.0:8080")
    return Address(match["host"].strip("[]"), int(match["port"]))


def _url(url: str) -> str:
    if not re.fullmatch(r"https?://\S+", url) or not _parts(url).hostname:
        raise ValueError("must be a web address that begins with https://")
    return url


def _api_url(url: str) -> str:
    url = _url(url).rstrip("/")
    if url.endswith("/bot"):
        raise ValueError("must be the part before /bot, such as https://api.telegram.org")
    return url


def _webhook_url(url: str) -> str:
    if not SAFE_URL.fullmatch(url):
        raise ValueError("must begin with https:// (http:// is only for this very machine)")
    return _url(url)


def _public_url(url: str) -> str:
    if re.search("[?#@]", url):
        raise ValueError("must be a plain address such as https://tips.example.org, without ?, # and @")
    return _webhook_url(url).rstrip("/")


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


class Settings(BaseSettings):
    """What TipBot was told to do; `read_settings` makes one of the environment, tests make their own."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    # A rule about two settings is checked with the later one, so the order matters.
    token: Annotated[SecretStr, AfterValidator(_token)]
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = SecretStr("sqlite:///tipbot.db")
    api_url: Annotated[str, AfterValidator(_api_url)] = "https://api.telegram.org"
    operators: Annotated[frozenset[int], BeforeValidator(_operators)] = frozenset()
    content_dir: Annotated[Path, AfterValidator(_content_dir)] | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/London"
    paid_broadcast: bool = False
    bulk_rate: float = Field(default=25, gt=0)
    max_lateness: Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta())] = timedelta(hours=3)
    selftests: Literal["interactive", "read-only", "off"] = "interactive"
    webhook_url: Annotated[str, AfterValidator(_webhook_url)] | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(None, validate_default=True)
    public_url: Annotated[str, AfterValidator(_public_url)] | None = None
    http: Annotated[Address | None, BeforeValidator(_address)] = Field(None, validate_default=True)
    feed_url: Annotated[str, AfterValidator(_url)] | None = None
    log: Literal["text", "json"] = "text"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        password = unquote(_parts(self.database_url.get_secret_value()).password or "")
        hidden = [self.token.get_secret_value()]
        hidden += [self.webhook_secret.get_secret_value()] if self.webhook_secret else []
        hidden += [password] if len(password) >= WORTH_REDACTING else []
        return tuple(hidden)

    @field_validator("bulk_rate")
    @classmethod
    def _within_telegrams_limit(cls, rate: float, info: ValidationInfo) -> float:
        paid = info.data.get("paid_broadcast", True)
        if rate > (PAID_RATE if paid else FREE_RATE):
            raise ValueError(f"must be at most {FREE_RATE}, or {PAID_RATE} when TIPBOT_PAID_BROADCAST is on")
        return rate

    @field_validator("webhook_secret", "http")
    @classmethod
    def _there_for_a_public_address(cls, value: object, info: ValidationInfo) -> object:
        for field in ("webhook_url", "public_url"):
            if value is None and info.data.get(field):
                raise ValueError(f"is missing: {PREFIX}{field.upper()} needs it as well")
        return value

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # `read_settings` passes everything in: nothing may be read behind its checks, in tests least of all.
        return (init_settings,)


def read_settings(environment: Mapping[str, str], dotenv: Path | None) -> Settings:
    """Return the settings of `environment`, or else of the file `dotenv` if there is one; raises SettingsError."""
    written, problems = _read_dotenv(dotenv)
    ours = _ours(environment)
    problems += _unknown_names(written | ours)
    given = _filled(written) | _filled(ours)
    values, unreadable = _with_files(given)
    problems += unreadable
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += _in_our_words(error, given, values)
    if problems:
        raise SettingsError(problems)
    return settings


def _ours(variables: Mapping[str, str]) -> dict[str, str]:
    # In any case of letters: tipbot_token is a mistake to point out, not a stranger's variable.
    return {name: value for name, value in variables.items() if name.upper().startswith(PREFIX)}


def _filled(variables: Mapping[str, str]) -> dict[str, str]:
    # Nothing behind the equals sign means "not set", as in .env.example.
    return {name: value.strip() for name, value in variables.items() if value.strip()}


def _read_dotenv(path: Path | None) -> tuple[dict[str, str], list[str]]:
    if path is None or not path.is_file():
        return {}, []
    try:
        with path.open(encoding="utf-8") as lines:
            bindings = list(parse_stream(lines))
    except (OSError, UnicodeDecodeError) as error:
        return {}, [f"{path} cannot be read: {_reason(error)}"]
    problems = [f"{path} line {binding.original.line} is not NAME=value" for binding in bindings if binding.error]
    return _ours({binding.key: binding.value or "" for binding in bindings if binding.key}), problems


def _unknown_names(names: Iterable[str]) -> Iterator[str]:
    known = [field.upper() for field in Settings.model_fields]
    known += [field.upper() + "_FILE" for field in FROM_FILES]
    for name in sorted(names):
        word = name.upper().removeprefix(PREFIX)
        if name.removeprefix(PREFIX) not in known and not name.startswith(PREFIX_OF_TESTS):
            hints = (f"; did you mean {PREFIX}{near}?" for near in difflib.get_close_matches(word, known, n=1))
            yield f"{name} is not a setting" + "".join(hints)


def _with_files(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return values by field, those of *_FILE variables read from their files, and what went wrong."""
    fields = {field: PREFIX + field.upper() for field in Settings.model_fields}
    values = {field: given[name] for field, name in fields.items() if name in given}
    problems = []
    for field in FROM_FILES:
        name, file = fields[field], fields[field] + "_FILE"
        if name in given and file in given:
            problems.append(f"{name} and {file} are both set: keep one of them")
        elif file in given:
            try:
                values[field] = Path(given[file]).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{file} names a file that cannot be read: {_reason(error)}")
    return values, problems


def _in_our_words(error: ValidationError, given: Mapping[str, str], values: Mapping[str, str]) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False):
        field = str(fault["loc"][0])
        name = PREFIX + field.upper()
        said = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        # What is missing only because its file could not be read is one problem, not two.
        if field in values or f"{name}_FILE" not in given:
            yield f"{name} {IN_OUR_WORDS.get(fault['type'], said)}"


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8 text"
