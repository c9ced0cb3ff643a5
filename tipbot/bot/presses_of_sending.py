"""The buttons of operators for a broadcast that goes out, and what can be done afterwards, each as a value."""

from tipbot.bot.presses import Press

PRESSES_OF_SENDING: tuple[type[Press], ...] = ()
