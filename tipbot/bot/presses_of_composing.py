"""The buttons of operators for composing a broadcast, each as a value."""

from tipbot.bot.presses import Press

PRESSES_OF_COMPOSING: tuple[type[Press], ...] = ()
