"""The buttons of operators for the clinic's articles, each as a value."""

from tipbot.bot.presses import Press

PRESSES_OF_ARTICLES: tuple[type[Press], ...] = ()
