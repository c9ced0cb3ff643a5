"""In a group with topics the answer comes where the question was asked."""

import pytest

from tests.bot.conftest import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("topic", "answered_in"), [({"is_topic_message": True, "message_thread_id": 7}, 7), ({}, None)]
)
async def test_answers_stay_in_their_topic(house: House, topic: dict[str, object], answered_in: int | None) -> None:
    anna = house.sandbox.person("Anna")
    group = house.sandbox.group("Backs", administrators=[anna])
    await house.answer()
    telegram = house.sandbox.telegram
    message = {
        "message_id": 900,
        "date": telegram.seconds,
        "chat": group.chat.as_json(),
        "from": anna.user.as_json(),
        "text": "/urgent",
        "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
    }
    telegram.updates.add("message", group.chat_id, message | topic)
    await house.answer()
    assert house.sandbox.calls.of("sendMessage")[-1].parameters.get("message_thread_id") == answered_in
