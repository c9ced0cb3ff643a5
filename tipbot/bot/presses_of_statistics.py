"""The buttons of operators for the numbers, each as a value."""

from tipbot.bot.presses import Press

PRESSES_OF_STATISTICS: tuple[type[Press], ...] = ()
