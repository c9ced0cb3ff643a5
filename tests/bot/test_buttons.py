"""Callback data: what is written can be read again, fits, and nothing else is accepted."""

from datetime import date, time
from typing import get_type_hints
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tipbot.bot.buttons import EVERY_PRESS, MOST_BYTES, agree, decode, encode
from tipbot.bot.check_presses import Answers, EndingNumber, ItemNumbers, Mark, ShowCall, ShowMore, Walk
from tipbot.bot.item_presses import ITEM_PRESSES, GiveVote, Page, TakeVoteBack
from tipbot.bot.leafing import ShowArticle, ShowIdeas
from tipbot.bot.presses import (
    Agree,
    ChooseClock,
    ChooseDays,
    ChooseLanguage,
    ChooseTime,
    ChooseZone,
    DayOfWeek,
    Days,
    LooksRight,
    Minutes,
    Pause,
    Press,
    SetDay,
    ShowItem,
    SourceCode,
    StartGroup,
    SwitchArticles,
    Zone,
)
from tipbot.bot.presses_of_rights import AgreeAgain, ConsentVersion, ShowPolicyPage
from tipbot.bot.presses_of_staff import (
    ChangeRole,
    DigestBeginning,
    InvitationCode,
    Invite,
    UserNumber,
    WithdrawInvitation,
)
from tipbot.catalogue.checks import MOST_ITEMS
from tipbot.catalogue.references import ID_LENGTH
from tipbot.catalogue.trees import LONGEST_RUN
from tipbot.domain.check import CheckCode
from tipbot.domain.content import ItemId, Language, PageId, Position, Theme, TherapistId, Topic
from tipbot.domain.feedback import Opinion
from tipbot.domain.operators import Role
from tipbot.domain.subscribers import Kind
from tipbot.domain.weekdays import EVERY_DAY, Weekdays


@pytest.mark.parametrize(
    ("press", "data"),
    [
        (LooksRight(), "1:right"),
        (ShowArticle(ItemId("a-1"), Page(2)), "1:read:a-1:2"),
        (ShowIdeas(TherapistId("zoe"), Page(99)), "1:ideas:zoe:99"),
        (Agree(SourceCode("")), "1:go:"),
        (Agree(SourceCode("clinic-door")), "1:go:clinic-door"),
        (StartGroup(Kind.STRETCH), "1:group:stretch"),
        (SwitchArticles(is_on=False), "1:articles:0"),
        (ChooseTime(Kind.TIP, time(7, 30)), "1:time:tip:0730"),
        (ChooseDays(Kind.TIP, EVERY_DAY), "1:pick:tip:127"),
        (SetDay(Kind.STRETCH, DayOfWeek(6), is_on=True), "1:day:stretch:6:1"),
        (ChooseZone(Zone("America/Argentina/Buenos_Aires")), "1:zone:America/Argentina/Buenos_Aires"),
        (ChooseClock(Minutes(-210)), "1:clock:-210"),
        (Pause(Days(366)), "1:pause:366"),
        (GiveVote(ItemId("tip-1"), Opinion.HELPFUL), "1:v:tip-1:helpful"),
        (TakeVoteBack(ItemId("tip-1"), Opinion.HELPFUL, date(2026, 1, 5)), "1:u:tip-1:helpful:20260105"),
        (ChooseLanguage(Language("pt-br")), "1:speak:pt-br"),
        (ShowPolicyPage(PageId("your-rights")), "1:page:your-rights"),
        (AgreeAgain(ConsentVersion("2026-11.b")), "1:again:2026-11.b"),
        (Walk(CheckCode("t1"), Mark("0123abcd"), Answers("")), "1:w:t1:0123abcd:"),
        (Walk(CheckCode("t1"), Mark("0123abcd"), Answers("0120")), "1:w:t1:0123abcd:0120"),
        (ShowMore(CheckCode("t1"), Mark("0123abcd"), ItemNumbers("09az")), "1:rest:t1:0123abcd:09az"),
        (ShowCall(CheckCode("t1"), Mark("0123abcd"), EndingNumber(7)), "1:say:t1:0123abcd:7"),
        (ChangeRole(UserNumber(7001), Role.VIEWER), "1:oprole:7001:viewer"),
        (
            Invite(Role.OPERATOR, InvitationCode("op-" + "a_-9" * 5 + "AZ")),
            "1:opinv:operator:op-a_-9a_-9a_-9a_-9a_-9AZ",
        ),
        (WithdrawInvitation(DigestBeginning("0123456789abcdef")), "1:opback:0123456789abcdef"),
    ],
)
def test_a_press_survives_the_way_to_telegram_and_back(press: Press, data: str) -> None:
    assert encode(press) == data
    assert decode(data) == press


@pytest.mark.parametrize(
    "data",
    [
        *(
            None,
            "",
            ":",
            "1",
            "1:",
            "right",
            "2:right",
            "1:right:",
            "1:right:more",
            "01:right",
            "1:RIGHT",
            " 1:right",
        ),
        *(
            "1:time:tip:0730:",
            "1:time:tip:730",
            "1:time:tip:2400",
            "1:time:tip:07:30",
            "1:time:tip:٠٧٣٠",
            "1:time::0730",
        ),
        *("1:pick:tip:0", "1:pick:tip:128", "1:pick:tip:-1", "1:pick:tip: 5", "1:pick:tip:1_0", "1:pick:tip:+5"),
        *("1:day:tip:7:1", "1:day:tip:6:2", "1:day:tip:6:true", "1:articles:on"),
        *(
            "1:zone:",
            "1:zone:Europe/Atlantis",
            "1:zone:europe/london",
            "1:zone:../Europe/London",
            "1:zone:localtime",
        ),
        *("1:clock:841", "1:clock:-841", "1:clock:99999999999999999999", "1:pause:367", "1:pause:-1"),
        *(
            "1:v:tip:great",
            "1:v:TIP:helpful",
            "1:u:tip:helpful:2026-1-5",
            "1:u:tip:helpful:20260230",
            "1:in:100:tip",
            "1:in:-1:tip",
            "1:next:elephants:tip",
            "1:on:tip:",
        ),
        *(
            "1:op:",
            "1:op:0",
            "1:op:-7",
            "1:op:07",
            "1:op:" + "9" * 17,
            "1:oprole:7:boss",
            "1:opback:0123456789ABCDEF",
        ),
        *("1:opinv:operator:op-short", "1:opinv:operator:" + "a" * 25),
        *("1:speak:", "1:speak:EN", "1:speak:eng", "1:speak:en-", "1:speak:../en"),
        *("1:page:", "1:page:A", "1:page:a b", "1:again:", "1:again:2026_11", "1:again:12345678901234567"),
        *("1:go", "1:go:a b", "1:go:<b>", "1:go:" + "x" * 65, "1:go:x:y", "1:go:\n"),
    ],
)
def test_anything_else_is_refused(data: str | None) -> None:
    assert decode(data) is None


@given(some.text(max_size=64))
def test_garbage_never_raises(data: str) -> None:
    assert decode(data) is None or encode(decode(data) or LooksRight()) == data


def test_every_zone_fits_and_comes_back() -> None:
    for name in available_timezones() - {"localtime", "Factory"}:
        assert decode(encode(ChooseZone(Zone(name)))) == ChooseZone(Zone(name))


def test_the_longest_code_of_a_link_keeps_its_beginning() -> None:
    code = "abcdefgh" * 8
    data = encode(agree(code))
    assert len(data) == MOST_BYTES
    assert decode(data) == Agree(SourceCode(code[:59]))


@pytest.mark.parametrize("payload", ["", "a b", "<b>", "ümlaut", "x" * 65, "code\n"])
def test_what_is_no_code_is_left_out(payload: str) -> None:
    assert agree(payload) == Agree(SourceCode(""))


def test_the_longest_run_and_the_most_items_that_content_may_have_fit() -> None:
    code, mark = CheckCode("t999"), Mark("0123abcd")
    assert decode(encode(Walk(code, mark, Answers("7" * LONGEST_RUN)))) is not None
    assert decode(encode(ShowMore(code, mark, ItemNumbers("z" * MOST_ITEMS)))) is not None


def test_data_that_does_not_fit_is_refused_here_and_not_by_telegram() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        encode(Agree(SourceCode("x" * 60)))


def test_codes_differ_and_presses_are_all_listed() -> None:
    assert len({press.code for press in EVERY_PRESS}) == len(EVERY_PRESS)
    assert {press.__name__ for press in EVERY_PRESS} == {press.__name__ for press in Press.__subclasses__()}


LONGEST_ID = ItemId("x" * ID_LENGTH)
LONGEST = {ItemId: LONGEST_ID, Page: Page(99), Theme: Topic.MINDFULNESS, Opinion: Opinion.UNHELPFUL}
LONGEST |= {Kind: Kind.STRETCH, bool: True, date: date(2026, 12, 31)}


@pytest.mark.parametrize("kind", [*ITEM_PRESSES, ShowItem], ids=lambda kind: kind.__name__)
def test_every_button_has_room_for_the_longest_id_the_content_may_have(kind: type[Press]) -> None:
    press = kind(*(LONGEST[hint] for name, hint in get_type_hints(kind).items() if name != "code"))
    assert decode(encode(press)) == press


def test_no_topic_has_the_name_of_a_position() -> None:
    assert not {topic.value for topic in Topic} & {position.value for position in Position}


def test_weekdays_have_exactly_their_127_values() -> None:
    assert all(decode(f"1:pick:tip:{mask}") == ChooseDays(Kind.TIP, Weekdays(mask)) for mask in range(1, 128))
