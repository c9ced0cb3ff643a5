"""Who works here: invited once and for two days, appointed by the settings, and removed for good."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from tests.usecases.people import MONDAY_NOON
from tipbot.domain.content import ENGLISH
from tipbot.domain.operators import Role
from tipbot.storage.database import Database
from tipbot.usecases.deeds import Deeds
from tipbot.usecases.errors import (
    NotAllowed,
    NotAnOperator,
    NotInvited,
    OperatorAlready,
    OwnerOfSettings,
    Void,
)
from tipbot.usecases.housekeeping import Housekeeping
from tipbot.usecases.inviting import Accepted, Inviting, digest_of, is_code, new_code
from tipbot.usecases.staffing import SHELL, Staffing

OLIVE, OTTO, VERA, SAM = 7000, 7001, 7002, 7003
NOW, LATER = MONDAY_NOON, MONDAY_NOON + timedelta(minutes=5)
DAY = timedelta(days=1)


@pytest.fixture
async def staffing(database: Database) -> Staffing:
    staffing = Staffing(database)
    await staffing.appoint({OLIVE}, now=NOW)
    return staffing


async def invited(database: Database, role: Role = Role.OPERATOR) -> str:
    code = new_code()
    await Inviting(database).invite(code, role, operator=OLIVE, now=NOW)
    return code


async def come(database: Database, code: str, user: int, *, late: timedelta = timedelta(minutes=5)) -> Accepted:
    return await Inviting(database).accept(code, user=user, language=ENGLISH, now=NOW + late)


async def roles(staffing: Staffing) -> dict[int, Role]:
    return {one.user: one.role for one in await staffing.everybody()}


async def deeds(database: Database) -> list[tuple[int, str, str]]:
    """Everything that was done, oldest first."""
    page = await Deeds(database).page(0, size=99, operator=SHELL)
    return [(deed.operator, deed.action, deed.subject) for deed in reversed(page.deeds)]


async def refusal(attempt: Awaitable[Accepted]) -> Void:
    with pytest.raises(NotInvited) as refused:
        await attempt
    return refused.value.reason


async def test_of_two_who_open_one_link_at_once_one_comes_in(database: Database, staffing: Staffing) -> None:
    code = await invited(database)
    came = await asyncio.gather(*(come(database, code, user) for user in (OTTO, VERA)), return_exceptions=True)
    accepted = [one.operator.user for one in came if isinstance(one, Accepted)]
    refused = [one.reason for one in came if isinstance(one, NotInvited)]
    assert (len(accepted), refused) == (1, [Void.USED])
    assert await roles(staffing) == {OLIVE: Role.OWNER, accepted[0]: Role.OPERATOR}


async def test_of_two_links_that_one_person_opens_at_once_one_is_used(
    database: Database, staffing: Staffing
) -> None:
    codes = [await invited(database), await invited(database, Role.VIEWER)]
    came = await asyncio.gather(*(come(database, code, OTTO) for code in codes), return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) == ["Accepted", "OperatorAlready"]
    assert len((await staffing.roster(operator=OLIVE, now=LATER)).invitations) == 1


async def test_an_invitation_lets_in_once_and_says_why_not(database: Database, staffing: Staffing) -> None:
    code, inviting = await invited(database, Role.VIEWER), Inviting(database)
    assert is_code(code)
    assert await refusal(come(database, new_code(), OTTO)) is Void.UNKNOWN
    assert await refusal(come(database, code, OTTO, late=2 * DAY)) is Void.EXPIRED
    with pytest.raises(OperatorAlready):
        await come(database, code, OLIVE)
    first = await come(database, code, OTTO)
    assert (first.operator.role, first.operator.invited_by, first.is_new) == (Role.VIEWER, OLIVE, True)
    assert not (await come(database, code, OTTO)).is_new, "the same update may come twice"
    assert await refusal(come(database, code, VERA)) is Void.USED
    assert await inviting.invite(code, Role.OPERATOR, operator=OLIVE, now=LATER) is None
    other = await invited(database)
    beginning = digest_of(other)[:16]
    assert [
        await inviting.withdraw(one, operator=OLIVE, now=LATER) for one in (digest_of(code)[:16], beginning)
    ] == [False, True]
    assert not await inviting.withdraw(beginning, operator=OLIVE, now=LATER)
    assert await refusal(come(database, other, VERA)) is Void.WITHDRAWN
    assert await roles(staffing) == {OLIVE: Role.OWNER, OTTO: Role.VIEWER}
    assert await deeds(database) == [
        (SHELL, "owner-appointed", "7000"),
        (OLIVE, "invited-viewer", ""),
        (OTTO, "joined-viewer", "7000"),
        (OLIVE, "invited-operator", ""),
        (OLIVE, "withdrew-operator", ""),
    ]


async def test_only_a_digest_is_kept_and_not_for_long(database: Database, staffing: Staffing) -> None:
    code = await invited(database)
    (waiting,) = (await staffing.roster(operator=OLIVE, now=LATER)).invitations
    assert code not in repr(waiting)
    await Housekeeping(database).tidy(now=NOW + 31 * DAY)
    assert await refusal(come(database, code, OTTO, late=31 * DAY)) is Void.EXPIRED
    await Housekeeping(database).tidy(now=NOW + 33 * DAY)
    assert await refusal(come(database, code, OTTO, late=33 * DAY)) is Void.UNKNOWN


async def test_roles_are_changed_and_people_removed_by_owners_only(database: Database, staffing: Staffing) -> None:
    for user, role in ((OTTO, Role.OPERATOR), (VERA, Role.VIEWER)):
        await come(database, await invited(database, role), user)
    inviting = Inviting(database)
    for user in (OTTO, VERA):
        with pytest.raises(NotAllowed):
            await staffing.remove(VERA, operator=user, now=LATER)
        with pytest.raises(NotAllowed):
            await staffing.change_role(VERA, Role.OPERATOR, operator=user, now=LATER)
        with pytest.raises(NotAllowed):
            await inviting.invite(new_code(), Role.VIEWER, operator=user, now=LATER)
        assert (await staffing.roster(operator=user, now=LATER)).invitations == ()
    with pytest.raises(NotAllowed):
        await Deeds(database).as_csv(operator=VERA)
    for stranger in (staffing.roster(operator=SAM, now=LATER), Deeds(database).page(0, size=1, operator=SAM)):
        with pytest.raises(NotAnOperator):
            await stranger
    before = len(await deeds(database))
    for _ in range(2):
        await staffing.change_role(VERA, Role.OPERATOR, operator=OLIVE, now=LATER)
    assert [await staffing.remove(OTTO, operator=OLIVE, now=LATER) for _ in range(2)] == [True, False]
    assert await roles(staffing) == {OLIVE: Role.OWNER, VERA: Role.OPERATOR}
    assert (await deeds(database))[before:] == [
        (OLIVE, "role-operator", str(VERA)),
        (OLIVE, "operator-removed", str(OTTO)),
    ]
    for attempt in (
        staffing.remove(OLIVE, operator=OLIVE, now=LATER),
        staffing.change_role(OLIVE, Role.VIEWER, operator=SHELL, now=LATER),
    ):
        with pytest.raises(OwnerOfSettings):
            await attempt


async def test_the_settings_say_who_the_owners_are(database: Database, staffing: Staffing) -> None:
    code = await invited(database)
    await come(database, await invited(database), OTTO)
    before = len(await deeds(database))
    # Two processes start at once with the new settings.
    former = await asyncio.gather(*(staffing.appoint({OTTO, SAM}, now=LATER) for _ in range(2)))
    assert sorted(former) == [[], [OLIVE]]
    assert await roles(staffing) == {OTTO: Role.OWNER, SAM: Role.OWNER}
    assert await refusal(come(database, code, OLIVE)) is Void.WITHDRAWN, "nobody comes back by their own invitation"
    assert sorted((await deeds(database))[before:]) == [
        (SHELL, "owner-appointed", str(OTTO)),
        (SHELL, "owner-appointed", str(SAM)),
        (SHELL, "owner-dismissed", str(OLIVE)),
    ]
