"""What each setting accepts: one function for each kind of value, which returns it read or says what is wrong."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from tipbot.domain.broadcasts import NEVER_QUIET, QuietHours
from tipbot.domain.wall_time import parse_wall_time
from tipbot.places import best_place, is_zone

TOKEN = re.compile("[0-9]+:[A-Za-z0-9_-]{8,}")
DATABASE_URL = re.compile("sqlite:///(?!:memory:).+|postgresql://.+")
WEBHOOK_SECRET = re.compile("[A-Za-z0-9_-]{1,256}")
SAFE_URL = re.compile(r"https://.+|http://(localhost|127(\.[0-9]{1,3}){3}|\[::1\])([:/].*)?")
USER_ID = re.compile("[1-9][0-9]{0,15}")
ADDRESS = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")
DURATION = re.compile("(?:(?P<hours>[0-9]{1,4})h)? ?(?:(?P<minutes>[0-9]{1,5})m)? ?(?:(?P<seconds>[0-9]{1,6})s)?")
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen for HTTP."""

    host: str
    port: int


def check_token(token: SecretStr) -> SecretStr:
    """Return the token; raises ValueError for what @BotFather would not give (digits, a colon, letters)."""
    if not TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("does not look like a token of @BotFather, which is digits, a colon, then letters")
    return token


def check_database_url(url: SecretStr) -> SecretStr:
    """Return the URL of a SQLite file or of PostgreSQL; raises ValueError for any other."""
    # Each connection to :memory: would see a database of its own.
    if not DATABASE_URL.fullmatch(url.get_secret_value()):
        raise ValueError("must be sqlite:///path/to/file.db or postgresql://user:password@host/name")
    return url


def check_secret(secret: SecretStr) -> SecretStr:
    """Return the secret; raises ValueError for what setWebhook does not take (Bot API)."""
    if not WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -")
    return secret


def read_operators(ids: object) -> object:
    """Return the ids of a list with commas; raises ValueError where one is no Telegram user id."""
    if not isinstance(ids, str):
        return ids
    entries = [entry.strip() for entry in ids.split(",") if entry.strip()]
    if not all(USER_ID.fullmatch(entry) for entry in entries):
        raise ValueError("must be Telegram user ids with commas between them, such as 123456789,987654321")
    return frozenset(map(int, entries))


def check_folder(folder: Path) -> Path:
    """Return the folder with ~ filled in; raises ValueError where there is none."""
    folder = folder.expanduser()
    if not folder.is_dir():
        raise ValueError(f"must be a folder, and {folder} is none")
    return folder


def check_timezone(name: str) -> str:
    """Return the IANA zone; raises ValueError, with a guess at what was meant."""
    if not is_zone(name):
        meant = best_place(name)
        hint = f"; did you mean {meant.zone}?" if meant else ""
        raise ValueError(f"must be an IANA time zone such as Europe/London{hint}")
    return name


def read_quiet_hours(hours: object) -> object:
    """Return the hours in which nobody is disturbed, read from two times, or "off" for never."""
    if not isinstance(hours, str):
        return hours
    if hours.strip().lower() == "off":
        return NEVER_QUIET
    begins, dash, ends = hours.partition("-")
    times = parse_wall_time(begins.strip()), parse_wall_time(ends.strip())
    if not dash or times[0] is None or times[1] is None or times[0] == times[1]:
        raise ValueError("must be two times such as 21:00-08:00, or off")
    return QuietHours(times[0], times[1])


def read_duration(duration: object) -> object:
    """Return the length of time; raises ValueError for nothing, and for less."""
    if not isinstance(duration, str):
        return duration
    match = DURATION.fullmatch(duration.strip().lower())
    length = timedelta(**{unit: int(count) for unit, count in match.groupdict("0").items()}) if match else None
    if not length:
        raise ValueError("must be a length of time such as 3h, 90m or 2h30m")
    return length


def read_address(address: object) -> object:
    """Return host:port as an Address; raises ValueError."""
    if not isinstance(address, str):
        return address
    match = ADDRESS.fullmatch(address)
    if not match or not 1 <= int(match["port"]) <= HIGHEST_PORT:
        raise ValueError("must be host:port, such as 0.0.0.0:8080")
    return Address(match["host"].strip("[]"), int(match["port"]))


def check_url(url: str) -> str:
    """Return the http(s) address; raises ValueError."""
    if not re.fullmatch(r"https?://\S+", url) or not parts_of(url).hostname:
        raise ValueError("must be a web address that begins with https://")
    return url


def check_feed_url(url: str) -> str:
    """Return the address of a feed; raises ValueError where it holds what TipBot would not send."""
    if "@" in parts_of(check_url(url)).netloc:
        raise ValueError("must be an address without a user name and a password, because TipBot sends neither")
    return url


def check_api_url(url: str) -> str:
    """Return the address of a Bot API server without what follows /bot; raises ValueError."""
    url = check_url(url).rstrip("/")
    if url.endswith("/bot"):
        raise ValueError("must be the part before /bot, such as https://api.telegram.org")
    return url


def check_webhook_url(url: str) -> str:
    """Return the https address, http only on this machine; raises ValueError."""
    if not SAFE_URL.fullmatch(url):
        raise ValueError("must begin with https:// (http:// is only for this very machine)")
    return check_url(url)


def check_public_url(url: str) -> str:
    """Return the address that paths are put behind; raises ValueError."""
    if re.search("[?#@]", url):
        raise ValueError("must be a plain address such as https://tips.example.org, without ?, # and @")
    return check_webhook_url(url).rstrip("/")


def parts_of(url: str) -> SplitResult:
    """Return the parts of a URL; of one that cannot be read, none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
