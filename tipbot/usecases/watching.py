"""The messages in which operators watch broadcasts go out: which they are, and which of them are behind."""

from dataclasses import replace

from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus
from tipbot.domain.operators import Role
from tipbot.storage.database import Database
from tipbot.storage.watchers import Watcher
from tipbot.usecases.standing import Progress


class Watching:
    """Keeps the list of these messages; any number of processes may work through it at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self) -> list[BroadcastId]:
        """Return the broadcasts that are going out, or whose last change is not shown everywhere yet."""
        sending = BroadcastStatus.SENDING
        async with self._database.reading() as books:
            going = await books.broadcasts.at([sending])
            behind = await books.watchers.behind([status for status in BroadcastStatus if status is not sending])
        return sorted({*going, *behind})

    async def of(self, number: BroadcastId) -> list[tuple[Watcher, Role]]:
        """Return the messages that show a broadcast, with the role of whoever looks; who left sees nothing new."""
        async with self._database.reading() as books:
            roles = {operator.user: operator.role for operator in await books.staff.everybody()}
            return [(one, roles[one.chat]) for one in await books.watchers.of(number) if one.chat in roles]

    async def begin(self, progress: Progress, *, chat: int, message: int) -> None:
        """Note that a message shows a broadcast like this; it takes the place of an older one in the same chat."""
        broadcast = progress.broadcast
        shown_at = None if progress.is_moving else broadcast.changed_at
        async with self._database.writing() as books:
            await books.watchers.note(Watcher(broadcast.id, chat, message, shown_at))

    async def shown(self, watcher: Watcher, progress: Progress) -> None:
        """Note that a message shows a broadcast like this: for good, if nothing more moves by itself."""
        if not progress.is_moving:
            async with self._database.writing() as books:
                await books.watchers.shown(watcher, progress.broadcast.changed_at)

    async def lost(self, watcher: Watcher) -> bool:
        """Note that a message was deleted; say whether it may be sent anew, which it may once."""
        async with self._database.writing() as books:
            await books.watchers.forget(watcher)
        return not watcher.is_renewed

    async def renewed(self, watcher: Watcher, message: int, progress: Progress) -> None:
        """Note in which new message the broadcast is shown after the first was deleted."""
        shown_at = None if progress.is_moving else progress.broadcast.changed_at
        anew = replace(watcher, message=message, shown_at=shown_at, is_renewed=True)
        async with self._database.writing() as books:
            await books.watchers.note(anew)

    async def leave(self, *, chat: int, message: int) -> None:
        """Note that a message shows something else from now on."""
        async with self._database.writing() as books:
            await books.watchers.leave(chat, message)
