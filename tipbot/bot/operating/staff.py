"""Conversations with operators about who the operators are."""

from tipbot.bot.operating.door import Area

AREA = Area()
