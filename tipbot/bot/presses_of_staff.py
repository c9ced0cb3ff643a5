"""The buttons of operators for who the operators are, each as a value."""

from tipbot.bot.presses import Press

PRESSES_OF_STAFF: tuple[type[Press], ...] = ()
