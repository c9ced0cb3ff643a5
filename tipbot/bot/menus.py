"""The command menu of each operator: what everybody may say, and what their role lets them say besides."""

from collections.abc import Mapping, Sequence

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from tipbot.bot.profile import Menu, private_menu, publish_menu, texts_by_code
from tipbot.domain.content import Language
from tipbot.domain.operators import Right, Role
from tipbot.logs import get_logger
from tipbot.texts import Texts

log = get_logger(__name__)


class OperatorMenus:
    """Shows operators their commands. A failure is only logged: every command works without a menu."""

    def __init__(
        self, texts: Mapping[Language, Texts], commands: Sequence[tuple[str, Right]], *, has_checks: bool = True
    ) -> None:
        self._texts = texts
        self._commands = commands
        self._has_checks = has_checks

    async def show(self, bot: Bot, user: int, role: Role | None) -> None:
        """Let somebody see the commands of a role, or without one those that everybody sees.

        Telegram takes a menu only for a chat that it knows: of somebody who never started the bot it does not.
        """
        scope = BotCommandScopeChat(user)
        try:
            for code, words in texts_by_code(self._texts).items():
                if role is None:
                    await bot.delete_my_commands(scope, code)
                else:
                    await publish_menu(bot, scope, code, self.menu(words, role))
        except TelegramError as error:
            log.info("operator_menu_not_shown", reason=error.message)

    def menu(self, texts: Texts, role: Role) -> Menu:
        """Return the commands of a role, those of operators first: whoever works here came to work."""
        own = tuple(
            BotCommand(name, words)
            for name, right in self._commands
            if role.may(right) and (words := getattr(texts, f"command_{name}", None)) is not None
        )
        everybody = private_menu(texts, with_languages=len(self._texts) > 1, has_checks=self._has_checks)
        return (*own, *everybody)
