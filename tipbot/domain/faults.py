"""What is wrong with the content files, said so that whoever wrote them can put it right."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right: the file below the content folder, the key in it, and what to do."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}"


class ContentFaults(Exception):  # noqa: N818  it carries many faults, and is named for what it carries
    """The content cannot be used; `faults` holds everything that is wrong, file by file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.file))
        super().__init__("\n".join(str(fault) for fault in self.faults))
