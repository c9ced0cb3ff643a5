"""Somebody opens an invitation: they come in, or hear why not."""

from collections.abc import Callable

from tipbot.bot.conversations.visit import Visit
from tipbot.bot.operating.roles import as_role
from tipbot.bot.operating.telling import tell
from tipbot.bot.rendering import Screen, escaped
from tipbot.domain.operators import Operator, Role
from tipbot.texts import Texts
from tipbot.usecases.errors import NotInvited, OperatorAlready, Void

_WORDS: dict[Void, Callable[[Texts], str]] = {
    Void.UNKNOWN: lambda texts: texts.invitation_unknown,
    Void.USED: lambda texts: texts.invitation_used,
    Void.EXPIRED: lambda texts: texts.invitation_expired,
    Void.WITHDRAWN: lambda texts: texts.invitation_withdrawn,
}


async def come_in(visit: Visit) -> None:
    """Answer /start with the code of an invitation."""
    texts = visit.texts
    try:
        accepted = await visit.desk.inviting.accept(
            visit.words, user=visit.chat_id, language=visit.language, now=visit.now
        )
    except NotInvited as refusal:
        await visit.send(Screen(_WORDS[refusal.reason](texts)))
        return
    except OperatorAlready as answer:
        await visit.send(Screen(texts.invitation_needless.format(role=as_role(answer.role, texts))))
        return
    newcomer = accepted.operator
    await visit.desk.menus.show(visit.bot, newcomer.user, newcomer.role)
    is_viewer = newcomer.role is Role.VIEWER
    await visit.send(Screen(texts.joined_as_viewer if is_viewer else texts.joined_as_operator))
    host = None if newcomer.invited_by is None else await visit.desk.staffing.find(newcomer.invited_by)
    if accepted.is_new and host is not None:
        await _tell_host(visit, newcomer, host)


async def _tell_host(visit: Visit, newcomer: Operator, host: Operator) -> None:
    name = escaped(visit.user.full_name if visit.user else str(newcomer.user))

    def words(texts: Texts) -> str:
        return texts.somebody_joined.format(name=name, role=as_role(newcomer.role, texts))

    await tell(visit.bot, visit.desk, host, words)
