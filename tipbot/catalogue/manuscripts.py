"""An article's file → the table of its values: TOML between two lines of +++, then sections under ## headings."""

import re
import tomllib
from collections.abc import Iterator

from tipbot.catalogue.draft import Place
from tipbot.domain.faults import Fault

FENCE = "+++"
HEADING = "## "
BULLET = "- "

_LINE = re.compile(r"at line (\d+)")


def read_article(text: str, place: Place) -> tuple[dict[str, object], list[Fault]]:
    """Return the values of an article and what is wrong with the form of its file; faulty files have no values."""
    first, *lines = text.split("\n")
    if first.rstrip() != FENCE or FENCE not in [line.rstrip() for line in lines]:
        advice = f"Begin the file with a line {FENCE}, then id, title and so on, then another line {FENCE}."
        return {}, [place.fault("line 1", advice)]
    end = [line.rstrip() for line in lines].index(FENCE)
    try:
        # The empty line stands for the first fence, so that a fault names the line as an editor counts.
        table = tomllib.loads("\n".join(("", *lines[:end])))
    except tomllib.TOMLDecodeError as error:
        return {}, [toml_fault(error, place)]
    if "sections" in table:
        return {}, [place.fault("sections", f"Write the sections below the second {FENCE}, each under {HEADING}…")]
    opening, *parts = re.split(rf"^{HEADING}", "\n".join(lines[end + 1 :]), flags=re.MULTILINE)
    if opening.strip():
        start = " ".join(opening.split()[:5])
        advice = f'"{start}…" stands before the first heading. Begin it with {HEADING}and a heading.'
        return {}, [place.fault("sections", advice)]
    return {**table, "sections": [_section(part) for part in parts]}, []


def toml_fault(error: tomllib.TOMLDecodeError, place: Place) -> Fault:
    """Return the fault of a file that is no valid TOML, with the line as its key."""
    line = _LINE.search(str(error))
    key = f"line {line[1]}" if line else "last line"
    advice = f"This is not valid TOML: {error}. Look for a missing quote, bracket or equals sign."
    return place.fault(key, advice)


def _section(part: str) -> dict[str, str]:
    heading, _, text = part.partition("\n")
    return {"heading": heading.strip(), "text": "\n\n".join(_paragraphs(text))}


def _paragraphs(text: str) -> Iterator[str]:
    """Join the lines of each paragraph, as an editor may have broken them; a bullet keeps its line."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in (line.strip() for line in paragraph.splitlines()):
            if lines and not line.startswith(BULLET):
                lines[-1] = f"{lines[-1]} {line}"
            else:
                lines.append(line)
        yield "\n".join(lines)
