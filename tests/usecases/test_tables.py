"""The table of recipients opens in a spreadsheet program without doing anything there."""

import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatId
from tipbot.storage.broadcast_deliveries import Line
from tipbot.usecases import tables
from tipbot.usecases.tables import HEADING, files_of, written

NOON = datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)


def line(chat: int, reason: str | None = None, status: DeliveryStatus | None = DeliveryStatus.SENT) -> Line:
    return Line(ChatId(chat), "Europe/London", status, 9, NOON, 1, reason)


def test_numbers_stay_numbers_and_no_text_is_a_formula() -> None:
    table = written([line(-4001, '=HYPERLINK("x"), odd\nwords')]).decode()
    rows = list(csv.reader(table.splitlines(keepends=True)))
    assert rows == [
        ["-4001", "Europe/London", "sent", "2026-11-23 12:00:05", "9", "1", '\'=HYPERLINK("x"), odd\nwords']
    ]
    for sign in "=+-@\t":
        assert f"'{sign}1" in written([line(1, f"{sign}1")]).decode()
    assert ",not sent," in written([line(1, status=None)]).decode()


async def test_a_long_table_comes_in_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LINES_A_FILE", 4)

    async def batches(number: int) -> AsyncIterator[list[Line]]:
        for batch in range(number):
            yield [line(batch), line(batch)]

    files = [file.decode().splitlines() async for file in files_of(batches(5))]
    assert [len(file) for file in files] == [5, 5, 3]
    assert {file[0] for file in files} == {",".join(HEADING)}
    assert [file async for file in files_of(batches(0))] == []
