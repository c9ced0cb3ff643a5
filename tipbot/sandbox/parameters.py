"""The parameters of one call, whichever way they came: query string, form, multipart or JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tipbot.sandbox.refusals import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a caller passed; each reader raises RefusalError when the value is not of its kind."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """Return the value as text; empty if it was not given."""
        value = self.values.get(name)
        return value if isinstance(value, str) else "" if value is None else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return the value as a whole number."""
        if self.text(name) == "":
            return default
        try:
            return int(self.text(name))
        except ValueError:
            reason = f"can't parse {name}: an integer is expected"
            raise bad_request(reason) from None

    def number(self, name: str) -> float:
        """Return the value as a number; it must be given."""
        try:
            return float(self.text(name))
        except ValueError:
            reason = f"can't parse {name}: a number is expected"
            raise bad_request(reason) from None

    def flag(self, name: str) -> bool:
        """Return the value as yes or no; no if it was not given."""
        return self.text(name).lower() in ("true", "yes", "1")

    def structure(self, name: str) -> Any:  # noqa: ANN401 - JSON is whatever the caller wrote
        """Return the value read as JSON; None if it was not given."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            reason = f"can't parse {name.replace('_', ' ')} JSON object"
            raise bad_request(reason) from None

    def object(self, name: str) -> dict[str, Any]:
        """Return the value as a JSON object; empty if it was not given."""
        value = self.structure(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            reason = f"object expected as {name.replace('_', ' ')}"
            raise bad_request(reason)
        return value

    def items(self, name: str) -> list[Any]:
        """Return the value as a JSON array; empty if it was not given."""
        value = self.structure(name)
        if value is None:
            return []
        if not isinstance(value, list):
            reason = f"array expected as {name.replace('_', ' ')}"
            raise bad_request(reason)
        return value

    def chat(self, name: str = "chat_id") -> int:
        """Return a chat id; the sandbox has no public @names."""
        if not self.text(name):
            reason = f"{name} is empty"
            raise bad_request(reason)
        try:
            return int(self.text(name))
        except ValueError:
            raise bad_request("chat not found") from None

    def plain(self) -> dict[str, Any]:
        """Return all values for reading: JSON opened, chat and message ids as numbers, files by name."""
        opened = {name: _opened(name, value) for name, value in self.values.items()}
        return {**opened, **{name: f"<{upload.name}>" for name, upload in self.uploads.items()}}


def _opened(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if value[:1] in ("{", "[") or name.endswith("_id") or value in ("true", "false"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
