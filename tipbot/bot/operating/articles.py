"""Conversations with operators about the clinic's articles."""

from tipbot.bot.operating.door import Area

AREA = Area()
