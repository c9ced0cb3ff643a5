"""Reads the settings from TIPBOT_* variables and from a file .env, and names everything that is wrong at once."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dotenv.parser import parse_stream
from pydantic import ValidationError

from tipbot.settings.settings import PREFIX, Settings

PREFIX_OF_TESTS = "TIPBOT_TEST_"
FROM_FILES = ("token", "database_url", "webhook_secret")
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
