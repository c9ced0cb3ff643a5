"""Replies are counted, slow everybody down when Telegram says so, and are repeated where none can double."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from tests.bot import samples
from tests.bot.conftest import Clock
from tests.content import shipped_texts
from tipbot.bot import pacing
from tipbot.bot.messenger import TelegramMessenger
from tipbot.bot.pacing import Bulk, ReplyPacing
from tipbot.bot.transport import AiohttpRequest
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.delivery import Claim, Limited, Matter, NotSent, Receipt, Sent, Uncertain
from tipbot.domain.subscribers import ChatId
from tipbot.sandbox.faults import Kind as Fault
from tipbot.sandbox.people import Person
from tipbot.sandbox.sandbox import Sandbox
from tipbot.usecases.booking import BookingLinks
from tipbot.usecases.courier import Replies
from tipbot.usecases.library import Library


@dataclass
class Outside:
    """A bot with its pacing, a person who may be written to, and what the rest of the house was told."""

    sandbox: Sandbox
    ann: Person
    now: datetime
    counted: list[int | None] = field(default_factory=list)
    slowed: list[timedelta] = field(default_factory=list)
    lately: Replies = field(default_factory=Replies)
    bot: ExtBot[Bulk] = field(init=False)

    def note(self, chat_id: int | None) -> bool:
        self.counted.append(chat_id)
        return self.lately.note(None if chat_id is None else ChatId(chat_id), now=self.now)

    async def slow_down(self, wait: timedelta) -> None:
        self.slowed.append(wait)

    async def replies(self) -> None:
        await self.bot.send_message(self.ann.chat_id, "hello")

    async def delivers(self) -> Receipt:
        texts = shipped_texts()
        library = Library(samples.catalogue())
        links = BookingLinks(library, public_url=None)
        messenger = TelegramMessenger(self.bot, library, lambda _: texts[ENGLISH], links=links, is_paid=False)
        chat, later = ChatId(self.ann.chat_id), self.now + timedelta(minutes=1)
        return await messenger.deliver(
            Claim(1, chat, Matter.TIP, ItemId("tip-1"), ENGLISH, later, 1, self.now, later)
        )

    @property
    def asked(self) -> int:
        return len(self.sandbox.calls.of("sendMessage"))

    @property
    def arrived(self) -> int:
        return len(self.sandbox.sent_to(self.ann.chat_id))


@pytest.fixture
async def outside(
    sandbox: tuple[Sandbox, str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Outside]:
    monkeypatch.setattr(pacing, "FIRST_PAUSE_SECONDS", 0.01)
    telegram, address = sandbox
    found = Outside(telegram, telegram.person("Ann", started=True), clock())
    found.bot = ExtBot(
        telegram.token,
        base_url=f"{address}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        rate_limiter=ReplyPacing(sent=found.note, slow_down=found.slow_down),
    )
    async with found.bot:
        found.counted.clear()
        yield found


async def test_a_reply_counts_and_a_delivery_does_not(outside: Outside) -> None:
    assert isinstance(await outside.delivers(), Sent)
    assert outside.counted == []
    await outside.replies()
    assert outside.counted == [outside.ann.chat_id]
    assert outside.slowed == []


async def test_what_is_no_message_takes_no_share_of_the_pace(outside: Outside) -> None:
    await outside.bot.send_chat_action(outside.ann.chat_id, "typing")
    assert outside.counted == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Fault.TOO_MANY_REQUESTS, Limited), (Fault.SERVER_ERROR, NotSent), (Fault.BAD_GATEWAY, Uncertain)],
)
async def test_a_delivery_is_left_to_the_courier_whatever_goes_wrong(
    outside: Outside, fault: Fault, kind: type[Receipt]
) -> None:
    outside.sandbox.faults.add(fault, "sendMessage")
    assert isinstance(await outside.delivers(), kind)
    assert (outside.asked, outside.arrived) == (1, 0), "asked once, and not again"
    assert (outside.counted, outside.slowed) == ([], [])


async def test_a_limit_met_by_a_reply_slows_everybody_and_the_reply_still_arrives(outside: Outside) -> None:
    outside.sandbox.faults.add(Fault.TOO_MANY_REQUESTS, "sendMessage", retry_after=1)
    await outside.replies()
    assert outside.slowed == [timedelta(seconds=1)]
    assert (outside.asked, outside.arrived) == (2, 1)
    assert len(outside.counted) == 1, "one message, however often it was tried"


async def test_a_limit_of_one_chat_does_not_silence_the_others_for_long(outside: Outside) -> None:
    outside.sandbox.faults.add(Fault.TOO_MANY_REQUESTS, "sendMessage", retry_after=3600)
    with pytest.raises(RetryAfter):
        await outside.replies()
    assert outside.slowed == [pacing.LONGEST_WAIT]
    assert outside.asked == 1, "nobody waits an hour for a reply"


async def test_somebody_who_floods_the_bot_slows_nobody_else(outside: Outside) -> None:
    await outside.replies()
    outside.sandbox.faults.add(Fault.TOO_MANY_REQUESTS, "sendMessage", retry_after=1)
    await outside.replies()
    assert (outside.slowed, outside.arrived) == ([], 2)
    outside.now += timedelta(seconds=1)
    outside.sandbox.faults.add(Fault.TOO_MANY_REQUESTS, "sendMessage", retry_after=1)
    await outside.replies()
    assert outside.slowed == [timedelta(seconds=1)], "with the distance kept, it is about everybody"


async def test_an_answered_press_that_meets_a_limit_slows_nobody(outside: Outside) -> None:
    outside.sandbox.faults.add(Fault.TOO_MANY_REQUESTS, "getChatMember", retry_after=3600)
    with pytest.raises(RetryAfter):
        await outside.bot.get_chat_member(outside.ann.chat_id, outside.ann.chat_id)
    assert outside.slowed == []


async def test_a_reply_that_surely_did_not_go_out_is_sent_again(outside: Outside) -> None:
    outside.sandbox.faults.add(Fault.SERVER_ERROR, "sendMessage", times=2)
    await outside.replies()
    assert (outside.asked, outside.arrived, len(outside.counted)) == (3, 1, 1)


@pytest.mark.parametrize(("fault", "arrived"), [(Fault.BAD_GATEWAY, 0), (Fault.BAD_GATEWAY_AFTER, 1)])
async def test_a_reply_that_may_have_gone_out_is_not_sent_again(
    outside: Outside, fault: Fault, arrived: int
) -> None:
    outside.sandbox.faults.add(fault, "sendMessage")
    with pytest.raises(NetworkError):
        await outside.replies()
    assert outside.arrived == arrived


async def test_a_reply_is_given_up_after_three_times(outside: Outside) -> None:
    outside.sandbox.faults.add(Fault.SERVER_ERROR, "sendMessage", times=None)
    with pytest.raises(TelegramError):
        await outside.replies()
    assert outside.asked == 3
