"""The oracle itself: each broken ledger and each broken chat is noticed, and a sound one is not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.faults.oracle import LOST, Expected, Ledger, Message, Row, Telegram, judge, most_lost
from tipbot.domain.delivery import DeliveryStatus, Matter

ROWS = (
    Row(1, "tip:10:day", 10, Matter.TIP, DeliveryStatus.SENT, "Walk", message_id=101),
    Row(2, "tip:11:day", 11, Matter.TIP, DeliveryStatus.BLOCKED, "Walk", reason="Forbidden"),
    Row(3, "tip:12:day", 12, Matter.TIP, DeliveryStatus.UNKNOWN, "Walk", reason=LOST),
    Row(4, "broadcast:1:10", 10, Matter.BROADCAST, DeliveryStatus.SENT, "News", message_id=102, also=(103,)),
    Row(5, "tip:13:day", 13, Matter.TIP, DeliveryStatus.SENT, "Sit", message_id=104),
    Row(6, "correction:13", 13, Matter.CORRECTION, DeliveryStatus.SENT, "Stand", message_id=104, target=104),
    Row(7, "tip:14:day", 14, Matter.TIP, DeliveryStatus.SENT, "Sit", message_id=106),
    Row(8, "withdrawal:14", 14, Matter.WITHDRAWAL, DeliveryStatus.SENT, message_id=106, target=106),
)
MESSAGES = (
    Message(10, 101, "Walk a bit"),
    Message(10, 102, "News of ours"),
    Message(10, 103, "Their second picture"),
    Message(12, 105, "Walk a bit"),
    Message(13, 104, "Stand up"),
    Message(14, 106, "Sit down", is_deleted=True),
)
SOUND = Ledger(ROWS, owed=("broadcast:1:10",)), Telegram(MESSAGES, {11}), Expected([row.key for row in ROWS])


def broken(
    change: dict[int, dict[str, Any]] | None = None, *, more: tuple[Row, ...] = (), without: int = 0
) -> list[str]:
    """Judge the sound case with some of its rows changed, added or taken away."""
    ledger, telegram, expected = SOUND
    rows = [replace(row, **(change or {}).get(row.id, {})) for row in ledger.rows if row.id != without]
    return judge(replace(ledger, rows=[*rows, *more]), telegram, expected)


def in_the_chats(*more: Message, without: int = 0) -> list[str]:
    """Judge the sound case with other messages in the chats."""
    ledger, telegram, expected = SOUND
    kept = [message for message in telegram.messages if message.message_id != without]
    return judge(ledger, replace(telegram, messages=[*kept, *more]), expected)


def test_a_sound_ledger_is_left_in_peace() -> None:
    assert judge(*SOUND) == []


def test_an_unknown_message_may_be_there_or_not() -> None:
    assert in_the_chats(without=105) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({1: {"status": DeliveryStatus.QUEUED}}, "row 1 (tip:10:day, queued) never came to an end"),
        ({1: {"status": DeliveryStatus.SENDING}}, "never came to an end"),
        ({1: {"message_id": None}}, "does not say which message it is"),
        ({1: {"message_id": 100}}, "says that chat 10 has message 100, and it has not"),
        ({1: {"chat_id": 15}}, "says that chat 15 has message 101, and it has not"),
        ({1: {"words": "Run"}}, "message 101 of chat 10 is another: 'Walk a bit'"),
        ({1: {"message_id": 102, "words": "News"}}, "names message 102 of chat 10, which is another row's"),
        ({4: {"also": (109,)}}, "says that chat 10 has message 109, and it has not"),
        ({2: {"reason": None}}, "row 2 (tip:11:day, blocked) gives no reason"),
        ({3: {"reason": ""}}, "row 3 (tip:12:day, unknown) gives no reason"),
        ({2: {"chat_id": 16}}, "Telegram never refused a message to chat 16"),
        ({3: {"status": DeliveryStatus.EXPIRED}}, "did not arrive, says the ledger, but chat 12 has message 105"),
        ({3: {"words": "Run"}}, "chat 12 has message 105, and no row tells of it: 'Walk a bit'"),
        ({6: {"words": "Run"}}, "message 104 of chat 13 is another: 'Stand up'"),
        ({6: {"status": DeliveryStatus.FAILED, "reason": "?"}}, "message 104 of chat 13 is another: 'Stand up'"),
        ({8: {"status": DeliveryStatus.FAILED, "reason": "?"}}, "message 106 of chat 14 is another"),
    ],
)
def test_what_a_row_gets_wrong_is_noticed(change: dict[int, dict[str, Any]], complaint: str) -> None:
    assert any(complaint in one for one in broken(change)), broken(change)


def test_a_change_whose_fate_is_unknown_leaves_either() -> None:
    for words in ("Stand", "Sit"):
        doubtful = {5: {"words": words}, 6: {"status": DeliveryStatus.UNKNOWN, "reason": LOST, "words": "Stand"}}
        assert broken(doubtful) == []


def test_what_is_missing_or_too_much_in_the_ledger_is_noticed() -> None:
    assert "tip:12:day was due and is not in the ledger" in broken(without=3)
    assert any("promised by a broadcast that is done" in one for one in broken(without=4))
    assert "tip:10:day is in the ledger 2 times" in broken(more=(replace(ROWS[1], id=9, key="tip:10:day"),))
    tomorrow = replace(ROWS[1], id=9, key="tip:11:tomorrow")
    assert broken(more=(tomorrow,)) == ["tip:11:tomorrow is in the ledger and was not due"]
    ledger, telegram, expected = SOUND
    more = replace(ledger, rows=[*ledger.rows, tomorrow])
    assert judge(more, telegram, replace(expected, nothing_else=False)) == []


def test_what_is_missing_or_too_much_in_the_chats_is_noticed() -> None:
    assert in_the_chats(without=101) == [
        "row 1 (tip:10:day, sent) says that chat 10 has message 101, and it has not"
    ]
    (twice,) = in_the_chats(Message(10, 108, "Walk a bit"))
    assert "has the message of row 1 (tip:10:day, sent) once more: message 108" in twice
    (doubtful,) = in_the_chats(Message(12, 108, "Walk a bit"))
    assert "has the message of row 3 (tip:12:day, unknown) once more: message 108" in doubtful
    (strange,) = in_the_chats(Message(11, 108, "Hello"))
    assert strange == "chat 11 has message 108, and no row tells of it: 'Hello'"
    (deleted,) = in_the_chats(Message(10, 108, "Walk a bit", is_deleted=True))
    assert "no row tells of it" in deleted


def test_answers_to_people_are_not_of_the_ledger() -> None:
    ledger, telegram, expected = SOUND
    talked = replace(telegram, messages=[*telegram.messages, Message(11, 108, "Hello"), Message(11, 109, "Bye")])
    assert judge(ledger, talked, replace(expected, replies={11: 2})) == []
    assert len(judge(ledger, talked, replace(expected, replies={11: 1}))) == 1


def test_what_waits_may_be_allowed() -> None:
    ledger, telegram, expected = SOUND
    rows = [replace(ROWS[0], status=DeliveryStatus.QUEUED, message_id=None), *ROWS[1:]]
    without = replace(telegram, messages=MESSAGES[1:])
    stopped = replace(expected, may_wait=frozenset({DeliveryStatus.QUEUED}))
    assert judge(replace(ledger, rows=rows), without, stopped) == []
    assert len(judge(replace(ledger, rows=rows), without, expected)) == 1


def test_only_what_was_in_the_air_may_be_lost_with_a_process() -> None:
    ledger, telegram, expected = SOUND
    assert judge(ledger, telegram, replace(expected, most_lost=1)) == []
    (complaint,) = judge(ledger, telegram, replace(expected, most_lost=0))
    assert complaint == "1 deliveries became unknown with the process that was sending them; at most 0 may"
    answered = [replace(row, reason="no answer in time") if row.id == 3 else row for row in ROWS]
    assert judge(replace(ledger, rows=answered), telegram, replace(expected, most_lost=0)) == []


@pytest.mark.parametrize(
    ("rate", "round_trip_ms", "kills", "most"), [(29, 60, 1, 3), (1_000, 60, 1, 80), (29, 60, 4, 12)]
)
def test_how_much_is_in_the_air(rate: float, round_trip_ms: int, kills: int, most: int) -> None:
    assert most_lost(rate, timedelta(milliseconds=round_trip_ms), kills) == most
