"""The bot's own sentences, in every language; they may hold Telegram's HTML, and nothing here knows Telegram.

Whoever fills a placeholder escapes the value.
"""

from tipbot.texts.loading import load_texts, texts_for
from tipbot.texts.messages import Texts
from tipbot.texts.plurals import Plural

__all__ = ["Plural", "Texts", "load_texts", "texts_for"]
