"""All settings with their types, defaults and the rules between them."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from tipbot.domain.broadcasts import QuietHours
from tipbot.settings.values import (
    Address,
    check_api_url,
    check_database_url,
    check_feed_url,
    check_folder,
    check_public_url,
    check_secret,
    check_timezone,
    check_token,
    check_webhook_url,
    parts_of,
    read_address,
    read_duration,
    read_operators,
    read_quiet_hours,
)

PREFIX = "TIPBOT_"
# Telegram's own limits: messages a second to everybody, without and with paid broadcasts.
FREE_RATE, PAID_RATE = 30, 1000
# A shorter password would blacken harmless words all over the log; in URLs it is hidden whatever its length.
WORTH_REDACTING = 8


class Settings(BaseSettings):
    """What TipBot was told to do; `read_settings` makes one of the environment, tests make their own."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    # A rule about two settings is checked with the later one, so the order matters.
    token: Annotated[SecretStr, AfterValidator(check_token)]
    database_url: Annotated[SecretStr, AfterValidator(check_database_url)] = SecretStr("sqlite:///tipbot.db")
    api_url: Annotated[str, AfterValidator(check_api_url)] = "https://api.telegram.org"
    operators: Annotated[frozenset[int], BeforeValidator(read_operators)] = frozenset()
    content_dir: Annotated[Path, AfterValidator(check_folder)] | None = None
    timezone: Annotated[str, AfterValidator(check_timezone)] = "Europe/London"
    paid_broadcast: bool = False
    bulk_rate: float = Field(default=25, gt=0)
    max_lateness: Annotated[timedelta, BeforeValidator(read_duration), Field(gt=timedelta())] = timedelta(hours=3)
    quiet_hours: Annotated[QuietHours, BeforeValidator(read_quiet_hours)] = QuietHours()
    selftests: Literal["interactive", "read-only", "off"] = "interactive"
    webhook_url: Annotated[str, AfterValidator(check_webhook_url)] | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(check_secret)] | None = Field(None, validate_default=True)
    public_url: Annotated[str, AfterValidator(check_public_url)] | None = None
    http: Annotated[Address | None, BeforeValidator(read_address)] = Field(None, validate_default=True)
    feed_url: Annotated[str, AfterValidator(check_feed_url)] | None = None
    feed_private: bool = False
    log: Literal["text", "json"] = "text"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        password = unquote(parts_of(self.database_url.get_secret_value()).password or "")
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
