"""Conversations with operators about composing a broadcast."""

from tipbot.bot.operating.door import Area

AREA = Area()
