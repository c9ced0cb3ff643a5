"""The page's server without a browser: who may ask, what is told, what is kept when a connection is lost."""

import asyncio
import base64
import json
from typing import Any

import pytest

from tests.page.conftest import Stage
from tipbot.sandbox.faults import Kind
from tipbot.sandbox.parameters import Upload
from tipbot.sandbox.pictures import SMALL_PICTURE

pytestmark = pytest.mark.asyncio(loop_scope="session")

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}, {"text": "Book", "url": "https://c.example"}]]}


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Host": "evil.example"}),
        ("GET", {"Host": "127.0.0.1:1"}),
        ("GET", {"Origin": "https://evil.example"}),
        ("GET", {"Origin": "null"}),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
        ("GET", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}),
        ("POST", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
        ("POST", {"Content-Type": "text/plain"}),
        ("POST", {"Content-Type": "application/x-www-form-urlencoded"}),
    ],
)
async def test_strangers_are_refused(stage: Stage, method: str, headers: dict[str, str]) -> None:
    path = "/api/state" if method == "GET" else "/api/acts/block"
    body = json.dumps({"person": stage.ann.chat_id}) if method == "POST" else None
    given = {"Content-Type": "application/json"} | headers
    async with stage.http.request(method, stage.address + path, headers=given, data=body) as answer:
        assert answer.status == 403
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert stage.ann.chat.bot_standing == "member"


async def test_the_page_itself_is_served_strictly(stage: Stage) -> None:
    own = {"Origin": stage.address, "Sec-Fetch-Site": "same-origin"}
    for path in ("/", "/static/main.js", "/api/state", "/static/../application.py", "/nothing"):
        async with stage.http.get(stage.address + path, headers=own) as answer:
            assert answer.status == (404 if path in ("/nothing", "/static/../application.py") else 200)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
    async with stage.http.get(f"http://localhost:{stage.port}/") as answer:
        assert answer.status == 200
        page = await answer.text()
    assert "style=" not in page
    assert '<script type="module" src=' in page


async def test_a_file_that_could_run_is_only_downloaded(stage: Stage) -> None:
    page = Upload('a"b.html', "text/html", b"<script>alert(1)</script>")
    sent = await stage.bot("sendDocument", chat_id=stage.ann.chat_id, files={"document": page})
    async with stage.http.get(f"{stage.address}/files/{sent['document']['file_id']}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22b.html"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    async with stage.http.get(f"{stage.address}/files/document-9-0") as answer:
        assert answer.status == 404


async def follow(stage: Stage, after: int, run: str, last: str | None = None) -> list[tuple[int, dict[str, Any]]]:
    """Return what the stream tells until it has told of a message with the word last, or says that it is lost."""
    headers = {} if last is None else {"Last-Event-ID": last}
    told: list[tuple[int, dict[str, Any]]] = []
    number = 0
    query = f"{stage.address}/api/changes?after={after}&run={run}"
    async with asyncio.timeout(5), stage.http.get(query, headers=headers) as answer:
        assert answer.content_type == "text/event-stream"
        async for line in answer.content:
            if line == b"event: lost\n":
                return [(-1, {})]
            number = int(line[4:]) if line.startswith(b"id: ") else number
            if line.startswith(b"data: "):
                told.append((number, json.loads(line[6:])))
                if any(event.get("text") == "last" for event in told[-1][1]["events"]):
                    return told
    raise AssertionError(told)


async def test_a_lost_connection_loses_nothing(stage: Stage) -> None:
    async with stage.http.get(f"{stage.address}/api/state") as answer:
        state = await answer.json()
    at, run = state["sequence"], state["run"]
    await stage.says("one")
    stranger = stage.sandbox.person("Somebody else", started=True)
    await stage.says("not for the page", stranger)
    await stage.says("last")
    told = await follow(stage, at, run)
    words = [event.get("text") for _, news in told for event in news["events"]]
    assert words == ["one", "last"]
    assert told[-1][1]["chats"][0]["unread"] == 2

    await stage.says("last")
    again = await follow(stage, at, run, last=str(told[-1][0]))
    assert [event["text"] for _, news in again for event in news["events"]] == ["last"]
    assert await follow(stage, 9999, run) == [(-1, {})]
    assert await follow(stage, at, "another") == [(-1, {})]


async def test_what_people_do_reaches_the_bot(stage: Stage) -> None:
    ann, chat = stage.ann.chat_id, stage.ann.chat_id
    pending = stage.sandbox.telegram.updates
    first = await stage.says("Ready?", reply_markup=YES)
    assert (await stage.acts("press", person=ann, chat=chat, message_id=first, row=0, column=0))[0] == 200
    assert (await stage.acts("send", person=ann, chat=chat, text="/help", reply_to=first))[0] == 200
    assert (await stage.acts("locate", person=ann, chat=chat, city="Tokyo"))[0] == 200
    picture = base64.b64encode(SMALL_PICTURE).decode()
    assert (await stage.acts("photos", person=ann, chat=chat, photos=[picture] * 2, caption="Us"))[0] == 200
    assert (await stage.acts("document", person=ann, chat=chat, name="a.txt", data=picture))[0] == 200
    assert (await stage.acts("forward", person=ann, chat=chat, message_id=first))[0] == 200
    updates = [update.payload for update in pending.waiting()]
    assert updates[0]["data"] == "yes"
    assert updates[1]["reply_to_message"]["message_id"] == first
    assert updates[2]["location"] == {"latitude": 35.6762, "longitude": 139.6503}
    assert stage.cast.player(ann).city.zone == "Asia/Tokyo"
    one, two = updates[3:5]
    assert one["media_group_id"] == two["media_group_id"]
    assert (one["caption"], two.get("caption")) == ("Us", None)
    assert updates[5]["document"]["file_name"] == "a.txt"
    assert updates[6]["forward_origin"]["sender_user"]["is_bot"]


async def test_a_group_gets_the_bot_and_everybody_writes_for_themselves(stage: Stage) -> None:
    ben, chat = stage.ben.chat_id, stage.group.chat_id
    assert (await stage.acts("invite", chat=chat))[0] == 200
    assert (await stage.acts("send", person=ben, chat=chat, text="/tip"))[0] == 200
    joined, said = [update.payload for update in stage.sandbox.telegram.updates.waiting()]
    assert joined["new_chat_member"]["status"] == "member"
    assert said["from"]["id"] == ben
    assert (await stage.acts("promote", chat=chat))[0] == 200
    assert (await stage.acts("expel", chat=chat))[0] == 200
    assert stage.group.chat.bot_standing == "kicked"


async def test_what_the_bot_offers_after_its_name_is_sent_into_a_group(stage: Stage) -> None:
    ann, chat = stage.ann.chat_id, stage.group.chat_id
    assert (await stage.acts("ask", person=ann, words="sleep"))[0] == 200
    (query,) = [update.payload for update in stage.sandbox.telegram.updates.waiting()]
    offer = {
        "type": "article",
        "id": "1",
        "title": "Side by side",
        "input_message_content": {"message_text": "Hug"},
    }
    await stage.bot("answerInlineQuery", inline_query_id=query["id"], results=[offer])
    assert (await stage.acts("choose", person=ann, chat=chat, title="Side by side"))[0] == 200
    assert stage.ben.sees(stage.group)[-1].text == "Hug"


async def test_voice_is_played_in_the_page(stage: Stage) -> None:
    sent = await stage.bot(
        "sendVoice", chat_id=stage.ann.chat_id, files={"voice": Upload("v.ogg", "audio/ogg", b"OggS")}
    )
    async with stage.http.get(f"{stage.address}/files/{sent['voice']['file_id']}") as answer:
        assert (answer.content_type, await answer.read()) == ("audio/ogg", b"OggS")


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("send", {"person": 5, "chat": 5, "text": "hi"}, "nobody on the page"),
        ("send", {"person": 1001, "chat": 1002, "text": "hi"}, "no such chat"),
        ("send", {"person": 1001, "chat": 1001, "text": " "}, "1 to 4096"),
        ("send", {"person": 1001, "chat": 1001, "text": 5}, "not a str"),
        ("send", {"person": 1001, "chat": 1001, "text": "hi", "reply_to": 77}, "gone"),
        ("press", {"person": 1001, "chat": 1001, "message_id": 7, "row": 0, "column": 0}, "not there any more"),
        ("press", {"person": 1001, "chat": 1001, "message_id": 7, "row": -1, "column": 0}, "not there any more"),
        ("photos", {"person": 1001, "chat": 1001, "photos": ["%%"]}, "damaged"),
        ("photos", {"person": 1001, "chat": 1001, "photos": ["aGk="]}, "IMAGE_PROCESS_FAILED"),
        ("photos", {"person": 1001, "chat": 1001, "photos": []}, "one to ten"),
        ("locate", {"person": 1001, "chat": 1001, "city": "Atlantis"}, "not on the list"),
        ("invite", {"chat": 1001}, "no such group"),
        ("fault", {"kind": "DROP_BEFORE", "every": 1}, "no such switch"),
    ],
)
async def test_what_cannot_be_done_is_said(stage: Stage, name: str, given: dict[str, Any], reason: str) -> None:
    status, answer = await stage.acts(name, **given)
    assert (status, reason in answer["error"]) == (409, True), answer
    assert not stage.sandbox.telegram.updates.waiting()


async def test_what_is_no_act_at_all(stage: Stage) -> None:
    for path, body in (("fly", "{}"), ("send", "["), ("send", "[1]"), ("send", "7")):
        async with stage.http.post(
            f"{stage.address}/api/acts/{path}", data=body, headers={"Content-Type": "application/json"}
        ) as answer:
            assert answer.status == (404 if path == "fly" else 400)


async def test_calls_and_faults_for_the_inspector(stage: Stage) -> None:
    for number in range(3):
        await stage.says(f"{number}")
    async with stage.http.get(f"{stage.address}/api/calls?after=1") as answer:
        calls = await answer.json()
    assert [(call["number"], call["parameters"]["text"], call["ok"]) for call in calls] == [
        (2, "1", True),
        (3, "2", True),
    ]
    await stage.acts("fault", kind="TOO_MANY_REQUESTS", every=10)
    await stage.acts("fault", kind="TOO_MANY_REQUESTS", every=1)
    await stage.acts("fault", kind="BLOCKED", every=0)
    faults = stage.sandbox.faults
    assert [(fault.kind, fault.every, fault.times) for fault in faults.in_force] == [
        (Kind.TOO_MANY_REQUESTS, 1, None),
        (Kind.BLOCKED, 1, 1),
    ]
    await stage.acts("mend", kind="TOO_MANY_REQUESTS")
    assert faults.strike("getchat", None) is None
    assert faults.strike("sendmessage", None) is not None
    assert faults.in_force == []
