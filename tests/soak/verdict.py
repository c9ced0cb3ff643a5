"""What the oracle says at the end of the hour, in sentences."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tests.faults.evidence import read_ledger, read_telegram
from tests.faults.oracle import LOST, Expected, Ledger, Telegram, judge
from tests.soak.population import Population
from tipbot.domain.broadcasts import BroadcastStatus
from tipbot.domain.delivery import DeliveryStatus
from tipbot.sandbox import Sandbox
from tipbot.storage.database import Database

# A screen may be two messages, and an update that was under way in a crash may be answered again.
MESSAGES_AN_ACT = 3
MOST_TOLD = 40


@dataclass
class Verdict:
    """What was found: `facts` tell how it went, `complaints` what must not be."""

    facts: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """Everything that is to be said."""
        if not self.complaints:
            return [*self.facts, "Nothing due was lost, nothing doubled: ledger and Telegram agree row by row."]
        more = len(self.complaints) - MOST_TOLD
        told = [f"WRONG: {complaint}" for complaint in self.complaints[:MOST_TOLD]]
        return [*self.facts, *told, *([f"... and {more} more"] if more > 0 else [])]


async def judged(
    database: Database, sandbox: Sandbox, everybody: Population, acts: Mapping[int, int], refused: set[int]
) -> Verdict:
    """Hold everything that was written down against everything that Telegram has."""
    async with database.reading() as books:
        sent = await books.broadcasts.at([BroadcastStatus.DONE])
    found = Verdict()
    if len(sent) != 2:
        found.complaints.append(f"{len(sent)} of 2 broadcasts came to their end")
    readers, lively = await read_ledger(database, everybody.readers), await read_ledger(database, everybody.lively)
    due = everybody.due | {f"broadcast:{number}:{chat}" for number in sent for chat in everybody.readers}
    found.complaints += judge(readers, _side(sandbox, everybody.readers, refused), Expected(due))
    replies = {chat: MESSAGES_AN_ACT * (number + 1) for chat, number in acts.items()}
    loosely = Expected(nothing_else=False, replies=replies)
    # Who presses may have other words put into a message that came by itself.
    wordless = Ledger([replace(row, words=None) for row in lively.rows])
    found.complaints += judge(wordless, _side(sandbox, everybody.lively, refused), loosely)
    found.facts += _told(readers, lively, due)
    return found


def _side(sandbox: Sandbox, chats: Iterable[int], refused: set[int]) -> Telegram:
    return Telegram(read_telegram(sandbox, chats, since=sandbox.calls.total).messages, refused)


def _told(readers: Ledger, lively: Ledger, due: set[str]) -> list[str]:
    rows = [*readers.rows, *lively.rows]
    stands = Counter(row.status for row in rows)
    reasons = Counter(row.reason for row in rows if row.status is DeliveryStatus.UNKNOWN)
    return [
        f"{len(due):,} messages were due to those who only read, and {len(lively.rows):,} to the others.",
        "The ledger: " + ", ".join(f"{number:,} {status}" for status, number in stands.most_common()) + ".",
        f"Unknown with a process that died: {reasons.pop(LOST, 0)}; for other reasons: {_listed(reasons)}.",
    ]


def _listed(reasons: Mapping[str | None, int]) -> str:
    return ", ".join(f"{number} ({reason})" for reason, number in reasons.items()) or "none"
