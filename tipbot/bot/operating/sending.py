"""Conversations with operators about a broadcast that goes out, and what can be done afterwards."""

from tipbot.bot.operating.door import Area

AREA = Area()
