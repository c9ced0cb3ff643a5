"""Conversations with operators about the numbers."""

from tipbot.bot.operating.door import Area

AREA = Area()
