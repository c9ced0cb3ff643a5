"""The buttons of operators for content that changes while the bot runs, each as a value."""

from tipbot.bot.presses import Press

PRESSES_OF_UPKEEP: tuple[type[Press], ...] = ()
